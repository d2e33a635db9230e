package distribution_test

import (
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/insight/distribution"
	"github.com/huoshui/huoshui/internal/insight/insighttest"
	"github.com/huoshui/huoshui/internal/pool/event"
)

// retail are the orders of Online Retail: lines with a customer, a quantity and a price make one order each invoice, at its last line's time, its
// amount rounded once. The last moment comes too.
func retail(t testing.TB) (orders []insighttest.Event, last time.Time) {
	t.Helper()
	dir := os.Getenv("HUOSHUI_DATASETS")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "..", "shared", "data")
	}
	f, err := os.Open(filepath.Join(dir, "online_retail.csv.gz"))
	require.NoError(t, err, "put the folder of public data sets at ../shared/data beside the repository, or name it in HUOSHUI_DATASETS")
	defer f.Close() //nolint:errcheck // reading
	z, err := gzip.NewReader(f)
	require.NoError(t, err)
	r := csv.NewReader(z)
	_, err = r.Read()
	require.NoError(t, err)
	thousandths := map[string]int64{}
	at := map[string]int{}
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
		when, err := time.ParseInLocation(time.DateTime, line[4], insighttest.Shanghai())
		require.NoError(t, err)
		if when.After(last) {
			last = when
		}
		i, known := at[line[0]]
		if !known {
			i = len(orders)
			at[line[0]] = i
			orders = append(orders, insighttest.Event{Node: int64(customer), Time: when, Name: event.OrderCompleted, HasAmount: true})
		}
		if when.After(orders[i].Time) {
			orders[i].Time = when
		}
		thousandths[line[0]] += quantity * int64(price*1000+0.5)
	}
	for no, i := range at {
		orders[i].Amount = (thousandths[no] + 5) / 10
	}
	return orders, last
}

func ask[A any](t testing.TB, p *insighttest.Pool, query string) (a A) {
	t.Helper()
	r, err := p.Desk.Ask(t.Context(), json.RawMessage(query))
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(r.Answer, &a))
	return a
}

// The published figures of a real shop, to the printed digits: RFM, and what follows from its orders.
func TestOnlineRetail(t *testing.T) {
	t.Parallel()
	orders, last := retail(t)
	p := insighttest.Open(t, insighttest.Options{Now: last.Add(24 * time.Hour), Block: 4096})
	distribution.Register(p.Desk)
	p.Add(orders...)
	at := last.Add(24 * time.Hour).UTC().Format(time.RFC3339)
	a := ask[distribution.RfmAnswer](t, p, `{"kind":"rfm","from":"2010-12-01","to":"2011-12-10","recency":"elapsed","at":"`+at+`"}`)
	require.EqualValues(t, 4338, a.People)
	figures := func(f distribution.RfmFigure, unit float64) string {
		s := f.Spread
		return fmt.Sprintf("%.3f %.3f %.3f %.3f", *s.Mean/unit, *s.Q1/unit, *s.Median/unit, *s.Q3/unit)
	}
	require.Equal(t, "92.536 18.000 51.000 142.000", figures(a.Days, 1))
	require.Equal(t, "4.272 1.000 2.000 5.000", figures(a.Frequency, 1))
	require.Equal(t, "2054.266 307.415 674.485 1661.740", figures(a.Monetary, 100))
	var grid, kinds int64
	for _, c := range a.Grid {
		grid += c.People
		var byM int64
		for _, n := range c.ByM {
			byM += n
		}
		require.Equal(t, c.People, byM)
	}
	for _, k := range a.Kinds {
		kinds += k.People
	}
	require.EqualValues(t, []int64{4338, 4338}, []int64{grid, kinds})

	d := ask[distribution.Answer](t, p, `{"kind":"distribution","from":"2010-12-01","to":"2011-12-10","step":{"event":"Order Completed"}}`)
	require.EqualValues(t, 4338, d.Parts[0].Spread.N)
	require.InDelta(t, 18532, *d.Parts[0].Spread.Sum, 0)
	i := ask[distribution.IntervalAnswer](t, p, `{"kind":"interval","from":"2010-12-01","to":"2011-12-10","start":{"event":"Order Completed"},"end":{"event":"Order Completed"}}`)
	require.EqualValues(t, 18532-4338, i.Parts[0].Spread.N, "every order but each person's first ends an interval")
	require.EqualValues(t, 4338, i.Parts[0].Waiting)
}
