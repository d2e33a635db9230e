package importer_test

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/base/state/statetest"
	"github.com/huoshui/huoshui/internal/collect/importer"
	"github.com/huoshui/huoshui/internal/pool/event"
	"github.com/huoshui/huoshui/internal/pool/identity"
)

// world is a log and the pool behind it: it keeps what is appended, drops repeated ids and counts rows by import, as the real ones do.
type world struct {
	mu       sync.Mutex
	appends  int
	sent     int // events, repeated ones too
	events   map[string]event.Event
	accepted map[int64]int64
	before   func(n int) error // called before append n
}

func newWorld() *world { return &world{events: map[string]event.Event{}, accepted: map[int64]int64{}} }

func (w *world) Append(_ context.Context, bodies ...[]byte) (uint64, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.appends++
	if w.before != nil {
		if err := w.before(w.appends); err != nil {
			return 0, err
		}
	}
	for _, b := range bodies {
		events, err := event.Decode(nil, append([]byte(nil), b...))
		if err != nil {
			return 0, err
		}
		for _, e := range events {
			w.sent++
			if _, known := w.events[e.ID]; !known {
				w.events[e.ID] = e
				w.accepted[e.Import] += e.Rows
			}
		}
	}
	return uint64(w.appends), nil
}

func (w *world) Wait(context.Context, uint64) error { return nil }

func (w *world) Accepted(_ context.Context, id int64) (int64, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.accepted[id], nil
}

// ticking is a clock on which every look takes a while, so that checkpoints happen without waiting for them.
type ticking struct {
	mu   sync.Mutex
	now  time.Time
	step time.Duration
}

func (c *ticking) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(c.step)
	return c.now
}

func service(t *testing.T, db *state.DB, w *world, dir string, step time.Duration) *importer.Service {
	t.Helper()
	s, err := importer.New(t.Context(), importer.Dependencies{
		State: db, Log: w, Pool: w, Dir: dir, Logger: slog.New(slog.DiscardHandler), MaxUpload: 1 << 20,
		Kinds: func() identity.Kinds { return identity.NewKinds() },
		Defaults: func() importer.Defaults {
			return importer.Defaults{Currency: "CNY", TimeZone: "Asia/Shanghai", Region: "CN"}
		},
		Clock: &ticking{now: statetest.Start(), step: step},
	})
	require.NoError(t, err)
	return s
}

func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	return path
}

// orderFile has n orders of two lines and one line without a customer for each tenth.
func orderFile(n int) string {
	var b strings.Builder
	b.WriteString("order_id,order_time,customer_id,product_name,quantity,price\n")
	filler := strings.Repeat("茶", 700) // so that a few orders make a batch
	for i := range n {
		no, day := itoa(100000+i), itoa(10+i%18)
		b.WriteString(no + ",2024-05-" + day + " 10:00:00," + itoa(1+i%97) + "," + filler + ",2,9.99\n")
		b.WriteString(no + ",2024-05-" + day + " 10:00:00," + itoa(1+i%97) + ",杯,1,20\n")
		if i%10 == 0 {
			b.WriteString(no + ",2024-05-" + day + " 10:00:00,,杯,1,20\n")
		}
	}
	return b.String()
}

// peopleFile has n rows that are all of different people, then one row twice.
func peopleFile(n int) string {
	var b strings.Builder
	b.WriteString("user_id,name,note\n")
	filler := strings.Repeat("水", 700)
	for i := range n {
		b.WriteString("u" + itoa(i) + ",李" + itoa(i) + "," + filler + "\n")
	}
	b.WriteString("same,王,\nsame,王,\n,nobody,\n")
	return b.String()
}

// data is a file of the folder with real data beside the repository.
func data(t testing.TB, name string) string {
	t.Helper()
	dir, err := os.Getwd()
	require.NoError(t, err)
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		require.NotEqual(t, dir, filepath.Dir(dir), "no go.mod above the test")
		dir = filepath.Dir(dir)
	}
	path := filepath.Join(dir, "..", "shared", "data", name)
	_, err = os.Stat(path)
	require.NoError(t, err, "this test needs the real data: put %s into the folder ../shared/data beside the repository", name)
	return path
}
