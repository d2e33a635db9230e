package insight

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/RoaringBitmap/roaring/v2/roaring64"
)

// asker is a Kind at its desk.
type asker[Q, A, Of any] struct {
	d *Desk
	k Kind[Q, A, Of]
}

// read reads a query by its kind's types.
func (a *asker[Q, A, Of]) read(raw json.RawMessage) (Q, error) {
	var q Q
	err := decode(raw, &q)
	return q, err
}

// settle looks at a query by itself. It gives the query with its defaults filled in, and the days.
func (a *asker[Q, A, Of]) settle(ctx context.Context, q *Q) (from, to string, err error) {
	c := a.k.Common(q)
	if c.Kind != "" && c.Kind != a.k.Name {
		return "", "", Invalid("insight.kind_unknown", "kind", "this is a question of kind %q, asked where %q is answered", c.Kind, a.k.Name)
	}
	c.Kind = a.k.Name
	r, err := a.d.Range(c.Span)
	if err != nil {
		return "", "", err
	}
	if a.k.Check != nil {
		if err := a.k.Check(ctx, q); err != nil {
			return "", "", err
		}
	}
	return r.From.Format(time.DateOnly), r.To.Format(time.DateOnly), nil
}

// answer answers a query, or gives the answer that was made before if nothing has changed since. id is the client's name for the run.
func (a *asker[Q, A, Of]) answer(ctx context.Context, q Q, id string) (Result[A], error) {
	var out Result[A]
	from, to, err := a.settle(ctx, &q)
	if err != nil {
		return out, err
	}
	key := a.key(q, from, to)
	if found, ok := a.d.kept.answer(key); ok && !a.k.Fresh {
		if out, ok = found.(Result[A]); ok {
			out.Kept = true
			return out, nil
		}
	}
	began := a.d.Now()
	out = Result[A]{Kind: a.k.Name, From: from, To: to, At: began}
	err = a.run(ctx, id, func(ctx context.Context, r *Run) (err error) {
		out.Answer, err = a.k.Run(ctx, r, q)
		out.People = r.about()
		return err
	})
	if err != nil {
		return out, err
	}
	out.TookMS = float64(a.d.Now().Sub(began).Microseconds()) / 1000
	if !a.k.Fresh && key == a.key(q, from, to) { // nothing came meanwhile
		a.d.kept.keepAnswer(key, out)
	}
	return out, nil
}

// behind gives the people behind a number.
func (a *asker[Q, A, Of]) behind(ctx context.Context, q Q, of Of, id string) (*roaring64.Bitmap, error) {
	if _, _, err := a.settle(ctx, &q); err != nil {
		return nil, err
	}
	var people *roaring64.Bitmap
	err := a.run(ctx, id, func(ctx context.Context, r *Run) (err error) {
		people, err = a.k.People(ctx, r, q, of)
		return err
	})
	if err == nil && people == nil {
		people = roaring64.New()
	}
	return people, err
}

// byName gives the people behind a number of a query by name.
func (a *asker[Q, A, Of]) byName(ctx context.Context, raw, rawOf json.RawMessage) (*roaring64.Bitmap, error) {
	q, err := a.read(raw)
	if err != nil {
		return nil, err
	}
	if a.k.People == nil {
		return nil, Invalid("insight.no_people", "of", "the numbers of a %s have no people behind them", a.k.Name)
	}
	var of Of
	if err := decode(rawOf, &of); err != nil {
		return nil, err
	}
	return a.behind(ctx, q, of, "")
}

// run runs fn as a run.
func (a *asker[Q, A, Of]) run(ctx context.Context, id string, fn func(ctx context.Context, r *Run) error) error {
	ctx, r, leave, err := a.d.runs.enter(ctx, a.k.Name, id)
	if err != nil {
		return err
	}
	defer leave()
	if err := safely(func() error { return fn(ctx, r) }); err != nil {
		return ended(ctx, err)
	}
	return ended(ctx, ctx.Err()) // what came of a run that was cancelled is not to be trusted
}

// check looks whether a query can be answered, as far as that is known before anything is counted.
func (a *asker[Q, A, Of]) check(ctx context.Context, raw json.RawMessage) error {
	q, err := a.read(raw)
	if err != nil {
		return err
	}
	if _, _, err := a.settle(ctx, &q); err != nil {
		return err
	}
	if _, err := a.d.rule(ctx, a.k.Common(&q).People); err != nil {
		return err
	}
	ctx, cancel := context.WithCancelCause(context.WithValue(ctx, runKey{}, true))
	defer cancel(nil)
	err = safely(func() error {
		_, err := a.k.Run(ctx, &Run{clock: a.d.o.Clock, cancel: cancel, only: true}, q)
		return err
	})
	if errors.Is(context.Cause(ctx), errChecked) || errors.Is(err, errChecked) {
		return nil
	}
	return err
}

// table is the answer as rows.
func (a *asker[Q, A, Of]) table(ctx context.Context, raw json.RawMessage, say Say) (Result[json.RawMessage], Table, error) {
	q, err := a.read(raw)
	if err != nil {
		return Result[json.RawMessage]{}, Table{}, err
	}
	got, err := a.answer(ctx, q, "")
	if err != nil {
		return Result[json.RawMessage]{}, Table{}, err
	}
	var t Table
	if a.k.Table != nil {
		if _, _, err := a.settle(ctx, &q); err != nil {
			return Result[json.RawMessage]{}, Table{}, err
		}
		t = a.k.Table(q, got.Answer, say)
	}
	out, err := untyped(got)
	return out, t, err
}

// ask answers a query by name.
func (a *asker[Q, A, Of]) ask(ctx context.Context, raw json.RawMessage, id string) (Result[json.RawMessage], error) {
	q, err := a.read(raw)
	if err != nil {
		return Result[json.RawMessage]{}, err
	}
	got, err := a.answer(ctx, q, id)
	if err != nil {
		return Result[json.RawMessage]{}, err
	}
	return untyped(got)
}

func untyped[A any](r Result[A]) (Result[json.RawMessage], error) {
	text, err := json.Marshal(r.Answer)
	if err != nil {
		return Result[json.RawMessage]{}, fmt.Errorf("write the answer as JSON: %w", err)
	}
	return Result[json.RawMessage]{Kind: r.Kind, From: r.From, To: r.To, People: r.People, At: r.At, TookMS: r.TookMS, Kept: r.Kept, Answer: text}, nil
}

// key names an answer: the query and everything on which the answer stands.
func (a *asker[Q, A, Of]) key(q Q, from, to string) string {
	stored := uint64(0)
	if a.d.o.Stored != nil {
		stored = a.d.o.Stored()
	}
	text, err := json.Marshal(struct {
		Query           Q
		Kind            string
		From, To, Today string
		Zone, Currency  string
		Reached, Stored uint64
		Version         int64
	}{
		q, a.k.Name, from, to, a.d.Today().Format(time.DateOnly), a.d.Zone().String(), a.d.Currency(), a.d.o.Timeline.Reached(), stored, a.d.o.Engine.Version(),
	})
	if err != nil {
		panic(err) // queries come from JSON
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}
