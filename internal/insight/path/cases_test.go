package path_test

import (
	"testing"

	"github.com/huoshui/huoshui/internal/insight"
	"github.com/huoshui/huoshui/internal/insight/insighttest"
	"github.com/huoshui/huoshui/internal/insight/path"
)

// The cases in testdata, which an operator can read and add to.
func TestCases(t *testing.T) {
	t.Parallel()
	insighttest.Cases(t, "testdata/*.txt", func(d *insight.Desk) { path.Register(d) })
}
