package shape_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/collect/importer/shape"
	"github.com/huoshui/huoshui/internal/collect/importer/sheet"
	"github.com/huoshui/huoshui/internal/pool/identity"
)

var update = flag.Bool("update", false, "write what the cases give into their files")

// TestCases reads testdata/cases: each file holds, in parts that begin with "-- name --", a file to import, how to import it
// ("preset", and options as key=value), perhaps a mapping as JSON, and what it must become. Without a mapping it is guessed; the part
// "guess" then shows the guess.
func TestCases(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob("testdata/cases/*.txt")
	require.NoError(t, err)
	require.NotEmpty(t, paths)
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txt"), func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(path)
			require.NoError(t, err)
			parts := cut(string(text))
			parts = becomes(t, parts)
			got := join(parts)
			if *update {
				require.NoError(t, os.WriteFile(path, []byte(got), 0o600))
			}
			require.Equal(t, string(text), got)
		})
	}
}

type part struct{ name, text string }

func cut(text string) []part {
	var parts []part
	for _, line := range strings.SplitAfter(text, "\n") {
		if name, ok := strings.CutPrefix(strings.TrimSpace(line), "-- "); ok && strings.HasSuffix(name, " --") {
			parts = append(parts, part{name: strings.TrimSuffix(name, " --")})
			continue
		}
		if len(parts) > 0 {
			parts[len(parts)-1].text += line
		}
	}
	return parts
}

func join(parts []part) string {
	var b strings.Builder
	for _, p := range parts {
		fmt.Fprintf(&b, "-- %s --\n%s", p.name, p.text)
	}
	return b.String()
}

func text(parts []part, name string) string {
	for _, p := range parts {
		if p.name == name {
			return p.text
		}
	}
	return ""
}

// becomes runs a case and puts what came out into its parts.
func becomes(t *testing.T, parts []part) []part {
	t.Helper()
	path := write(t, text(parts, "file"))
	seen, rows := beginning(t, path)
	guess := shape.GuessFrom(seen, rows)
	var o shape.Options
	for word := range strings.FieldsSeq(text(parts, "import")) {
		key, value, has := strings.Cut(word, "=")
		switch key {
		case "currency":
			o.Currency = value
		case "zone":
			o.TimeZone = value
		case "layout":
			o.TimeLayout = value
		case "name":
			o.EventName = value
		case "region":
			o.Region = value
		default:
			require.False(t, has, "option %s", key)
			p, err := shape.ParsePreset(key)
			require.NoError(t, err)
			if p != guess.Preset {
				guess = shape.GuessAs(p, seen, rows)
			}
		}
	}
	mapping := guess.Mapping
	out := slices.DeleteFunc(slices.Clone(parts), func(p part) bool {
		return p.name == "guess" || p.name == "events" || p.name == "rejects" || p.name == "error"
	})
	if given := text(parts, "mapping"); given != "" {
		mapping = shape.Mapping{}
		require.NoError(t, mapping.UnmarshalJSON([]byte(given)))
	} else {
		encoded, err := mapping.MarshalJSON()
		require.NoError(t, err)
		out = append(out, part{"guess", fmt.Sprintf("%s %s %s\n", guess.Preset, guess.Options.TimeLayout, encoded)})
	}
	if o.TimeLayout == "" {
		o.TimeLayout = guess.Options.TimeLayout
	}
	sink := &kept{}
	open := func() (*sheet.Reader, error) { return sheet.Open(path, sheet.Options{}) }
	_, err := shape.Run(t.Context(), open, func(r *sheet.Reader) (*shape.Plan, error) {
		return shape.NewPlan(guess.Preset, mapping, o, r, identity.NewKinds(), now)
	}, shape.Limits{TempDir: t.TempDir()}, sink)
	if err != nil {
		return append(out, part{"error", err.Error() + "\n"})
	}
	var events, rejects strings.Builder
	for i := range sink.events {
		events.WriteString(show(&sink.events[i]) + "\n")
	}
	for _, r := range sink.rejects {
		fmt.Fprintf(&rejects, "%d | %s | %s | %s\n", r.line, r.why.Code, r.why.Reason, strings.ReplaceAll(strings.Join(r.row, "·"), "\n", "⏎"))
	}
	return append(out, part{"events", events.String()}, part{"rejects", rejects.String()})
}

func beginning(t *testing.T, path string) (columns []string, rows [][]string) {
	t.Helper()
	r, err := sheet.Open(path, sheet.Options{})
	require.NoError(t, err)
	for {
		row, err := r.Next()
		if err != nil {
			break
		}
		rows = append(rows, slices.Clone(row.Cells))
	}
	require.NoError(t, r.Close())
	return r.Columns(), rows
}
