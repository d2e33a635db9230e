package shape_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/collect/importer/shape"
	"github.com/huoshui/huoshui/internal/collect/importer/sheet"
	"github.com/huoshui/huoshui/internal/pool/event"
	"github.com/huoshui/huoshui/internal/pool/identity"
)

// now is the moment of every import in these tests: 2026-10-01 04:00 UTC.
const now = 1790827200000000

// kept is a sink that keeps everything.
type kept struct {
	events  []event.Event
	rejects []rejected
}

type rejected struct {
	line int64
	why  shape.Reject
	row  []string
}

func (k *kept) Event(e *event.Event) error {
	all, err := event.Decode(nil, event.Append(nil, e)) // a copy, through the stored form
	k.events = append(k.events, all...)
	return err
}

func (k *kept) Reject(line int64, why shape.Reject, cells []string) error {
	k.rejects = append(k.rejects, rejected{line, why, append([]string(nil), cells...)})
	return nil
}

func (k *kept) Read(int64) error { return nil }

func (k *kept) codes() map[string]int {
	n := map[string]int{}
	for _, r := range k.rejects {
		n[r.why.Code]++
	}
	return n
}

// read runs a file through a preset with the mapping that is guessed, after change had its say.
func read(ctx context.Context, path string, p shape.Preset, o shape.Options, limits shape.Limits, change func(*shape.Mapping)) (*kept, int64, error) {
	out := &kept{}
	rows, err := readTo(ctx, path, p, o, limits, change, out)
	return out, rows, err
}

func readTo(ctx context.Context, path string, p shape.Preset, o shape.Options, limits shape.Limits, change func(*shape.Mapping), out shape.Sink) (int64, error) {
	open := func() (*sheet.Reader, error) { return sheet.Open(path, sheet.Options{}) }
	return shape.Run(ctx, open, func(r *sheet.Reader) (*shape.Plan, error) {
		g := shape.GuessAs(p, r.Columns(), nil)
		if change != nil {
			change(&g.Mapping)
		}
		return shape.NewPlan(p, g.Mapping, o, r, identity.NewKinds(), now)
	}, limits, out)
}

func write(t testing.TB, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	return path
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

// show is an event as one line of text.
func show(e *event.Event) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s | %s | %s | rows %d", e.ID, e.Name, stamp(e.Time), e.Rows)
	for _, i := range e.Identities {
		fmt.Fprintf(&b, " | %s=%s", i.Kind, i.Value)
	}
	if len(e.Properties) > 0 {
		fmt.Fprintf(&b, " | properties %s", e.Properties)
	}
	if len(e.Traits) > 0 {
		fmt.Fprintf(&b, " | traits %s", e.Traits)
	}
	if len(e.Context) > 0 {
		fmt.Fprintf(&b, " | context %s", e.Context)
	}
	return b.String()
}
