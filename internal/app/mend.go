package app

import (
	"context"
	"errors"
	"fmt"

	"github.com/huoshui/huoshui/internal/base/actor"
	"github.com/huoshui/huoshui/internal/base/audit"
	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/pool/apply"
)

// MendLog makes a pool usable again whose event log lost its end: the log goes on behind what was read from it. People, team, keys and
// settings are not touched. It says where the log ended and where it goes on; they are equal if nothing was lost.
func MendLog(ctx context.Context, o Options) (ended, now uint64, err error) {
	a, err := openStores(ctx, o)
	if err != nil {
		return 0, 0, err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	if ended, err = a.log.Last(ctx); err != nil {
		return 0, 0, err
	}
	read, err := apply.Read(ctx, a.state, a.warehouse, a.dir.Join("seen"))
	if err != nil || read <= ended {
		return ended, ended, err
	}
	trail, err := audit.New(ctx, a.state)
	if err != nil {
		return 0, 0, err
	}
	ctx = actor.With(ctx, actor.Itself())
	err = a.state.InTx(ctx, func(tx *state.Tx) error {
		return trail.Record(ctx, tx, "log.mend", "event log", map[string]any{"from": ended, "to": read})
	})
	if err != nil {
		return 0, 0, fmt.Errorf("note that the event log is mended: %w", err)
	}
	if err := a.log.Fill(ctx, read); err != nil {
		return 0, 0, err
	}
	return ended, read, nil
}
