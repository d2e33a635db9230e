package timeline

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
)

// part is where a new run's events come from: a run, or memory that is frozen.
type part interface {
	find(node uint32) (start, n uint32)
	group(start, n uint32) group
	// addNodes adds the nodes to a bitmap, which is long enough.
	addNodes(into []uint64)
	greatest() uint32
	source(column int) valueSource
	lastErasure() uint64
	positions() (from, to uint64)
}

// valueSource is a sparse column of a part.
type valueSource interface {
	// total is how many of n events from a place on have a value.
	total(start, n uint32) uint32
	// copyTo writes the values of n events from a place on.
	copyTo(w *sparseWriter, start, n uint32, recode []uint32)
	// each gives the values of n events from a place on.
	each(start, n uint32, do func(packed uint64))
	text(code uint32) string
	// summary says how many texts there are, and without looking at every value what those are; not ok if that is not known.
	summary() (k kinds, texts int, ok bool)
}

// assembly is the making of one run from parts that follow each other.
type assembly struct {
	dir    string
	parts  []part
	keys   []uint64 // person<<32 | node: the order of the groups
	erased erasures // as of the beginning
	// columns to write, by number; nil for those that a part lacks.
	columns []int

	events  uint64
	amounts *sparsePlan
	plans   []*sparsePlan
	nodes   bitmap
	least   uint32
}

// sparsePlan is one column of an assembly.
type sparsePlan struct {
	number  int
	sources []valueSource
	texts   textPlan
	kinds   kinds
	count   uint32
	kind    uint64

	w    *sparseWriter
	file *fileWriter
	name string
}

var errTooLarge = errors.New("a run has at most 4,294,967,295 events")

// groups calls do for every group of a node that counts.
func (a *assembly) groups(node uint32, do func(i int, p part, start, n uint32)) {
	for i, p := range a.parts {
		if start, n := p.find(node); n > 0 && !a.erased.hides(node, p.lastErasure()) {
			do(i, p, start, n)
		}
	}
}

// plan counts what there will be.
func (a *assembly) plan() error {
	a.amounts = &sparsePlan{kind: ofAmounts, number: amountsCol}
	for _, c := range a.columns {
		a.plans = append(a.plans, &sparsePlan{number: c})
	}
	all := append([]*sparsePlan{a.amounts}, a.plans...)
	for _, pl := range all {
		for _, p := range a.parts {
			pl.sources = append(pl.sources, p.source(pl.number))
		}
	}
	greatest := uint32(0)
	a.least = ^uint32(0)
	kept := a.keys[:0]
	for _, key := range a.keys {
		node := uint32(key)
		before := a.events
		a.groups(node, func(i int, _ part, start, n uint32) {
			a.events += uint64(n)
			for _, pl := range all {
				pl.count += pl.sources[i].total(start, n)
			}
		})
		if a.events > before {
			kept = append(kept, key)
			a.least, greatest = min(a.least, node), max(greatest, node)
		}
	}
	if a.keys = kept; len(kept) == 0 {
		a.least = 0
	}
	if a.events >= 1<<32 {
		return errTooLarge
	}
	a.nodes = newBitmap(int(greatest-a.least) + 1)
	for _, key := range a.keys {
		a.nodes.set(uint32(key) - a.least)
	}
	a.nodes.count()
	for _, pl := range a.plans {
		pl.plan(a)
	}
	return nil
}

func (pl *sparsePlan) plan(a *assembly) {
	lists := make([]textList, len(a.parts))
	for i, src := range pl.sources {
		k, n, ok := src.summary()
		if ok && a.parts[i].lastErasure() >= a.erased.last {
			pl.kinds.join(k)
			lists[i] = textList{src: src, n: n}
			continue
		}
		// Something may be erased, and then its texts have to go too: look at each value.
		used := newBitmap(n)
		for _, key := range a.keys {
			start, n := a.parts[i].find(uint32(key))
			if n == 0 || a.erased.hides(uint32(key), a.parts[i].lastErasure()) {
				continue
			}
			src.each(start, n, func(packed uint64) {
				pl.kinds.add(packed)
				if kind, code := unbox(packed); isBoxed(packed) && hasText(kind) {
					used.set(code)
				}
			})
		}
		lists[i] = listOf(src, used)
	}
	pl.kind = pl.kinds.kind()
	pl.texts = mergeTexts(lists)
}

