package insight

import (
	"github.com/huoshui/huoshui/internal/base/clock"
)

type runs struct{ clock clock.Clock }

func newRuns(c clock.Clock) *runs { return &runs{clock: c} }
