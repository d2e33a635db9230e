// Package timeline keeps every person's events in order, at memory speed. Why and how: docs/adr/0008-timeline.md.
//
// # Terms
//
// A node is an identity of the graph, numbered from 1 without gaps; an event belongs to its node (its anchor) for ever. A person is a
// set of nodes and has the number of the least of them. A run is an immutable file of events that covers a range of log positions: its
// events lie in groups, one a node, a person's groups side by side. A column is one property of one event name, kept beside the runs.
// The newest events are in memory; in the background they become runs, and runs are merged. The source is where all of it is known for
// good: the warehouse and the state.
//
// # Invariants
//
//   - A person's events are ordered by (time, node, arrival).
//   - Events never move between nodes: merging and unmerging people changes which nodes are whose, nothing else.
//   - Runs cover adjoining ranges of log positions, so it is known exactly what is missing after a crash, a torn file or a flipped bit;
//     that, and no more, is read from the source again.
//   - Everything here is derived. A store of another format or currency is thrown away and built again.
//   - What a Reader gives lives in mapped memory and is good until Read returns; keep copies, not slices or texts.
//   - One goroutine at a time writes files (Store.work); what readers see changes only under Store.mu, and an old file is unmapped only
//     after that.
//
// # Files of the code
//
// store, manifest, flush, merge, build and fill are the store's life; writer, reader and sequence what others use; memory and slice
// hold events before they are written; assemble, dictionary and part write a run; files, run, sparse, bits and texts are the format;
// span braids the events of several nodes and runs into one order; people says whose a node is.
//
// # Use
//
//	s, err := timeline.Open(ctx, timeline.Options{Dir: dir, Source: timeline.FromWarehouse(w, nodes, "CNY"), Currency: "CNY", …})
//	err = s.CatchUp(ctx, applied, progress)       // once, before the first Update
//	go s.Run(ctx)
//	err = s.Want(ctx, []timeline.Column{{Event: "Order Completed", Property: "sku"}}) // never while the pipeline waits for it
//	s.Update(func(w *timeline.Writer) { w.Append(rows); w.Join(node, person); w.Reached(position) })
//	s.Read(func(r *timeline.Reader) {
//		for person := range r.Slice(from, to) {
//			q := r.Sequence(scratch, person, since)
//			…
//		}
//	})
package timeline

import (
	"context"
	"log/slog"
	"time"

	"github.com/huoshui/huoshui/internal/base/clock"
)

// Column is a property of an event, by name.
type Column struct{ Event, Property string }

// Row is an event as the timeline takes it.
type Row struct {
	Node, Time    int64 // time in microseconds since 1970 UTC
	Name, Channel string
	Amount        int64 // minor units of the pool's currency
	HasAmount     bool
	Properties    []byte // raw JSON object or nil; only the wanted columns are kept
}

// Source is where all events and people are known for good: the warehouse and the state.
type Source interface {
	// Nodes tells every node's person as of now.
	Nodes(ctx context.Context, yield func(node, person int64) error) error
	// Count is about how many events lie in the range of log positions (from, to].
	Count(ctx context.Context, from, to uint64) (int64, error)
	// Cut gives ascending positions that cut (from, to] into parts of about that many events; the last is to.
	Cut(ctx context.Context, from, to uint64, events int64) ([]uint64, error)
	// Rows gives all events in (from, to], or only those of a name, in the order in which they came. It waits until the source has them
	// all. A batch is good until yield returns.
	Rows(ctx context.Context, q Query, yield func(*Batch) error) error
}

// Query asks a source for events.
type Query struct {
	From, To   uint64 // log positions (From, To]
	Name       string // only events of this name; empty for all
	Properties bool   // with their properties
}

// Batch is some events, column by column.
type Batch struct {
	Node, Time    []int64
	Name, Channel []uint32
	Words         []string // what Name and Channel are numbers of; it only grows during one query
	Amount        []int64
	HasAmount     []bool
	Properties    [][]byte // nil if not asked for
}

// Options of a store.
type Options struct {
	// Dir holds the files; it is made if absent.
	Dir string
	// Source is read for what is missing and for new columns. Without one, the store has what it is given.
	Source Source
	// Currency is what amounts are in. A store of another currency is built again.
	Currency string
	// Columns that shall exist from the start; those that a store has are kept anyway.
	Columns []Column
	Clock   clock.Clock
	Logger  *slog.Logger
	// FlushEvents is how many events in memory become a run. 1,000,000 if 0.
	FlushEvents int
	// FlushIdle is after how long without new events memory becomes a run. 15 s if 0.
	FlushIdle time.Duration
}
