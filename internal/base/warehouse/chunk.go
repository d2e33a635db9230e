package warehouse

import (
	"fmt"
	"runtime"
	"strings"
	"unicode/utf8"
	"unsafe"

	bindings "github.com/duckdb/duckdb-go-bindings"
)

// rowColumns is how many columns event_row has, in the order of fill.
const rowColumns = 17

// writer appends rows to event_row as whole chunks of columns. DuckDB's own way takes every value through an interface and every text
// through its allocator, which is a third of what storing an event costs.
//
// Texts of more than 12 bytes lie in an arena of ours while DuckDB copies a chunk; it is pinned meanwhile, and DuckDB keeps none of it.
type writer struct {
	appender bindings.Appender
	chunk    bindings.DataChunk
	arena    []byte
	pinned   runtime.Pinner
}

// newWriter begins to append on a connection. Close it in any case.
func newWriter(c bindings.Connection) (*writer, error) {
	w := &writer{}
	if bindings.AppenderCreate(c, "", "event_row", &w.appender) == bindings.StateError {
		err := fmt.Errorf("begin to append: %s", bindings.AppenderError(w.appender))
		bindings.AppenderDestroy(&w.appender)
		return nil, err
	}
	if n := bindings.AppenderColumnCount(w.appender); n != rowColumns {
		bindings.AppenderDestroy(&w.appender)
		return nil, fmt.Errorf("begin to append: the table has %d columns, %d are known", n, rowColumns)
	}
	types := make([]bindings.LogicalType, rowColumns)
	for i := range types {
		types[i] = bindings.AppenderColumnType(w.appender, bindings.IdxT(i)) //nolint:gosec // few
	}
	w.chunk = bindings.CreateDataChunk(types)
	for i := range types {
		bindings.DestroyLogicalType(&types[i])
	}
	return w, nil
}

// append takes rows, however many.
func (w *writer) append(rows []Row) error {
	size := int(bindings.VectorSize()) //nolint:gosec // 2048
	for len(rows) > 0 {
		n := min(len(rows), size)
		if err := w.appendChunk(rows[:n]); err != nil {
			return err
		}
		rows = rows[n:]
	}
	return nil
}

func (w *writer) appendChunk(rows []Row) error {
	defer w.pinned.Unpin()
	w.reserve(rows)
	bindings.DataChunkReset(w.chunk)
	w.fill(rows)
	bindings.DataChunkSetSize(w.chunk, bindings.IdxT(len(rows))) //nolint:gosec // at most 2048
	if bindings.AppendDataChunk(w.appender, w.chunk) == bindings.StateError {
		return fmt.Errorf("append rows: %s", bindings.AppenderError(w.appender))
	}
	runtime.KeepAlive(w.arena)
	return nil
}

// close flushes and gives everything back.
func (w *writer) close() error {
	var err error
	if bindings.AppenderClose(w.appender) == bindings.StateError {
		err = fmt.Errorf("append rows: %s", bindings.AppenderError(w.appender))
	}
	bindings.DestroyDataChunk(&w.chunk)
	bindings.AppenderDestroy(&w.appender)
	return err
}

// reserve makes the arena large enough for all texts of the rows, so that it stays where it is while they are written.
func (w *writer) reserve(rows []Row) {
	n := 1
	for i := range rows {
		r := &rows[i]
		n += len(r.Name) + len(r.ID) + len(r.Channel) + len(r.Class) + len(r.Currency) + len(r.Properties) + len(r.Traits) + len(r.Context)
	}
	if cap(w.arena) < n {
		w.arena = make([]byte, 0, n+n/4)
	}
	w.arena = w.arena[:0]
	w.pinned.Pin(&w.arena[:1][0])
}

