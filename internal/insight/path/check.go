package path

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/huoshui/huoshui/internal/insight"
)

const (
	maxSteps     = 10
	defaultSteps = 5
	defaultShare = 0.02
	mostGap      = 366 * 24 * time.Hour
)

// check looks at a query and fills in defaults.
func check(_ context.Context, q *Query) error {
	if q.Direction == "" {
		q.Direction = After
	}
	if q.Which == "" {
		q.Which = First
	}
	if q.Steps == 0 {
		q.Steps = defaultSteps
	}
	if q.MinShare == nil {
		share := defaultShare
		q.MinShare = &share
	}
	switch {
	case q.Direction != After && q.Direction != Before:
		return insight.Invalid("insight.path_direction", "direction", "look after the event or before it, not %q", q.Direction)
	case !slices.Contains([]Which{First, Last, Every}, q.Which):
		return insight.Invalid("insight.path_which", "which", "paths begin at the first or last event of each person, or at every one, not at %q", q.Which)
	case q.Steps < 1 || q.Steps > maxSteps:
		return insight.Invalid("insight.path_steps", "steps", "follow 1 to %d events", maxSteps)
	case *q.MinShare < 0 || *q.MinShare > 0.5:
		return insight.Invalid("insight.path_share", "min_share", "the smallest share lies between 0 and 0.5")
	}
	if _, ok := parseGap(q.Gap); !ok {
		return insight.Invalid("insight.path_gap", "gap", "a pause is a number of minutes, hours or days, such as 30m, 12h or 7d, and a year at most")
	}
	if i := slices.Index(q.Without, q.Anchor.Event); i >= 0 && q.Anchor.Event != "" {
		return insight.Invalid("insight.path_without", "without["+strconv.Itoa(i)+"]", "paths begin with %q: it cannot be left out", q.Anchor.Event)
	}
	return nil
}

// parseGap reads "30m", "12h" or "7d"; nothing is no gap.
func parseGap(text string) (time.Duration, bool) {
	if text == "" {
		return 0, true
	}
	if len(text) < 2 || strings.HasPrefix(text, "+") {
		return 0, false
	}
	units := map[byte]time.Duration{'m': time.Minute, 'h': time.Hour, 'd': 24 * time.Hour}
	unit, ok := units[text[len(text)-1]]
	n, err := strconv.Atoi(text[:len(text)-1])
	if !ok || err != nil || n < 1 || n > int(mostGap/unit) {
		return 0, false
	}
	return time.Duration(n) * unit, true
}
