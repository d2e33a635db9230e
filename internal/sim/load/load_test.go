package load

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/base/clock"
	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/pool/event"
)

type sentEvent struct {
	MessageID, Type, Event, UserID, AnonymousID string
	Timestamp                                   time.Time
	Properties                                  struct {
		OrderID string `json:"order_id"`
	}
	Context struct{ IP string }
}

func read(t *testing.T, body []byte) []sentEvent {
	t.Helper()
	var got struct{ Batch []sentEvent }
	require.NoError(t, json.Unmarshal(body, &got))
	return got.Batch
}

func testTown() *town { return &town{templates: newTemplates("abcdefgh")} }

func moment() time.Time { return time.Date(2026, 10, 3, 4, 5, 6, 123456000, time.UTC) }

// A request is Segment JSON: 100 events of about 450 bytes, each with an id of its own, a type, a moment and an identity.
func TestBodiesAreSegmentJSON(t *testing.T) {
	t.Parallel()
	ids, orders := map[string]bool{}, map[string]bool{}
	town := testTown()
	town.people.Store(1000)
	c := newCrowd(town, steady(), 1)
	var body []byte
	total, identifies := 0, 0
	for range 200 {
		body = c.body(body, moment())
		total += len(body)
		events := read(t, body)
		require.Len(t, events, batchEvents)
		for _, e := range events {
			require.False(t, ids[e.MessageID], "message id %s twice", e.MessageID)
			ids[e.MessageID] = true
			require.LessOrEqual(t, len(e.MessageID), event.MaxID)
			require.NotZero(t, event.ParseType(e.Type))
			require.Len(t, e.AnonymousID, 36)
			require.WithinDuration(t, moment(), e.Timestamp, time.Millisecond)
			require.NotEmpty(t, e.Context.IP)
			switch e.Type {
			case "track":
				require.NotEmpty(t, e.Event)
			case "identify":
				require.NotEmpty(t, e.UserID)
				identifies++
			}
			if e.Event == event.OrderCompleted {
				require.NotEmpty(t, e.UserID, "only members buy")
				require.False(t, orders[e.Properties.OrderID], "order %s twice", e.Properties.OrderID)
				require.True(t, strings.HasSuffix(e.MessageID, e.Properties.OrderID))
				orders[e.Properties.OrderID] = true
			}
		}
		require.NotContains(t, string(body), "MMMM")
		require.NotContains(t, string(body), "TTTT")
	}
	require.InDelta(t, 450, float64(total)/float64(len(ids)), 40, "bytes an event")
	require.NotEmpty(t, orders)
	require.NotZero(t, identifies)
}

// Sessions have eight events on average; one in twenty is a newcomer's, one in a hundred joins a device nobody knew to a member.
func TestSessionsAreMixed(t *testing.T) {
	t.Parallel()
	town := testTown()
	const present, n = 100_000, 40_000
	town.people.Store(present)
	c := newCrowd(town, steady(), 2)
	blocks, newcomers, merges := 0, 0, 0
	for range n {
		s := c.next()
		blocks += s.left
		switch {
		case s.device >= secondDevices:
			merges++
			require.True(t, member(s.user))
			require.Less(t, s.user, town.people.Load())
			require.False(t, s.known, "the device is unknown at first")
			require.Equal(t, 1, s.join)
		case s.user >= present && s.join == 1:
			newcomers++
		}
	}
	require.InDelta(t, 8, float64(blocks)*blockEvents/n, 0.1)
	require.InDelta(t, 0.05*n, town.people.Load()-present, 0.05*n*0.15)
	require.InDelta(t, 0.05*n*0.7, newcomers, 0.05*n*0.15, "seven of ten newcomers register")
	require.InDelta(t, 0.01*n, merges, 0.01*n*0.3)
}

// While filling, everybody is new, and members sign in on the device on which they came.
func TestFillingBringsEverybody(t *testing.T) {
	t.Parallel()
	town := testTown()
	c := newCrowd(town, filling(), 3)
	devices, users := map[string]string{}, map[string]bool{}
	var body []byte
	for town.people.Load() < 2000 {
		body = c.body(body, moment())
		for _, e := range read(t, body) {
			if devices[e.AnonymousID] == "" {
				devices[e.AnonymousID] = e.UserID
			}
			if e.UserID != "" {
				users[e.UserID] = true
				require.Equal(t, e.UserID[1:], e.AnonymousID[len(e.AnonymousID)-9:], "the first device has the person's number")
			}
		}
	}
	require.Len(t, devices, int(town.people.Load()))
	require.InDelta(t, 0.7*float64(len(devices)), len(users), 60)
}

