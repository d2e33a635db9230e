package insight

import (
	"context"
	"encoding/json"

	"github.com/RoaringBitmap/roaring/v2/roaring64"

	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/httpapi"
)

// Kind is one kind of question: Q is its query, A its answer, Of says a number of the answer.
type Kind[Q, A, Of any] struct {
	Name    string // in addresses and queries, such as "funnel"
	Summary string // what it answers, one line, for the API's description
	// Common is the part that all queries share, for the hall.
	Common func(*Q) *Common
	// Check looks at the query by itself and fills in defaults. Optional. Span, people and names are checked elsewhere: the span before this,
	// people and names in Plan.
	Check func(ctx context.Context, q *Q) error
	// Run answers.
	Run func(ctx context.Context, r *Run, q Q) (A, error)
	// People is who is behind a number. nil if numbers have no people.
	People func(ctx context.Context, r *Run, q Q, of Of) (*roaring64.Bitmap, error)
	// Table is the answer as rows, for CSV. nil if there is none.
	Table func(q Q, a A, say Say) Table
	// Fresh says that answers depend on more than events, people and day: none is kept.
	Fresh bool
}

// Say picks the reader's language.
type Say func(zh, en string) string

// kind is a Kind without its types.
type kind struct {
	name   string
	ask    func(ctx context.Context, raw json.RawMessage, id string) (Result[json.RawMessage], error)
	routes func(api *httpapi.API)
	csv    func(ctx context.Context, raw json.RawMessage, say Say) (Table, error)
}

// Register makes a kind known to the desk. Call it before Desk.Routes.
func Register[Q, A, Of any](d *Desk, k Kind[Q, A, Of]) {
	d.kinds = append(d.kinds, erase(d, k))
}

func (d *Desk) kindOf(raw json.RawMessage) (*kind, error) {
	var head struct {
		Kind string `json:"kind"`
	}
	if err := json.Unmarshal(raw, &head); err != nil {
		return nil, fault.Wrap(err, fault.Malformed, "insight.malformed", "a query is one JSON object")
	}
	for _, k := range d.kinds {
		if k.name == head.Kind {
			return k, nil
		}
	}
	return nil, unknownKind(head.Kind, d.Kinds())
}
