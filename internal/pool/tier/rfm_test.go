package tier_test

import (
	"compress/gzip"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/huoshui/huoshui/internal/base/httpapi/apitest"
	"github.com/huoshui/huoshui/internal/base/warehouse"
	"github.com/huoshui/huoshui/internal/pool/event"
	"github.com/huoshui/huoshui/internal/pool/rulebook"
	"github.com/huoshui/huoshui/internal/pool/ruletest"
	"github.com/huoshui/huoshui/internal/pool/tier"
)

// dataset is where the public data sets are: HUOSHUI_DATASETS, or ../shared/data beside the repository.
func dataset(t testing.TB, name string) string {
	t.Helper()
	dir := os.Getenv("HUOSHUI_DATASETS") //nolint:forbidigo // where data lies is the test machine's business
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "..", "shared", "data")
	}
	path := filepath.Join(dir, name)
	_, err := os.Stat(path)
	require.NoError(t, err, "put the folder of public data sets at ../shared/data beside the repository, or name it in HUOSHUI_DATASETS")
	return path
}

// retail are the orders of Online Retail as the preset order-lines imports them: lines with a customer, a quantity and a price make one order
// each invoice, at its first line's time, its amount rounded once. Times are the pool's. The last moment comes too.
func retail(t testing.TB) (rows []warehouse.Row, last time.Time) {
	t.Helper()
	f, err := os.Open(dataset(t, "online_retail.csv.gz"))
	require.NoError(t, err)
	defer f.Close() //nolint:errcheck // reading
	z, err := gzip.NewReader(f)
	require.NoError(t, err)
	r := csv.NewReader(z)
	_, err = r.Read()
	require.NoError(t, err)
	type order struct {
		customer, at int64
		thousandths  int64
	}
	orders := map[string]*order{}
	for {
		line, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err)
		quantity, err := strconv.ParseInt(line[3], 10, 64)
		require.NoError(t, err)
		price, err := strconv.ParseFloat(line[5], 64)
		require.NoError(t, err)
		if line[6] == "" || strings.HasPrefix(line[0], "C") || quantity <= 0 || price <= 0 {
			continue
		}
		customer, err := strconv.ParseFloat(line[6], 64)
		require.NoError(t, err)
		at, err := time.ParseInLocation("2006-01-02 15:04:05", line[4], ruletest.Zone())
		require.NoError(t, err)
		last = latest(last, at)
		o := orders[line[0]]
		if o == nil {
			o = &order{customer: int64(customer), at: at.UnixMicro()}
			orders[line[0]] = o
		}
		o.at = max(o.at, at.UnixMicro())
		o.thousandths += quantity * int64(price*1000+0.5)
	}
	for no, o := range orders {
		rows = append(rows, warehouse.Row{
			Anchor: o.customer, Person: o.customer, Time: o.at, Received: o.at, Type: uint8(event.Track), Name: event.OrderCompleted, ID: no,
			Amount: (o.thousandths + 5) / 10, Currency: "CNY", Position: 1,
		})
	}
	return rows, last.UTC()
}

func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// The published RFM of a real shop: means, medians and quartiles to the printed digits, and its three best customers.
func TestOnlineRetail(t *testing.T) {
	t.Parallel()
	p := ruletest.SQLite(t)
	rows, last := retail(t)
	require.NoError(t, p.Warehouse.Append(t.Context(), rows, nil, 1))
	v, err := p.Tiers.RFM(t.Context(), tier.RFMInput{At: last.Add(24 * time.Hour).Format(time.RFC3339), Recency: tier.Elapsed})
	require.NoError(t, err)
	require.EqualValues(t, 4338, v.People)
	digits := func(f float64) string { return strconv.FormatFloat(f, 'f', 3, 64) }
	figures := func(s tier.Stat) string {
		return strings.Join([]string{digits(s.Mean), digits(s.Q1), digits(s.Median), digits(s.Q3)}, " ")
	}
	require.Equal(t, "92.536 18.000 51.000 142.000", figures(v.Days))
	require.Equal(t, "4.272 1.000 2.000 5.000", figures(v.Frequency))
	require.Equal(t, "2054.266 307.415 674.485 1661.740", figures(v.Monetary))
	var people int64
	for _, c := range v.Grid {
		people += c.People
	}
	require.EqualValues(t, 4338, people)

	best, total, err := p.Tiers.Cell(t.Context(), tier.RFMInput{At: last.Add(24 * time.Hour).Format(time.RFC3339), Recency: tier.Elapsed}, 0, 0, 0, 5000)
	require.NoError(t, err)
	require.EqualValues(t, 4338, total)
	slices.SortFunc(best, func(a, b tier.RFMRow) int { return int(b.Monetary - a.Monetary) })
	var top []string
	for _, b := range best[:3] {
		top = append(top, fmt.Sprintf("%d R%d F%d %.2f", b.Person, b.Recency, b.Frequency, b.Monetary))
	}
	// The first one's last order is of 2011-12-08 12:12, two days and 38 minutes before the moment: the same count that gives the means above.
	require.Equal(t, []string{"14646 R2 F73 280206.02", "18102 R1 F60 259657.30", "17450 R8 F46 194550.79"}, top)
}

