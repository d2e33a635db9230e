package apply

import (
	"context"

	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/base/warehouse"
	"github.com/huoshui/huoshui/internal/pool/identity"
	"github.com/huoshui/huoshui/internal/pool/person"
)

// Change is what one batch did to the pool.
type Change struct {
	Rows     []warehouse.Row // the events, with the people as they are after the batch
	Moves    []identity.Move // nodes that are now somebody else's, or new (Before 0)
	Fresh    []person.Node   // new nodes
	People   []person.Now    // everybody whose row was written
	Gone     []int64         // people that are no more
	Position uint64          // the log position that the batch reaches
}

// Follower keeps something in step with the people, such as who is in which segment.
type Follower interface {
	// Follow is called in the batch's transaction, after identities and people were stored. An error ends the pipeline and takes the whole
	// batch back.
	Follow(ctx context.Context, tx *state.Tx, c Change) error
	// Committed is called when the transaction was committed.
	Committed(c Change)
}