// write writes the run and its columns; stamp is the number of the last erasure that it honours.
func (a *assembly) write(ctx context.Context, name string) (_ *run, err error) {
	if err := a.plan(); err != nil {
		return nil, err
	}
	f, err := createFile(filepath.Join(a.dir, name), kindRun)
	if err != nil {
		return nil, err
	}
	open, done := []*fileWriter{f}, []string{}
	defer func() {
		if err != nil {
			for _, f := range open {
				err = errors.Join(err, f.abort())
			}
			for _, path := range done {
				err = errors.Join(err, os.Remove(path))
			}
		}
	}()
	n := uint32(a.events)
	a.writeHead(f)
	starts, lengths := f.section(secStarts, int64(len(a.keys))*4), f.section(secLengths, int64(len(a.keys))*4)
	times, names, channels := f.section(secTimes, int64(n)*8), f.section(secNames, int64(n)*2), f.section(secChannels, int64(n)*2)
	a.amounts.w = newSparseWriter(f, secAmounts, n, a.amounts.count, ofAmounts)
	for _, pl := range a.plans {
		pl.name = columnName(name, pl.number)
		if pl.file, err = createFile(filepath.Join(a.dir, pl.name), kindColumn); err != nil {
			return nil, err
		}
		open = append(open, pl.file)
		pl.begin(n)
	}
	at, err := a.copyGroups(ctx, times, names, channels)
	if err != nil {
		return nil, err
	}
	starts.add(raw(at.starts))
	lengths.add(raw(at.lengths))
	for _, pl := range append([]*sparsePlan{a.amounts}, a.plans...) {
		if pl.w != nil {
			pl.w.present.finish()
		}
	}
	for len(open) > 0 {
		f := open[0]
		open = open[1:]
		if err := f.finish(); err != nil {
			return nil, err
		}
		done = append(done, f.path)
	}
	return a.open(name)
}

func columnName(runName string, number int) string { return fmt.Sprintf("%s.%d", runName, number) }

func (a *assembly) open(name string) (*run, error) {
	r, err := openRun(a.dir, name)
	if err != nil {
		return nil, err
	}
	r.file.checked = true // just written
	for _, pl := range a.plans {
		c, err := openColumn(a.dir, pl.name, r.events)
		if err != nil {
			return nil, errors.Join(err, r.close())
		}
		c.file.checked = true
		r.setColumn(pl.number, c)
	}
	return r, nil
}

// listedBelow is how sparse nodes are when a list of them is smaller than a bitmap.
const listedBelow = 28

func (a *assembly) writeHead(f *fileWriter) {
	meta := make([]uint64, metas)
	meta[metaEvents], meta[metaGroups], meta[metaStamp], meta[metaLeast] = a.events, uint64(len(a.keys)), a.erased.last, uint64(a.least)
	meta[metaFrom], _ = a.parts[0].positions()
	_, meta[metaTo] = a.parts[len(a.parts)-1].positions()
	span := 64 * len(a.nodes.words)
	meta[metaGreatest] = uint64(a.least)
	nodes := make([]uint32, 0, len(a.keys))
	for _, key := range a.keys {
		nodes = append(nodes, uint32(key))
		meta[metaGreatest] = max(meta[metaGreatest], uint64(uint32(key)))
	}
	if span < listedBelow*len(a.keys) {
		f.put(secMeta, raw(meta))
		f.put(secNodes, raw(a.nodes.words))
		f.put(secNodeRank, raw(a.nodes.ranks))
		return
	}
	meta[metaListed] = 1
	slices.Sort(nodes)
	f.put(secMeta, raw(meta))
	f.put(secNodes, raw(nodes))
}

func (pl *sparsePlan) begin(events uint32) {
	pl.file.put(secMeta, raw([]uint64{uint64(events), pl.kind}))
	pl.w = newSparseWriter(pl.file, secColumn, events, pl.count, pl.kind)
	pl.texts.write(pl.file, secColumn)
}

type directory struct{ starts, lengths []uint32 }

// copyGroups writes the events group by group and says where each group is, by rank of its node.
func (a *assembly) copyGroups(ctx context.Context, times, names, channels *sectionWriter) (directory, error) {
	d := directory{make([]uint32, len(a.keys)), make([]uint32, len(a.keys))}
	sparse := []*sparsePlan{}
	for _, pl := range append([]*sparsePlan{a.amounts}, a.plans...) {
		if pl.w != nil {
			sparse = append(sparse, pl)
		}
	}
	var b braid
	var groups []group
	var pieces [][]int64
	var from []int // part of each
	at := uint32(0)
	for done, key := range a.keys {
		if done%4096 == 0 && ctx.Err() != nil {
			return d, ctx.Err()
		}
		node := uint32(key)
		groups, pieces, from = groups[:0], pieces[:0], from[:0]
		a.groups(node, func(i int, p part, start, n uint32) {
			g := p.group(start, n)
			groups, pieces, from = append(groups, g), append(pieces, g.times()), append(from, i)
		})
		b.begin(pieces)
		begin := at
		for {
			which, lo, hi, ok := b.next()
			if !ok {
				break
			}
			g := &groups[which]
			times.add(raw(pieces[which][lo:hi]))
			names.add(raw(g.names()[lo:hi]))
			channels.add(raw(g.channels()[lo:hi]))
			for _, pl := range sparse {
				i := from[which]
				pl.sources[i].copyTo(pl.w, g.start+lo, hi-lo, pl.texts.code(i))
			}
			at += hi - lo
		}
		rank := a.nodes.rank(node - a.least)
		d.starts[rank], d.lengths[rank] = begin, at-begin
	}
	return d, nil
}
