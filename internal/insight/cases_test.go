package insight_test

import (
	"testing"

	"github.com/huoshui/huoshui/internal/insight"
	"github.com/huoshui/huoshui/internal/insight/insighttest"
)

// The hall's promises, as an operator can read them: days, futures, merges, conditions, people, breakdowns, and what is refused.
func TestCases(t *testing.T) {
	t.Parallel()
	insighttest.Cases(t, "testdata/*.txt", func(d *insight.Desk) { insight.Register(d, tally(d, nil)) })
}