// Quantiles against the definition: h = (n-1)q, linear between neighbours.
func TestQuantile(t *testing.T) {
	t.Parallel()
	require.Zero(t, tier.Quantile(nil, 0.5))
	require.InDelta(t, 3.25, tier.Quantile([]float64{1, 2, 3, 4}, 0.75), 1e-12)
	rapid.Check(t, func(t *rapid.T) {
		list := rapid.SliceOfN(rapid.Float64Range(-1e6, 1e6), 1, 50).Draw(t, "list")
		slices.Sort(list)
		q := rapid.Float64Range(0, 1).Draw(t, "q")
		got := tier.Quantile(list, q)
		below, above := 0, 0
		for _, v := range list {
			if v < got-1e-6 {
				below++
			}
			if v > got+1e-6 {
				above++
			}
		}
		n := float64(len(list) - 1)
		require.LessOrEqual(t, float64(below), q*n+1)
		require.LessOrEqual(t, float64(above), (1-q)*n+1)
		require.InDelta(t, list[0], tier.Quantile(list, 0), 0)
		require.InDelta(t, list[len(list)-1], tier.Quantile(list, 1), 0)
	})
}

// Each cell of the grid says its people as a rule, and the engine counts the same; merged people are one buyer, other currencies and operators'
// acts add nothing.
func TestGridAgreesWithRules(t *testing.T) {
	t.Parallel()
	p := ruletest.SQLite(t)
	seed := rand.Uint64()
	t.Log("seed", seed)
	dice := rand.New(rand.NewPCG(seed, 7))
	var all []event.Event
	for i := range 60 {
		for n := range dice.IntN(6) {
			e := order(fmt.Sprint(i, "-", n), fmt.Sprint("u", i), float64(dice.IntN(100000))/100)
			e.Time = p.Clock.Now().Add(-time.Duration(dice.IntN(400*24)) * time.Hour).UnixMicro()
			all = append(all, e)
		}
	}
	abroad := event.Event{ID: "usd", Name: event.OrderCompleted, Identities: ruletest.User("u1"), Properties: []byte(`{"revenue":5,"currency":"USD"}`)}
	p.Send(t, append(all, abroad, visit("x", "x"))...)
	for _, window := range []string{"all", "90d"} {
		v, err := p.Tiers.RFM(t.Context(), tier.RFMInput{Window: window, Bins: 4})
		require.NoError(t, err)
		require.Len(t, v.Grid, 16)
		for _, c := range v.Grid {
			r, err := p.Book.Parse(t.Context(), whose(), "rule", c.Rule)
			require.NoError(t, err, c.Rule)
			n, err := p.Engine.Count(t.Context(), r)
			require.NoError(t, err)
			require.Equal(t, c.People, n.Count, "%s r%d f%d: %s", window, c.R, c.F, c.Rule)
		}
	}
	srv := apitest.Start(t, p.Routes)
	srv.Run(t, []apitest.Case{
		{Name: "grid", Call: call{As: "analyst", Path: "/tiers/rfm?window=365d&bins=3"}, Status: 200, Has: []string{`"grid":[{"r":1,"f":1`, `"recency_days":{"mean"`}},
		{Name: "people of a cell", Call: call{As: "analyst", Path: "/tiers/rfm/people?limit=2"}, Status: 200, Has: []string{`"monetary":`, `"next":"`}},
		{Name: "a window that is none", Call: call{As: "analyst", Path: "/tiers/rfm?window=soon"}, Status: 422, Has: []string{"tier.params", "query.window"}},
		{Name: "a moment that is none", Call: call{As: "analyst", Path: "/tiers/rfm?at=yesterday"}, Status: 422, Has: []string{"query.at"}},
		{Name: "templates", Call: call{As: "analyst", Path: "/tiers/templates"}, Status: 200, Has: []string{"lifecycle", "价值分层"}},
		{Name: "preview", Call: post("analyst", "/tiers/preview", object{"template": "rfm"}), Status: 200, Has: []string{`"cutoffs":{"by":"quantile"`, "重要价值"}},
	})
}

func whose() rulebook.Whose { return rulebook.Whose{} }
