package timeline

import (
	"context"
	"iter"

	"github.com/huoshui/huoshui/internal/pool/event"
)

// Store is an open timeline, safe for concurrent use.
type Store struct{}

// Open maps what is there. What is torn, damaged or of another format is dropped; NeedsRebuild tells.
func Open(ctx context.Context, o Options) (*Store, error) { return &Store{}, nil }

// NeedsRebuild says that something is missing below Durable (all of it, for a store that was dropped), which CatchUp reads again.
func (s *Store) NeedsRebuild() bool { return false }

// Close lets the files go. Flush before, or the newest events come from the source at the next start.
func (s *Store) Close() error { return nil }

// Durable is the log position up to which everything is on disk.
func (s *Store) Durable() uint64 { return 0 }

// Reached is the log position up to which everything is here, on disk or in memory.
func (s *Store) Reached() uint64 { return 0 }

// Update changes the store. Readers wait meanwhile, so hold it for a batch and no longer.
func (s *Store) Update(fn func(w *Writer)) {}

// Read looks into the store. Writers wait meanwhile, so hold it for some thousand people and no longer.
func (s *Store) Read(fn func(r *Reader)) {}

// Flush makes a run of everything in memory.
func (s *Store) Flush(ctx context.Context) error { return nil }

// Run makes runs of what is in memory when there is enough or some time has passed, and merges runs, until ctx ends; then it flushes.
func (s *Store) Run(ctx context.Context) error { return nil }

// CatchUp reads from the source what the store lacks up to a position, and all nodes; afterwards Reached is that position. Call it
// once after Open, before the first Update.
func (s *Store) CatchUp(ctx context.Context, upTo uint64, progress func(done, total int64)) error {
	return nil
}

// Want makes columns exist: new events fill them from now on, older ones are filled from the source while Update goes on. It returns
// when they are complete.
func (s *Store) Want(ctx context.Context, cols []Column) error { return nil }

// Writer changes a store inside Update.
type Writer struct{}

// Append adds events. Their nodes need not be known yet; events of a node that was never joined belong to nobody.
func (w *Writer) Append(rows []Row) {}

// Join says whose a node is now: fresh, merged or unmerged.
func (w *Writer) Join(node, person int64) {}

// Erase forgets a person: the nodes and all their events.
func (w *Writer) Erase(person int64) {}

// Reached says that everything up to this log position is in.
func (w *Writer) Reached(position uint64) {}

// Reader is what Update has just changed.
func (w *Writer) Reader() *Reader { return &Reader{} }

// Reader looks into a store inside Read.
type Reader struct{}

// Count is the number of people.
func (r *Reader) Count() int { return 0 }

// End is one more than the greatest person id: people are in [1, End).
func (r *Reader) End() int64 { return 0 }

// People goes through all people by id.
func (r *Reader) People() iter.Seq[int64] { return r.Slice(0, r.End()) }

// Slice goes through the people with ids in [from, to).
func (r *Reader) Slice(from, to int64) iter.Seq[int64] { return func(func(int64) bool) {} }

// Nodes are a person's nodes, ascending; a fresh slice.
func (r *Reader) Nodes(person int64) []int64 { return nil }

// PersonOf is whose a node is, 0 if it is nobody's.
func (r *Reader) PersonOf(node int64) int64 { return 0 }

// Name is the code of an event name; not ok if no event has it.
func (r *Reader) Name(name string) (code uint16, ok bool) { return 0, false }

// Names are all event names by code.
func (r *Reader) Names() []string { return nil }

// Channel is the code of a channel; not ok if no event has it. Code 0 is the empty channel.
func (r *Reader) Channel(name string) (code uint16, ok bool) { return 0, false }

// Channels are all channels by code.
func (r *Reader) Channels() []string { return nil }

// Col is a column's number; not ok unless it is complete. Numbers stay while the store is open.
func (r *Reader) Col(c Column) (col int, ok bool) { return 0, false }

// Sequence is a person's events since a moment (microseconds; 0 = all), in order. It is sc's until the next call with sc.
func (r *Reader) Sequence(sc *Scratch, person, from int64) *Sequence { return nil }

// Scratch is memory that Sequence uses again; one for each goroutine.
type Scratch struct{}

// NewScratch makes one.
func NewScratch() *Scratch { return &Scratch{} }

// Sequence is a person's events in order.
type Sequence struct {
	Times []int64  // microseconds, ascending
	Names []uint16 // codes of Reader.Names
}

// Len is the number of events.
func (q *Sequence) Len() int { return len(q.Times) }

// From is the first event at or after a moment, Len if there is none.
func (q *Sequence) From(at int64) int { return 0 }

// Positions are the events of one name, ascending. The index behind it is built when first asked for.
func (q *Sequence) Positions(name uint16) []uint32 { return nil }

// Channel is the channel's code of an event.
func (q *Sequence) Channel(i int) uint16 { return 0 }

// Amount is the amount of an event in minor units, if it has one.
func (q *Sequence) Amount(i int) (int64, bool) { return 0, false }

// Value is a column's value of an event; missing also if the event is of another name.
func (q *Sequence) Value(col, i int) event.Value { return event.Value{} }

// Number is a column's value if it is a number.
func (q *Sequence) Number(col, i int) (float64, bool) { return 0, false }
