package timeline

import (
	"context"
	"fmt"
	"os"
)

// Tend does what the background does, at once.
func Tend(ctx context.Context, s *Store) error { return s.tend(ctx, true) }

// ColumnsOf are the columns that a store knows.
func ColumnsOf(s *Store) (all []Column) {
	for _, i := range s.live(len(s.columns)) {
		all = append(all, s.columns[i].Column)
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
	for _, key := range order([]part{r}, func(uint32) uint32 { return 0 }) {
		start, n := r.find(uint32(key))
		g := r.group(start, n)
		events += len(g.times()) + 0*len(g.names()) + 0*len(g.channels())
		for slot := start; slot < start+n; slot++ {
			g.amount(slot)
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

// WriteRun writes a run with an event of every node at its own number.
func WriteRun(ctx context.Context, dir, name string, nodes []uint32) error {
	m := newMemory(0, 0)
	for _, node := range nodes {
		m.add(node, int64(node), 1, 0)
	}
	a := &assembly{dir: dir, parts: []part{m}, keys: order([]part{m}, func(uint32) uint32 { return 0 })}
	r, err := a.write(ctx, name)
	if err != nil {
		return err
	}
	return r.close()
}

// Find is the times of a node in a run.
func Find(dir, name string, nodes []uint32) (found [][]int64, listed bool, err error) {
	r, err := openRun(dir, name)
	if err != nil {
		return nil, false, err
	}
	defer r.close() //nolint:errcheck // reading
	for _, node := range nodes {
		g := r.group(r.find(node))
		found = append(found, append([]int64{}, g.times()...))
	}
	return found, r.listed != nil, nil
}

// Obstruct makes the next file that the store writes fail, until the function that it gives is called.
func Obstruct(s *Store) (clear func() error, err error) {
	path := s.path(fmt.Sprintf("%08d.run.tmp", s.disk.Number+1))
	return func() error { return os.Remove(path) }, os.Mkdir(path, 0o700)
}