// The generator must be cheap, or it measures itself.
func BenchmarkBody(b *testing.B) {
	town := testTown()
	town.people.Store(1_000_000)
	c := newCrowd(town, steady(), 1)
	var body []byte
	b.ReportAllocs()
	for b.Loop() {
		body = c.body(body, moment())
	}
	b.SetBytes(int64(len(body)))
	b.ReportMetric(float64(b.N)*batchEvents/b.Elapsed().Seconds(), "events/s")
}

// The six figures have their names, and the object is one line.
func TestResultIsOneObject(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	require.NoError(t, Result{AcceptedPerS: 123456.5, AppliedPerS: 45678, VisibleP99MS: 87.5, RSSMaxMB: 901.25, People: 1_000_000, Events: 9_000_000}.Write(&out))
	require.Equal(t, 1, strings.Count(out.String(), "\n"))
	var got map[string]any
	require.NoError(t, json.Unmarshal(out.Bytes(), &got))
	for name, want := range map[string]float64{
		"accepted_per_s": 123456.5, "applied_per_s": 45678, "visible_p99_ms": 87.5, "rss_max_mb": 901.25, "people": 1_000_000, "events": 9_000_000,
	} {
		require.InDelta(t, want, got[name], 0, name)
	}
}

func TestQuantile(t *testing.T) {
	t.Parallel()
	var waits []time.Duration
	for i := range 200 {
		waits = append(waits, time.Duration(200-i)*time.Millisecond)
	}
	require.InDelta(t, 198, quantile(waits, 0.99), 0)
	require.InDelta(t, 100, quantile(waits, 0.5), 0)
	require.InDelta(t, 200, quantile(waits, 1), 0)
	require.Zero(t, quantile(nil, 0.99))
}

func options(t *testing.T) Options {
	t.Helper()
	return Options{Binary: os.Args[0], People: 700, Window: 300 * time.Millisecond, Rate: 2000, Connections: 4, Folder: t.TempDir(), Clock: clock.System{}}
}

// The whole run against a stand-in: every phase happens, overloads are sent again, nothing is counted twice, and nothing is left behind.
func TestRun(t *testing.T) {
	t.Parallel()
	o := options(t)
	got, err := Run(t.Context(), o)
	// The stand-in forgets everything when it stops, which comes after the totals.
	require.NoError(t, err)
	require.Equal(t, got.Acknowledged, got.Events)
	require.GreaterOrEqual(t, got.People, int64(700))
	require.Positive(t, got.AppliedPerS)
	require.Positive(t, got.AcceptedPerS)
	require.Positive(t, got.FillPerS)
	require.Positive(t, got.Probes)
	require.Positive(t, got.VisibleP99MS)
	require.Positive(t, got.StartMS)
	require.Positive(t, got.StartMSLoaded)
	require.Positive(t, got.Overloads)
	require.InDelta(t, 450, got.EventBytes, 40)
	left, err := os.ReadDir(o.Folder)
	require.NoError(t, err)
	require.Empty(t, left)
}

// cancelling is a writer that ends the run when a phase begins.
type cancelling struct {
	at     string
	cancel context.CancelFunc
	folder string
	pid    int
}

func (c *cancelling) Write(b []byte) (int, error) {
	if strings.HasPrefix(string(b), c.at) {
		if found, err := filepath.Glob(filepath.Join(c.folder, "*", "data", "pid")); err == nil && len(found) == 1 {
			if text, err := os.ReadFile(found[0]); err == nil {
				c.pid, _ = strconv.Atoi(string(text))
			}
		}
		c.cancel()
	}
	return len(b), nil
}

// An interrupted run says so, ends its server and removes its data.
func TestRunEndsItsServer(t *testing.T) {
	t.Parallel()
	o := options(t)
	ctx, cancel := context.WithCancel(t.Context())
	c := &cancelling{at: "accepted", cancel: cancel, folder: o.Folder}
	o.Progress = c
	_, err := Run(ctx, o)
	require.Equal(t, "bench.interrupted", fault.CodeOf(err))
	require.NotZero(t, c.pid)
	require.ErrorIs(t, syscall.Kill(c.pid, 0), syscall.ESRCH, "the server is gone")
	left, err := os.ReadDir(o.Folder)
	require.NoError(t, err)
	require.Empty(t, left)
}

// A program that is no server is an error with its last words, not a hang.
func TestRunReportsABrokenServer(t *testing.T) {
	t.Parallel()
	o := options(t)
	o.Binary = filepath.Join(o.Folder, "absent")
	_, err := Run(t.Context(), o)
	require.ErrorIs(t, err, os.ErrNotExist)
	o.Rate = 5
	_, err = Run(t.Context(), o)
	var f *fault.Error
	require.True(t, errors.As(err, &f))
	require.Equal(t, fault.Invalid, f.Kind)
}
