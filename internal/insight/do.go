package insight

import "context"

// Do runs fn as a run that nobody asked for over HTTP: a room's own work, such as a nightly calculation. It is seen among the runs and can be
// cancelled there.
func (d *Desk) Do(ctx context.Context, kind string, fn func(ctx context.Context, r *Run) error) error {
	ctx, r, leave, err := d.runs.enter(ctx, kind, "")
	if err != nil {
		return err
	}
	defer leave()
	if err := safely(func() error { return fn(ctx, r) }); err != nil {
		return ended(ctx, err)
	}
	return ended(ctx, ctx.Err())
}
