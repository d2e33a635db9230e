package insight

import (
	"context"
	"encoding/json"

	"github.com/RoaringBitmap/roaring/v2/roaring64"

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
	// Run answers. It plans first, so that a query can be checked without being answered.
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

// Chinese and English are the two ways to Say.
func Chinese(zh, _ string) string { return zh }

// English says the English one.
func English(_, en string) string { return en }

// kind is a Kind without its types.
type kind struct {
	name   string
	ask    func(ctx context.Context, raw json.RawMessage, id string) (Result[json.RawMessage], error)
	check  func(ctx context.Context, raw json.RawMessage) error
	table  func(ctx context.Context, raw json.RawMessage, say Say) (Result[json.RawMessage], Table, error)
	behind func(ctx context.Context, raw, of json.RawMessage) (*roaring64.Bitmap, error)
	routes func(api *httpapi.API)
}

// Register makes a kind known to the desk. Call it before Desk.Routes.
func Register[Q, A, Of any](d *Desk, k Kind[Q, A, Of]) {
	a := &asker[Q, A, Of]{d: d, k: k}
	d.kinds = append(d.kinds, &kind{name: k.Name, ask: a.ask, check: a.check, table: a.table, behind: a.byName, routes: a.routes})
}

// Kinds are the names of all kinds of questions.
func (d *Desk) Kinds() []string {
	names := make([]string, len(d.kinds))
	for i, k := range d.kinds {
		names[i] = k.name
	}
	return names
}

// Ask answers a query by its kind: {"kind":"funnel", …}. For boards, commands and scripts.
func (d *Desk) Ask(ctx context.Context, raw json.RawMessage) (Result[json.RawMessage], error) {
	return d.askAs(ctx, raw, "")
}

func (d *Desk) askAs(ctx context.Context, raw json.RawMessage, id string) (Result[json.RawMessage], error) {
	k, err := d.kindOf(raw)
	if err != nil {
		return Result[json.RawMessage]{}, err
	}
	return k.ask(ctx, raw, id)
}

// Check looks whether a query by its kind could be answered now: its fields, days, people and names. Nothing is counted.
func (d *Desk) Check(ctx context.Context, raw json.RawMessage) error {
	k, err := d.kindOf(raw)
	if err != nil {
		return err
	}
	return k.check(ctx, raw)
}

// Tabulate answers a query by its kind, and gives the answer as rows too. A kind without rows gives none.
func (d *Desk) Tabulate(ctx context.Context, raw json.RawMessage, say Say) (Result[json.RawMessage], Table, error) {
	k, err := d.kindOf(raw)
	if err != nil {
		return Result[json.RawMessage]{}, Table{}, err
	}
	return k.table(ctx, raw, say)
}

// Behind gives the people behind a number of the answer to a query by its kind. Nobody else has the set.
func (d *Desk) Behind(ctx context.Context, raw, of json.RawMessage) (*roaring64.Bitmap, error) {
	k, err := d.kindOf(raw)
	if err != nil {
		return nil, err
	}
	return k.behind(ctx, raw, of)
}

func (d *Desk) kindOf(raw json.RawMessage) (*kind, error) {
	var head struct {
		Kind string `json:"kind"`
	}
	if err := json.Unmarshal(raw, &head); err != nil {
		return nil, malformed(err)
	}
	for _, k := range d.kinds {
		if k.name == head.Kind {
			return k, nil
		}
	}
	return nil, unknownKind(head.Kind, d.Kinds())
}
