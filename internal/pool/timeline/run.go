package timeline

import (
	"errors"
	"path/filepath"
	"slices"
)

// Sections of a run.
const (
	secMeta     = 1
	secNodes    = 2 // a bitmap of nodes from the least one on, or the nodes themselves
	secNodeRank = 3 // only beside a bitmap
	secStarts   = 4 // by rank of node: its first event
	secLengths  = 5 // by rank of node: its number of events
	secTimes    = 6
	secNames    = 7
	secChannels = 8
	secAmounts  = 16
	secColumn   = 16 // of a column's file
)

// Numbers in a run's first section.
const (
	metaEvents = iota
	metaGroups
	metaFrom
	metaTo
	metaStamp
	metaLeast
	metaGreatest
	metaListed // 1: the nodes are a list
	metas
)

// run is an immutable file of events, mapped.
type run struct {
	file     *file
	name     string
	size     int64
	from, to uint64 // log positions (from, to]
	stamp    uint64 // number of the last erasure when it was written
	events   uint32

	least    uint32   // node
	nodes    bitmap   // nodes - least
	listed   []uint32 // the nodes instead, if they are few and far apart
	starts   []uint32
	lengths  []uint32
	times    []int64
	names    []uint16
	channels []uint16
	amounts  *sparse
	columns  []*column // by column number; nil if it has none yet
}

// hollow is a range of log positions without events; it has no file.
func hollow(from, to uint64) *run { return &run{from: from, to: to, amounts: &sparse{kind: ofAmounts}} }

// column is one property of a run's events, a file of its own.
type column struct {
	file   *file
	name   string
	size   int64
	values *sparse
}

// openRun maps a run. Its directory is checked, the rest by file.check.
func openRun(dir, name string) (_ *run, err error) {
	f, err := openFile(filepath.Join(dir, name), kindRun)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, f.close())
		}
	}()
	if err := f.check(secMeta, secNodes, secNodeRank, secStarts, secLengths, secAmounts+secPresent, secAmounts+secRanks); err != nil {
		return nil, err
	}
	r := &run{file: f, name: name, size: int64(len(f.data))}
	if err := r.read(); err != nil {
		return nil, err
	}
	return r, nil
}

func (r *run) read() error {
	meta, err := view[uint64](r.file, secMeta)
	if err != nil || len(meta) != metas || meta[metaEvents] >= 1<<32 || meta[metaGreatest] >= 1<<32 || meta[metaLeast] > meta[metaGreatest] || meta[metaFrom] > meta[metaTo] {
		return errDamaged
	}
	r.from, r.to, r.stamp, r.events, r.least = meta[metaFrom], meta[metaTo], meta[metaStamp], uint32(meta[metaEvents]), uint32(meta[metaLeast])
	var errs [5]error
	r.starts, errs[0] = view[uint32](r.file, secStarts)
	r.lengths, errs[1] = view[uint32](r.file, secLengths)
	r.times, errs[2] = view[int64](r.file, secTimes)
	r.names, errs[3] = view[uint16](r.file, secNames)
	r.channels, errs[4] = view[uint16](r.file, secChannels)
	n, groups := int(r.events), meta[metaGroups]
	if errors.Join(errs[:]...) != nil || len(r.times) != n || len(r.names) != n || len(r.channels) != n ||
		uint64(len(r.starts)) != groups || uint64(len(r.lengths)) != groups {
		return errDamaged
	}
	if err := r.readNodes(meta); err != nil {
		return err
	}
	for i, start := range r.starts {
		if uint64(start)+uint64(r.lengths[i]) > uint64(n) {
			return errDamaged
		}
	}
	r.amounts, err = readSparse(r.file, secAmounts, meta[metaEvents], ofAmounts)
	return err
}

func (r *run) readNodes(meta []uint64) (err error) {
	span := meta[metaGreatest] - meta[metaLeast] + 1
	if meta[metaListed] == 0 {
		if r.nodes.words, err = view[uint64](r.file, secNodes); err != nil {
			return err
		}
		if r.nodes.ranks, err = view[uint32](r.file, secNodeRank); err != nil {
			return err
		}
		if ones, ok := r.nodes.sound(span); !ok || uint64(ones) != meta[metaGroups] {
			return errDamaged
		}
		return nil
	}
	list, err := view[uint32](r.file, secNodes)
	if err != nil || uint64(len(list)) != meta[metaGroups] {
		return errDamaged
	}
	for i, node := range list {
		if uint64(node) < meta[metaLeast] || uint64(node) > meta[metaGreatest] || i > 0 && node <= list[i-1] {
			return errDamaged
		}
	}
	if span > widest {
		r.listed = list
		return nil
	}
	// A bitmap takes little memory and answers faster than a search.
	r.nodes = newBitmap(int(span))
	for _, node := range list {
		r.nodes.set(node - r.least)
	}
	r.nodes.count()
	return nil
}

// widest is how far apart the nodes of a small run may be for a bitmap in memory: 2 MB of it.
const widest = 1 << 24

// find is where a node's events are.
func (r *run) find(node uint32) (start, n uint32) {
	if r.listed != nil {
		at, ok := slices.BinarySearch(r.listed, node)
		if !ok {
			return 0, 0
		}
		return r.starts[at], r.lengths[at]
	}
	i := node - r.least
	if w := int(i >> 6); w >= len(r.nodes.words) || r.nodes.words[w]>>(i&63)&1 == 0 {
		return 0, 0
	}
	at := r.nodes.rank(i)
	return r.starts[at], r.lengths[at]
}

// addNodes adds the nodes to a bitmap.
func (r *run) addNodes(into []uint64) {
	for _, node := range r.listed {
		into[node>>6] |= 1 << (node & 63)
	}
	first, shift := r.least>>6, r.least&63
	for i, w := range r.nodes.words {
		at := first + uint32(i)
		into[at] |= w << shift
		if rest := w >> (64 - shift); shift != 0 && rest != 0 {
			into[at+1] |= rest
		}
	}
}

func (r *run) greatest() uint32 {
	if n := len(r.listed); n > 0 {
		return r.listed[n-1]
	}
	return r.least + uint32(len(r.nodes.words)*64)
}

// column is a column of the run, nil if it has none yet.
func (r *run) column(i int) *column {
	if i < len(r.columns) {
		return r.columns[i]
	}
	return nil
}

func (r *run) setColumn(i int, c *column) {
	for len(r.columns) <= i {
		r.columns = append(r.columns, nil)
	}
	r.columns[i] = c
}

func (r *run) close() error {
	errs := []error{r.file.close()}
	for _, c := range r.columns {
		if c != nil {
			errs = append(errs, c.file.close())
		}
	}
	return errors.Join(errs...)
}

// openColumn maps a column of a run of so many events.
func openColumn(dir, name string, events uint32) (*column, error) {
	f, err := openFile(filepath.Join(dir, name), kindColumn)
	if err != nil {
		return nil, err
	}
	c := &column{file: f, name: name, size: int64(len(f.data))}
	err = f.check(secMeta, secColumn+secPresent, secColumn+secRanks, secColumn+secEnds)
	if err == nil {
		var meta []uint64
		if meta, err = view[uint64](f, secMeta); err == nil && (len(meta) != 2 || meta[0] != uint64(events)) {
			err = errDamaged
		}
		if err == nil {
			c.values, err = readSparse(f, secColumn, meta[0], meta[1])
		}
	}
	if err != nil {
		return nil, errors.Join(err, f.close())
	}
	return c, nil
}
