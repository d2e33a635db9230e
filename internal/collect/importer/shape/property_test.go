package shape_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/huoshui/huoshui/internal/collect/importer/shape"
)

// orderLine draws a line from a small world, so that orders have several lines, equal lines, and every way to be wrong.
func orderLine(t *rapid.T) string {
	order := rapid.SampledFrom([]string{"1001", "1002", "1003", "C1001", "C2", "", "1004.0"}).Draw(t, "order")
	who := rapid.SampledFrom([]string{"7", "7.0", "7", "7", "8", "", "null"}).Draw(t, "who")
	at := rapid.SampledFrom([]string{"2024-05-01 10:00:00", "2024-05-01 09:59:59", "2024/5/2", "soon"}).Draw(t, "at")
	quantity := rapid.SampledFrom([]string{"1", "2", "0", "-1", "-3", "1.5", "x"}).Draw(t, "quantity")
	price := rapid.SampledFrom([]string{"0.335", "9.99", "0", "-1", "1,000.10", "12,5"}).Draw(t, "price")
	currency := rapid.SampledFrom([]string{"CNY", "CNY", "CNY", "", "JPY"}).Draw(t, "currency")
	name := rapid.SampledFrom([]string{"tea", "cup", "", `"a, ""b"""`}).Draw(t, "name")
	return strings.Join([]string{order, who, at, quantity, price, currency, name, rapid.SampledFrom([]string{"x", ""}).Draw(t, "note")}, ",")
}

// outcome is what a file gives with everything that depends on the order of its rows left out: a set of events and a set of refusals.
func outcome(t *testing.T, rt *rapid.T, p shape.Preset, header string, lines []string, memory int) (set []string, rows int64) {
	path := filepath.Join(t.TempDir(), "file.csv")
	require.NoError(rt, os.WriteFile(path, []byte(header+"\n"+strings.Join(lines, "\n")+"\n"), 0o600))
	o := shape.Options{Currency: "CNY", TimeZone: "Asia/Shanghai", EventName: "E", Region: "CN"}
	got, rows, err := read(t.Context(), path, p, o, shape.Limits{Memory: memory, TempDir: t.TempDir()}, nil)
	require.NoError(rt, err)
	covered := int64(len(got.rejects))
	for i := range got.events {
		covered += got.events[i].Rows
		set = append(set, show(&got.events[i]))
	}
	require.Equal(rt, rows, covered, "every row is in one event or refused")
	for _, r := range got.rejects {
		set = append(set, fmt.Sprintf("%s %s %q", r.why.Code, r.why.Reason, r.row))
	}
	slices.Sort(set)
	return set, rows
}

// TestShuffle proves that the order of the rows changes nothing, for each preset, with and without room in memory.
func TestShuffle(t *testing.T) {
	t.Parallel()
	row := func(t *rapid.T) string {
		return strings.Join([]string{
			rapid.SampledFrom([]string{"13800138000", "", "1"}).Draw(t, "phone"), rapid.SampledFrom([]string{"u1", "u2", ""}).Draw(t, "user"),
			rapid.SampledFrom([]string{"2024-05-01", "", "soon"}).Draw(t, "time"), rapid.SampledFrom([]string{"杭州", "0571", "12"}).Draw(t, "city"),
		}, ",")
	}
	for _, world := range []struct {
		preset shape.Preset
		header string
		line   func(*rapid.T) string
	}{
		{shape.OrderLines, "order_id,customer_id,time,quantity,price,currency,product_name,note", orderLine},
		{shape.People, "phone,user_id,time,city", row},
		{shape.Events, "phone,user_id,time,city", row},
	} {
		t.Run(string(world.preset), func(tt *testing.T) {
			tt.Parallel()
			rapid.Check(tt, func(t *rapid.T) {
				lines := rapid.SliceOfN(rapid.Custom(world.line), 1, 40).Draw(t, "lines")
				want, rows := outcome(tt, t, world.preset, world.header, lines, 0)
				seed := rapid.Uint64().Draw(t, "seed")
				shuffled := slices.Clone(lines)
				rand.New(rand.NewPCG(seed, 1)).Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
				got, again := outcome(tt, t, world.preset, world.header, shuffled, 64)
				require.Equal(t, rows, again)
				require.Equal(t, want, got)
			})
		})
	}
}
