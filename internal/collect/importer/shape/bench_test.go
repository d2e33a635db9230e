package shape_test

import (
	"testing"

	"github.com/huoshui/huoshui/internal/collect/importer/shape"
	"github.com/huoshui/huoshui/internal/collect/importer/sheet"
	"github.com/huoshui/huoshui/internal/pool/identity"
)

func benchRun(b *testing.B, path string) {
	b.Helper()
	open := func() (*sheet.Reader, error) { return sheet.Open(path, sheet.Options{}) }
	rows, err := shape.Run(b.Context(), open, func(r *sheet.Reader) (*shape.Plan, error) {
		g := shape.GuessAs(shape.OrderLines, r.Columns(), nil)
		return shape.NewPlan(shape.OrderLines, g.Mapping, shape.Options{Currency: "GBP", Region: "GB"}, r, identity.NewKinds(), now)
	}, shape.Limits{TempDir: b.TempDir()}, &discard{})
	if err != nil || rows != 541909 {
		b.Fatal(rows, err)
	}
}