func (w *writer) fill(rows []Row) {
	anchor, who := numbers[int64](w, 0), numbers[int64](w, 1)
	at, received := numbers[int64](w, 2), numbers[int64](w, 3)
	kind, source, from := numbers[uint8](w, 4), numbers[int64](w, 7), numbers[int64](w, 8)
	amount, position := numbers[int64](w, 11), numbers[uint64](w, 16)
	amounts := w.nullable(11)
	for i := range rows {
		r := &rows[i]
		anchor[i], who[i], at[i], received[i] = r.Anchor, r.Person, r.Time, r.Received
		kind[i], source[i], from[i], position[i] = r.Type, r.Source, r.Import, r.Position
		if amount[i] = r.Amount; r.Currency == "" {
			amounts.clear(i)
		}
	}
	names, ids, channels, classes := w.texts(5), w.texts(6), w.texts(9), w.texts(10)
	for i := range rows {
		r := &rows[i]
		w.put(&names[i], r.Name)
		w.put(&ids[i], r.ID)
		w.put(&channels[i], r.Channel)
		w.put(&classes[i], r.Class)
	}
	currency, hasCurrency := w.texts(12), w.nullable(12)
	properties, hasProperties := w.texts(13), w.nullable(13)
	traits, hasTraits := w.texts(14), w.nullable(14)
	context, hasContext := w.texts(15), w.nullable(15)
	for i := range rows {
		r := &rows[i]
		w.putOr(&currency[i], hasCurrency, i, r.Currency)
		w.putOr(&properties[i], hasProperties, i, view(r.Properties))
		w.putOr(&traits[i], hasTraits, i, view(r.Traits))
		w.putOr(&context[i], hasContext, i, view(r.Context))
	}
}

// view is bytes as text, without a copy.
func view(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) } //nolint:gosec // nobody changes b

// text is DuckDB's string_t: up to 12 bytes within, else the first four and where the whole is.
type text struct {
	size  uint32
	short [4]byte
	rest  [8]byte
}

func (w *writer) put(t *text, s string) {
	if !utf8.ValidString(s) { // DuckDB takes our word for it
		s = strings.ToValidUTF8(s, "\uFFFD")
	}
	*t = text{size: uint32(len(s))} //nolint:gosec // an event is at most some kilobytes
	if len(s) <= 12 {
		copy(unsafe.Slice(&t.short[0], 12), s) //nolint:gosec // short and rest lie side by side
		return
	}
	copy(t.short[:], s)
	var place *byte
	if at := len(w.arena); len(s) <= cap(w.arena)-at {
		w.arena = append(w.arena, s...)
		place = &w.arena[at]
	} else { // a text that was mended may be longer than what was reserved
		own := []byte(s)
		place = &own[0]
		w.pinned.Pin(place)
	}
	*(*uintptr)(unsafe.Pointer(&t.rest)) = uintptr(unsafe.Pointer(place)) //nolint:gosec // pinned
}

func (w *writer) putOr(t *text, has mask, i int, s string) {
	if s == "" {
		*t = text{}
		has.clear(i)
		return
	}
	w.put(t, s)
}

func (w *writer) vector(column int) bindings.Vector {
	return bindings.DataChunkGetVector(w.chunk, bindings.IdxT(column)) //nolint:gosec // few
}

func numbers[T any](w *writer, column int) []T {
	return unsafe.Slice((*T)(bindings.VectorGetData(w.vector(column))), bindings.VectorSize()) //nolint:gosec // a vector has room for so many
}

func (w *writer) texts(column int) []text { return numbers[text](w, column) }

// mask says which rows of a column have a value, a bit each.
type mask []uint64

// nullable makes all rows of a column present.
func (w *writer) nullable(column int) mask {
	v := w.vector(column)
	bindings.VectorEnsureValidityWritable(v)
	m := mask(unsafe.Slice((*uint64)(bindings.VectorGetValidity(v)), bindings.VectorSize()/64)) //nolint:gosec // a bit for each row
	for i := range m {
		m[i] = ^uint64(0)
	}
	return m
}

func (m mask) clear(i int) { m[i/64] &^= 1 << (i % 64) }
