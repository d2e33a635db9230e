package insight

import (
	"context"

	"github.com/RoaringBitmap/roaring/v2/roaring64"

	"github.com/huoshui/huoshui/internal/pool/roster"
	"github.com/huoshui/huoshui/internal/pool/rule"
)

// Plan is what a query needs, ready.
type Plan struct {
	desk   *Desk
	need   Need
	wheres []*rule.Where // by step; nil for none
	people roster.Bits   // nil: everybody
	bitmap *roaring64.Bitmap
	count  int64
	views  []*View // of the last Scan
}

// Plan readies what a question needs: names are checked, columns made, people narrowed. Faults name the place in the query.
func (d *Desk) Plan(ctx context.Context, r *Run, n Need) (*Plan, error) {
	return d.plan(ctx, r, n)
}

// People are those whom the question is about; nil is everybody. It is not the caller's to change.
func (p *Plan) People() *roaring64.Bitmap { return p.bitmap }

// Count is how many people the question is about.
func (p *Plan) Count() int64 { return p.count }

// Has says whether the question is about a person.
func (p *Plan) Has(person int64) bool { return p.people == nil || p.people.Has(person) }

func (d *Desk) plan(_ context.Context, _ *Run, n Need) (*Plan, error) {
	return &Plan{desk: d, need: n}, nil
}
