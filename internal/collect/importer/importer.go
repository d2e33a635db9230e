// Package importer brings files of people, events and order lines into the pool, through the same log as live events.
//
// Terms: an import is one file read with one preset, mapping and set of options; these and the file's bytes are its fingerprint. A
// batch is what one append to the log holds. The checkpoint is how many batches are in the log.
//
// Invariants. The events of an import, their order and their batches are the same each time it is run, so an import that was killed goes
// on behind its checkpoint; what was sent since the checkpoint is sent again and dropped by the pool, by its message ids. Every row of the
// file is accepted, rejected with a reason, or a duplicate of what the pool has:
//
//	rows = rejected (counted by reading) + accepted (counted by the pool, in the transaction that applied them) + duplicates
//
// An unfinished import with the same fingerprint is resumed rather than begun again. The same file once finished may be imported
// again: all its rows are duplicates then.
package importer

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"time"

	"github.com/huoshui/huoshui/internal/collect/importer/shape"
)

// State is where an import stands.
type State string

// The states.
const (
	Waiting   State = "waiting"
	Running   State = "running" // also after a kill, until it is resumed at the next start
	Done      State = "done"
	Failed    State = "failed"
	Cancelled State = "cancelled"
)

// Import is one file on its way into the pool, or arrived.
type Import struct {
	ID          int64
	Fingerprint string
	File        string // its name, as people know it
	Path        string // where its bytes are
	SHA256      string
	Preset      shape.Preset
	Mapping     shape.Mapping
	Options     shape.Options
	State       State
	Rows        int64 // read; the file's number of rows once Done
	Accepted    int64
	Rejected    int64
	Bytes       int64
	BytesDone   int64
	CreatedAt   time.Time
	StartedAt   time.Time // zero until it runs
	FinishedAt  time.Time // zero until it ends
	Author      string
	ErrorCode   string
	Error       string // what to do, if it failed

	batching int64  // the version of the batching that the checkpoint counts in
	batches  int64  // the checkpoint
	position uint64 // of the last batch in the log
}

// Duplicates are rows that the pool had already; known once the import is Done.
func (i Import) Duplicates() int64 {
	if i.State != Done {
		return 0
	}
	return max(0, i.Rows-i.Rejected-i.Accepted)
}

// Took is how long the import ran, until now if it still does.
func (i Import) Took(now time.Time) time.Duration {
	switch {
	case i.StartedAt.IsZero():
		return 0
	case !i.FinishedAt.IsZero():
		now = i.FinishedAt
	}
	return max(0, now.Sub(i.StartedAt))
}

// StartInput asks for an import. The file is either an uploaded one or a path on this machine.
type StartInput struct {
	FileID  string // of an upload
	Path    string // of a file on this machine
	Preset  shape.Preset
	Mapping *shape.Mapping // nil: guessed from the header
	Options shape.Options  // what is empty is taken from the pool's settings, the time layout from the file
	Author  string
}

// batchingVersion is the version of how events become batches. Change it with anything that changes which events are in which batch.
const batchingVersion = 1

// batching names everything that decides which events are in which batch, beside the import itself. An import that was interrupted under
// another one starts its batches again, and the pool drops the repeated events.
func (s *Service) batching() (int64, error) {
	kinds, err := json.Marshal(s.o.Kinds().All())
	if err != nil {
		return 0, err
	}
	h := fnv.New64a()
	_, _ = fmt.Fprintf(h, "%d %d %s %s", batchingVersion, maxBatch, s.o.Version, kinds) // a hash takes everything
	return int64(h.Sum64() >> 1), nil
}
