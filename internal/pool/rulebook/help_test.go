package rulebook_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/base/calendar"
	"github.com/huoshui/huoshui/internal/pool/ruletest"
	"github.com/huoshui/huoshui/internal/pool/standing"
)

func days(t testing.TB, from, to string) calendar.Range {
	t.Helper()
	r, err := calendar.ParseRange(from, to, time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC), ruletest.Zone())
	require.NoError(t, err)
	return r
}

// moved are changes: from, to, span, people, and so on.
func moved(of ...any) []standing.Moved {
	var out []standing.Moved
	for ; len(of) > 0; of = of[4:] {
		from, _ := of[0].(string)
		to, _ := of[1].(string)
		slot, _ := of[2].(int)
		people, _ := of[3].(int)
		out = append(out, standing.Moved{From: from, To: to, Slot: slot, People: int64(people)})
	}
	return out
}
