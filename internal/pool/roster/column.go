package roster

import "github.com/huoshui/huoshui/internal/pool/event"

// Column is one value per person.
type Column struct {
	codes   []uint32 // by person; 0 is missing
	values  []event.Value
	index   map[event.Value]uint32
	tidy    int            // with so many values it is time to forget those that nobody has any more
	touched map[int64]bool // while a scan fills the column: whose value is newer than the scan
}

const fewValues = 1024

func newColumn() *Column {
	return &Column{values: []event.Value{{}}, index: map[event.Value]uint32{}, tidy: fewValues, touched: map[int64]bool{}}
}

// At is a person's value.
func (c *Column) At(person int64) event.Value {
	if c == nil || person < 0 || person >= int64(len(c.codes)) {
		return event.Value{}
	}
	return c.values[c.codes[person]]
}

// put takes in a change.
func (c *Column) put(person int64, v event.Value) {
	if c.touched != nil {
		c.touched[person] = true
	}
	c.set(person, v)
}

// load takes in what a scan found.
func (c *Column) load(person int64, v event.Value) {
	if !c.touched[person] {
		c.set(person, v)
	}
}

func (c *Column) set(person int64, v event.Value) {
	if v.Kind == event.Missing {
		if person < int64(len(c.codes)) {
			c.codes[person] = 0
		}
		return
	}
	code, ok := c.index[v]
	if !ok {
		if len(c.values) >= c.tidy {
			c.forget()
		}
		code = uint32(len(c.values))
		c.values = append(c.values, v)
		c.index[v] = code
	}
	c.codes = reach(c.codes, person)
	c.codes[person] = code
}

// forget drops the values that nobody has any more: a trait such as a balance has ever new ones.
func (c *Column) forget() {
	now := make([]uint32, len(c.values))
	values := []event.Value{{}}
	for i, code := range c.codes {
		if code == 0 {
			continue
		}
		if now[code] == 0 {
			now[code] = uint32(len(values))
			values = append(values, c.values[code])
		}
		c.codes[i] = now[code]
	}
	c.values = values
	c.index = make(map[event.Value]uint32, len(values))
	for i, v := range values[1:] {
		c.index[v] = uint32(i + 1)
	}
	c.tidy = max(fewValues, 2*len(values))
}

// reach makes a list long enough to have a place i, with room to grow.
func reach[T any](list []T, i int64) []T {
	if i < int64(len(list)) {
		return list
	}
	if i < int64(cap(list)) {
		return list[:i+1]
	}
	longer := make([]T, i+1, (i+1)+(i+1)/4+64)
	copy(longer, list)
	return longer
}
