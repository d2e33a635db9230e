package apply_test

import (
	"context"
	"os"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/pool/apply"
	"github.com/huoshui/huoshui/internal/pool/event"
)

// aside keeps what was set aside.
type aside struct {
	mu   sync.Mutex
	said []string
}

func (a *aside) take(_ context.Context, refused []apply.Refused) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, r := range refused {
		id := ""
		if r.Event != nil {
			id = r.Event.ID
		}
		a.said = append(a.said, id+" "+fault.CodeOf(r.Why))
	}
	return nil
}

func (a *aside) now() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return append([]string(nil), a.said...)
}

// Nothing that stands in the log stops what stands behind it, on either engine: what the pool cannot take is set aside with its reason, once,
// and a warehouse that has to be read anew from the log leaves it out as well.
func TestPoison(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, on rigOption) {
		a := &aside{}
		r := newRig(t, on, func(r *rig) { r.refuse = a.take })
		poison := map[string]func(e *event.Event){
			"nobody":     func(e *event.Event) { e.Identities = nil },
			"no text":    func(e *event.Event) { e.Identities[0].Value = "\xff\xfe" },
			"NUL":        func(e *event.Event) { e.Identities[0].Value = "a\x00b" },
			"separator":  func(e *event.Event) { e.Identities[0].Kind = "a\x1fb" },
			"long":       func(e *event.Event) { e.Identities[0].Value = string(make([]byte, 10_000)) },
			"name":       func(e *event.Event) { e.Name = "\xc3" },
			"type":       func(e *event.Event) { e.Type = 77 },
			"time":       func(e *event.Event) { e.Time = -1 << 62 },
			"far":        func(e *event.Event) { e.Time = 1<<63 - 1 },
			"properties": func(e *event.Event) { e.Properties = []byte("{\"a\":\"\xff\"}") },
			"traits": func(e *event.Event) {
				e.Type, e.Name, e.Traits = event.Identify, event.Identified, []byte("{\"a\":\"\x00\"}")
			},
			"command": func(e *event.Event) {
				e.Type, e.Name, e.Properties = event.Command, event.PeopleMerged, []byte(`{"force":"yes"}`)
			},
			"half": func(e *event.Event) {
				e.Type, e.Name, e.Properties = event.Command, event.PeopleMerged, []byte(`{"force":}`)
			},
			"quarantined": func(e *event.Event) { e.Type, e.Name, e.Properties = event.Command, event.Quarantined, []byte(`{{}`) },
		}
		n := 0
		var at uint64
		for name, spoil := range poison {
			e := track(name, 5, "u1")
			spoil(&e)
			more := crowd(n, 2)
			n += 2
			at = r.append(more[0], e, more[1])
		}
		garbage := append(event.Append(nil, &crowd(n, 1)[0]), 0x0a, 0xff, 0x7f, 1, 2, 3)
		n++
		last, err := r.log.Append(t.Context(), garbage)
		require.NoError(t, err)
		require.Greater(t, last, at)
		r.wait(last)
		r.exact(n)
		require.Len(t, a.now(), len(poison)+1, "%v", a.now())
		require.Subset(t, a.now(), []string{"nobody event.no_identity", "no text event.identity_text", "command event.properties", "time event.old_time", " event.unreadable"})

		// A warehouse that was lost is read from the log again.
		require.NoError(t, r.halt())
		require.NoError(t, r.house.Close())
		for _, suffix := range []string{"", ".wal"} {
			require.NoError(t, os.RemoveAll(r.housePath()+suffix))
		}
		r.openHouse()
		r.start()
		r.wait(last)
		r.exact(n)
		require.Len(t, a.now(), len(poison)+1, "set aside once")
	})
}

// What cannot be set aside stops the pipeline and is read again: nothing is dropped unseen.
func TestPoisonThatCannotBeKept(t *testing.T) {
	t.Parallel()
	a := &aside{}
	broken := context.Canceled
	fail := true
	r := newRig(t, func(r *rig) {
		r.refuse = func(ctx context.Context, refused []apply.Refused) error {
			if fail {
				return broken
			}
			return a.take(ctx, refused)
		}
	})
	e := track("bad", 5)
	at := r.append(crowd(0, 1)[0], e)
	require.ErrorIs(t, <-r.ended, broken)
	r.ended <- nil
	require.NoError(t, r.halt())
	fail = false
	r.start()
	r.wait(at)
	r.exact(1)
	require.Equal(t, []string{"bad event.no_identity"}, a.now())
}
