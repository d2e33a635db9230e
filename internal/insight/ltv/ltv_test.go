package ltv_test

import (
	"compress/gzip"
	"context"
	"encoding/csv"
	"encoding/json"
	"log/slog"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/insight"
	"github.com/huoshui/huoshui/internal/insight/insighttest"
	"github.com/huoshui/huoshui/internal/insight/ltv"
)

func register(d *insight.Desk) {
	ltv.Ask(d, slog.New(slog.DiscardHandler))
}

// What operators read: small pools, the whole answer as its CSV has it, and who is behind each number.
func TestCases(t *testing.T) {
	t.Parallel()
	insighttest.Cases(t, "testdata/*.txt", register)
}

// cdnow is a pool with the purchases of the 1/10 sample of CDNOW (Fader & Hardie, brucehardie.com).
func cdnow(t testing.TB) *insighttest.Pool {
	t.Helper()
	dir := os.Getenv("HUOSHUI_DATASETS")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "..", "shared", "data")
	}
	f, err := os.Open(filepath.Join(dir, "cdnowElog.csv.gz"))
	require.NoError(t, err, "put the folder of public data sets at ../shared/data beside the repository, or name it in HUOSHUI_DATASETS")
	defer func() { require.NoError(t, f.Close()) }()
	z, err := gzip.NewReader(f)
	require.NoError(t, err)
	rows, err := csv.NewReader(z).ReadAll()
	require.NoError(t, err)
	p := insighttest.Open(t, insighttest.Options{Zone: time.UTC, Currency: "USD", Now: time.Date(1998, 7, 1, 12, 0, 0, 0, time.UTC), Block: 256})
	register(p.Desk)
	var events []insighttest.Event
	for _, r := range rows[1:] {
		id, err := strconv.ParseInt(r[1], 10, 64)
		require.NoError(t, err)
		at, err := time.Parse("20060102", r[2])
		require.NoError(t, err)
		sales, err := strconv.ParseFloat(r[4], 64)
		require.NoError(t, err)
		events = append(events, insighttest.Event{Node: id, Time: at, Name: "Order Completed", Amount: int64(math.Round(sales * 100)), HasAmount: true})
	}
	p.Add(events...)
	return p
}

func ask(t require.TestingT, p *insighttest.Pool, query string) (a ltv.Answer) {
	r, err := p.Desk.Ask(context.Background(), json.RawMessage(query))
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(r.Answer, &a))
	return a
}

// Asked over the timeline, CDNOW gives the published parameters and the published holdout table, with no reason for doubt.
func TestCDNOW(t *testing.T) {
	t.Parallel()
	p := cdnow(t)
	a := ask(t, p, `{"kind":"ltv","from":"1997-01-01","to":"1998-06-30","holdout":273,"days":273,"cost":2000}`)
	require.EqualValues(t, 2357, a.Buyers)
	require.Equal(t, ltv.Good, a.Verdict.Level, "%+v", a.Verdict.Reasons)
	require.Equal(t, "1997-09-30", a.Check.Cutoff)
	for i, want := range []float64{.243, 4.414, .793, 2.426} {
		require.InEpsilon(t, want, a.Check.Fit.Parameters[i].Value, 0.005, a.Check.Fit.Parameters[i].Name)
	}
	require.InDelta(t, -9582.4, a.Check.Fit.LogLikelihood, 0.05)
	for i, want := range []float64{.237, .697, 1.393, 1.560, 2.532, 2.947, 3.862, 6.359} {
		require.InDelta(t, want, a.Check.Frequencies[i].Actual, 0.0005)
	}
	for i, want := range []float64{.2251, .5231, 1.0441, 1.5203, 2.1638, 2.6538, 3.5040, 6.1570} {
		require.InDelta(t, want, a.Check.Frequencies[i].Expected, 0.0003)
	}
	require.Less(t, math.Abs(*a.Check.Error), 0.15)
	people := int64(0)
	for _, c := range a.Cohorts {
		people += c.People
	}
	require.Equal(t, a.Buyers, people)
	require.NotNil(t, a.All.Payback)

	early := ask(t, p, `{"kind":"ltv","from":"1997-01-01","to":"1997-09-30","holdout":0,"model":"pareto_nbd"}`)
	for i, want := range []float64{.553, 10.578, .606, 11.669} {
		require.InEpsilon(t, want, early.Fit.Parameters[i].Value, 0.005, early.Fit.Parameters[i].Name)
	}
	require.InDelta(t, -9595.0, early.Fit.LogLikelihood, 0.05)
	require.EqualValues(t, 946, early.Spend.Fit.People)
	for i, want := range []float64{6.25, 3.74, 1544} { // cents
		require.InEpsilon(t, want, early.Spend.Fit.Parameters[i].Value, 0.005, early.Spend.Fit.Parameters[i].Name)
	}
	require.InDelta(t, 3517, *early.Spend.Mean, 0.5)
	require.Equal(t, ltv.Doubtful, early.Verdict.Level, "it was not checked")
	require.Equal(t, "no_holdout", early.Verdict.Reasons[0].Code)
	expected, actual := 0.0, int64(0)
	for _, f := range early.Frequencies {
		expected += *f.Expected
		actual += f.People
	}
	require.InDelta(t, 2357, expected, 1e-6)
	require.EqualValues(t, 2357, actual)
}

// How long a question takes for 2,357 buyers, with its check and all.
func BenchmarkCDNOW(b *testing.B) {
	p := cdnow(b)
	for b.Loop() {
		ask(b, p, `{"kind":"ltv","from":"1997-01-01","to":"1998-06-30","holdout":273}`)
		p.Know(1, insighttest.Person{}) // nothing is kept
	}
}
