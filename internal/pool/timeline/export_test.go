package timeline

import "context"

// Tend does what the background does, at once.
func Tend(ctx context.Context, s *Store) error { return s.tend(ctx, true) }

// ColumnsOf are the columns that a store knows.
func ColumnsOf(s *Store) (all []Column) {
	for _, c := range s.columns {
		all = append(all, c.Column)
	}
	return all
}

// RunsOf is how many runs a store has.
func RunsOf(s *Store) int { return len(s.runs) }

// ErrDamaged is what a wrong checksum is.
var ErrDamaged = errDamaged

// Reformat makes the manifest of a store one of another format.
func Reformat(dir string) error {
	m, err := readManifest(dir)
	if err != nil {
		return err
	}
	m.Format++
	return m.write(dir)
}

// OpenRun opens a file as a run, checks it and reads it all.
func OpenRun(dir, name string) (events int, err error) {
	r, err := openRun(dir, name)
	if err != nil {
		return 0, err
	}
	defer r.close() //nolint:errcheck // reading
	if err := r.file.check(); err != nil {
		return 0, err
	}
	for i := range r.nodes.words {
		for bit := range uint32(64) {
			start, n := r.find(r.least + uint32(i)*64 + bit)
			g := r.group(start, n)
			events += len(g.times()) + 0*len(g.names()) + 0*len(g.channels())
			for slot := start; slot < start+n; slot++ {
				g.amount(slot)
			}
		}
	}
	return events, nil
}

// OpenColumn opens a file as a column of so many events, checks it and reads it all.
func OpenColumn(dir, name string, events uint32) error {
	c, err := openColumn(dir, name, events)
	if err != nil {
		return err
	}
	defer c.file.close() //nolint:errcheck // reading
	if err := c.file.check(); err != nil {
		return err
	}
	g := group{run: &run{columns: []*column{c}}}
	for slot := range events {
		g.value(0, slot)
	}
	return nil
}
