package segment_test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/base/clock"
	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/collect/reject"
	"github.com/huoshui/huoshui/internal/collect/segment"
	"github.com/huoshui/huoshui/internal/pool/event"
	"github.com/huoshui/huoshui/internal/pool/identity"
)

const writeKey = "hs_wk_good"

func start() time.Time { return time.Date(2026, 10, 1, 8, 0, 0, 0, time.UTC) }

// memoryLog is a log that keeps what was appended, or refuses.
type memoryLog struct {
	mu     sync.Mutex
	bodies [][]byte
	err    error
}

func (l *memoryLog) Append(_ context.Context, bodies ...[]byte) (uint64, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.err != nil {
		return 0, l.err
	}
	for _, b := range bodies {
		l.bodies = append(l.bodies, slices.Clone(b))
	}
	return uint64(len(l.bodies)), nil
}

func (l *memoryLog) events(t testing.TB) []event.Event {
	t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	var all []event.Event
	var err error
	for _, b := range l.bodies {
		all, err = event.Decode(all, b)
		require.NoError(t, err)
	}
	return all
}

// memoryRejects keeps what was refused.
type memoryRejects struct {
	mu    sync.Mutex
	items []reject.Item
	err   error
}

func (r *memoryRejects) Put(_ context.Context, items []reject.Item) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.err != nil {
		return r.err
	}
	for _, i := range items {
		i.Body, i.Envelope = slices.Clone(i.Body), slices.Clone(i.Envelope)
		r.items = append(r.items, i)
	}
	return nil
}

func (r *memoryRejects) codes() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	codes := make([]string, 0, len(r.items))
	for _, i := range r.items {
		codes = append(codes, i.Reason.Code)
	}
	return codes
}

// kinds are the identity kinds of a pool in China.
type kinds struct{ identity.Kinds }

func (k kinds) Known(kind string) bool {
	_, ok := k.Find(kind)
	return ok
}

func (k kinds) Normal(kind, value string) (string, error) {
	return identity.Normalize(kind, value, "CN")
}

func (k kinds) FromTraits(traits []byte) ([]event.Identity, []string) {
	return k.Kinds.FromTraits(traits, "CN")
}

// world is an intake and what is around it.
type world struct {
	in      *segment.Intake
	log     *memoryLog
	rejects *memoryRejects
	clock   *clock.Manual
}

func newWorld(tb testing.TB, change ...func(*segment.Options)) *world {
	tb.Helper()
	w := &world{log: &memoryLog{}, rejects: &memoryRejects{}, clock: clock.NewManual(start())}
	set := kinds{identity.NewKinds()}
	o := segment.Options{
		Log: w.log, Rejects: w.rejects, Clock: w.clock, Logger: slog.New(slog.DiscardHandler),
		Kinds: func() segment.Kinds { return set },
		WriteKey: func(_ context.Context, secret string) (int64, error) {
			switch {
			case secret == writeKey:
				return 7, nil
			case secret == "hs_wk_other":
				return 8, nil
			case strings.HasPrefix(secret, "broken"):
				return 0, errors.New("the key store cannot be read")
			}
			return 0, fault.New(fault.NotSignedIn, "auth.write_key", "the write key is not known")
		},
	}
	for _, c := range change {
		c(&o)
	}
	w.in = segment.New(o)
	return w
}
