//go:build e2e

package e2e

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Online Retail: what is published of it, and what follows from the rows by the rules of the preset order-lines.
var (
	retail = totals{People: 4371, Buyers: 4338, Events: 18532 + 3654, Orders: 18532, Cancelled: 3654, Revenue: money{891140790, "CNY"}}

	retailRows    = imported{Rows: 541909, Accepted: 406789, Rejected: 135120}
	retailMonthly = []struct {
		month   string
		revenue int64
	}{
		{"2010-12", 57271389},
		{"2011-01", 56944504},
		{"2011-02", 44713735},
		{"2011-03", 59550076},
		{"2011-04", 46920036},
		{"2011-05", 67859456},
		{"2011-06", 66121369},
		{"2011-07", 60009101},
		{"2011-08", 64534390},
		{"2011-09", 95283838},
		{"2011-10", 103931879},
		{"2011-11", 116181738},
		{"2011-12", 51819279},
	}
	// Distinct customers of the published cohorts, month by month.
	retailCohorts = map[string][]int64{
		"2010-12": {885, 324, 286, 340, 321, 352, 321, 309, 313, 350, 331, 445, 235},
		"2011-01": {417, 92, 111, 96, 134, 120, 103, 101, 125, 136, 152, 49},
		"2011-03": {452, 68, 114, 90, 101, 76, 121, 104, 126, 39},
		"2011-11": {323, 36},
	}
)

// retailFile reads the data set: its header and rows.
func retailFile(t *testing.T) (header []string, rows [][]string) {
	t.Helper()
	f, err := os.Open(dataset(t, "online_retail.csv.gz"))
	require.NoError(t, err)
	defer f.Close() //nolint:errcheck // reading
	z, err := gzip.NewReader(f)
	require.NoError(t, err)
	all, err := csv.NewReader(z).ReadAll()
	require.NoError(t, err)
	return all[0], all[1:]
}

// same compares import results but for the time they took.
func same(t *testing.T, want, got imported) {
	t.Helper()
	got.Seconds = 0
	require.Equal(t, want, got)
}

func again(r imported) imported {
	return imported{Rows: r.Rows, Duplicates: r.Accepted, Rejected: r.Rejected}
}

// Real orders of a real shop through the command: the published totals to the penny, also when imported again and again, also through a
// running server; months and cohorts as published.
func TestOnlineRetail(t *testing.T) {
	p, file := newPool(t), dataset(t, "online_retail.csv.gz")
	began := time.Now()
	first := p.load(t, file, "order-lines")
	t.Logf("first import %.1f s of the process, %.1f s by its own clock", time.Since(began).Seconds(), first.Seconds)
	same(t, retailRows, first)
	require.Equal(t, retail, p.totals(t))
	same(t, again(retailRows), p.load(t, file, "order-lines"))
	require.Equal(t, retail, p.totals(t))

	s := p.start(t, p.apiKey(t, "owner"))
	s.months(t)
	s.cohorts(t)
	elsewhere := &pool{dir: filepath.Join(t.TempDir(), "unused"), env: []string{"HUOSHUI_SERVER=" + s.url}}
	same(t, again(retailRows), elsewhere.load(t, file, "order-lines", "--key", s.key))
	require.Equal(t, retail, elsewhere.totals(t, "--key", s.key))
	require.NoDirExists(t, elsewhere.dir, "a command that works through a server opens no folder")
	elsewhere.refused(t, "auth.api_key", nil, "totals", "--key", "hs_ak_wrong")

	few := filepath.Join(t.TempDir(), "lines.csv")
	require.NoError(t, os.WriteFile(few, []byte("InvoiceNo,StockCode,Quantity,InvoiceDate,UnitPrice,CustomerID\nN1,A,2,2011-12-10 10:00:00,1.25,99901\nN1,B,1,2011-12-10 10:00:00,0.50,99901\nN2,A,1,2011-12-10 11:00:00,1.25,\n"), 0o600))
	same(t, imported{Rows: 3, Accepted: 2, Rejected: 1}, elsewhere.load(t, few, "order-lines", "--key", s.key))
	want := retail
	want.People, want.Buyers, want.Events, want.Orders = want.People+1, want.Buyers+1, want.Events+1, want.Orders+1
	want.Revenue.Amount += 300
	require.Equal(t, want, elsewhere.totals(t, "--key", s.key))
	s.stop(t)
	require.Equal(t, want, p.totals(t))
}

// months compares the revenue of each month, as the overview and as the totals of its days.
func (s *server) months(t *testing.T) {
	t.Helper()
	var o struct {
		Series []struct {
			Date    string
			Revenue int64
		}
	}
	s.get(t, "/overview?from=2010-12-01&to=2011-12-31&grain=month", &o)
	require.Len(t, o.Series, len(retailMonthly))
	for i, want := range retailMonthly {
		require.Equal(t, want.month, o.Series[i].Date[:7])
		require.Equal(t, want.revenue, o.Series[i].Revenue, want.month)
		from, err := time.Parse("2006-01", want.month)
		require.NoError(t, err)
		var month totals
		s.get(t, "/totals?"+url.Values{"from": {from.Format(time.DateOnly)}, "to": {from.AddDate(0, 1, -1).Format(time.DateOnly)}}.Encode(), &month)
		require.Equal(t, want.revenue, month.Revenue.Amount, want.month)
	}
}

// cohorts compares the whole triangle with one counted here from the rows, and four of its lines with the published ones; and lets the server
// count it once more in the warehouse, with the books of the whole time.
func (s *server) cohorts(t *testing.T) {
	t.Helper()
	var got struct {
		Answer struct {
			Rows []struct {
				Cohort string
				Size   int64
				Cells  []struct{ People int64 }
			}
		}
	}
	query := map[string]any{"from": "2010-12-01", "to": "2011-12-31", "grain": "month", "start": map[string]any{"event": "Order Completed"}}
	s.ask(t, "/insight/retention", query, &got)
	seen := map[string][]int64{}
	for _, r := range got.Answer.Rows {
		counts := []int64{}
		for _, c := range r.Cells {
			counts = append(counts, c.People)
		}
		require.Equal(t, r.Size, counts[0])
		seen[r.Cohort[:7]] = counts
	}
	require.Equal(t, triangle(t), seen)
	for month, counts := range retailCohorts {
		require.Equal(t, counts, seen[month], month)
	}
	var again struct {
		Numbers     int
		Differences []any
	}
	s.ask(t, "/insight/retention/reconcile", query, &again)
	require.Empty(t, again.Differences)
	require.Greater(t, again.Numbers, 90)
	s.ask(t, "/insight/growth/reconcile", map[string]any{"from": "2010-12-01", "to": "2011-12-31", "grain": "week"}, &again)
	require.Empty(t, again.Differences)
	require.Greater(t, again.Numbers, 900)
	s.sameStock(t, "2011-11-01", "2011-12-31")
}

// sameStock compares the books of growth with the overview's stock and flow, day by day.
func (s *server) sameStock(t *testing.T, from, to string) {
	t.Helper()
	var o struct {
		Stock []struct {
			Date                                   string
			People, Active, Silent, New, Returning int64
			WentSilent                             int64 `json:"went_silent"`
		}
	}
	s.get(t, "/overview?from="+from+"&to="+to+"&grain=day", &o)
	var books struct {
		Answer struct {
			Periods []struct {
				Date        string
				New         int64
				Resurrected int64
				WentSilent  int64 `json:"went_silent"`
				AddsUp      bool  `json:"adds_up"`
				Stock       struct{ People, Active, Silent, Lost int64 }
			}
		}
	}
	s.ask(t, "/insight/growth", map[string]any{"from": from, "to": to}, &books)
	require.Len(t, books.Answer.Periods, len(o.Stock))
	for i, p := range books.Answer.Periods {
		day := o.Stock[i]
		require.Equal(t, []any{day.Date, day.New, day.Returning, day.WentSilent, day.People, day.Active, day.Silent, true},
			[]any{p.Date, p.New, p.Resurrected, p.WentSilent, p.Stock.People, p.Stock.Active, p.Stock.Silent + p.Stock.Lost, p.AddsUp})
	}
}

// ask asks a question.
func (s *server) ask(t *testing.T, path string, query, into any) {
	t.Helper()
	a := s.do(t, http.MethodPost, path, query)
	require.Equal(t, http.StatusOK, a.status, "%s: %s", path, a.body)
	require.NoError(t, json.Unmarshal(a.body, into), "%s: %s", path, a.body)
}

func triangle(t *testing.T) map[string][]int64 {
	t.Helper()
	_, rows := retailFile(t)
	months := map[string]map[string]bool{} // customer → months with an order
	for _, r := range rows {
		quantity, err := strconv.Atoi(r[3])
		require.NoError(t, err)
		price, err := strconv.ParseFloat(r[5], 64)
		require.NoError(t, err)
		if r[6] == "" || strings.HasPrefix(r[0], "C") || quantity <= 0 || price <= 0 {
			continue
		}
		if months[r[6]] == nil {
			months[r[6]] = map[string]bool{}
		}
		months[r[6]][r[4][:7]] = true
	}
	out := map[string][]int64{}
	for i, cohort := range retailMonthly {
		counts := make([]int64, len(retailMonthly)-i)
		for _, m := range months {
			first := cohort.month
			for one := range m {
				first = min(first, one)
			}
			if !m[cohort.month] || first != cohort.month {
				continue
			}
			for k := range counts {
				if m[retailMonthly[i+k].month] {
					counts[k]++
				}
			}
		}
		out[cohort.month] = counts
	}
	return out
}

// The rows in any order, through a server that is killed in the middle of the import and goes on by itself when it is started again.
func TestOnlineRetailShuffled(t *testing.T) {
	header, rows := retailFile(t)
	seed := rand.Uint64()
	t.Log("seed", seed)
	rand.New(rand.NewPCG(seed, 1)).Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
	path := filepath.Join(t.TempDir(), "shuffled.csv")
	f, err := os.Create(path)
	require.NoError(t, err)
	w := csv.NewWriter(f)
	require.NoError(t, w.Write(header))
	require.NoError(t, w.WriteAll(rows))
	require.NoError(t, f.Close())

	p := newPool(t)
	s := p.start(t, p.apiKey(t, "owner"))
	var problems bytes.Buffer
	cmd := p.command(t, "import", path, "--as", "order-lines", "--json", "--server", s.url, "--key", s.key)
	cmd.Stderr = &problems
	require.NoError(t, cmd.Start())
	type state struct {
		imported
		ID    int64
		State string
		Done  int64
		Error string
	}
	var now state
	latest := func() state {
		var page struct{ Items []state }
		s.get(t, "/imports", &page)
		if len(page.Items) == 0 {
			return state{}
		}
		return page.Items[0]
	}
	until(t, "a part is read", func() bool { now = latest(); return now.Done > 100_000 })
	require.Equal(t, "running", now.State)
	s.kill()
	require.Error(t, cmd.Wait())
	refusal(t, problems.String(), "remote.unreachable", s.url)

	s = p.start(t, s.key)
	until(t, "the import ends", func() bool { now = latest(); return now.State != "running" && now.State != "waiting" })
	require.Equal(t, "done", now.State, now.Error)
	same(t, retailRows, now.imported)
	var got totals
	s.get(t, "/totals", &got)
	require.Equal(t, retail, got)
	rejects := s.do(t, http.MethodGet, fmt.Sprintf("/imports/%d/rejects.csv", now.ID), nil)
	require.Equal(t, http.StatusOK, rejects.status)
	lines, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(rejects.body, []byte("\ufeff")))).ReadAll()
	require.NoError(t, err)
	require.Len(t, lines, int(retailRows.Rejected)+1)
	s.stop(t)
}

// The command killed at random moments and started again until it ends by itself: rows, totals and months as of an uninterrupted run.
// The pool is in another time zone, which must not move a single order: times without a zone are the pool's.
func TestOnlineRetailKilled(t *testing.T) {
	p, file := newPool(t), dataset(t, "online_retail.csv.gz")
	s := p.start(t, p.apiKey(t, "owner"))
	settings := map[string]any{}
	s.get(t, "/settings", &settings)
	delete(settings, "$schema")
	settings["time_zone"], settings["currency"] = "America/New_York", "GBP"
	s.put(t, "/settings", settings)
	s.stop(t)

	var moments []string
	last := ""
	for last == "" {
		cmd := p.command(t, "import", file, "--as", "order-lines", "--json")
		var out, problems said
		cmd.Stdout, cmd.Stderr = &out, &problems
		require.NoError(t, cmd.Start())
		ended := make(chan error, 1)
		go func() { ended <- cmd.Wait() }()
		// The first moments come early, so that every phase is met; later ones leave it time to come to an end.
		after := time.Duration(100+rand.IntN(500*(1+len(moments)))) * time.Millisecond
		if len(moments) == 8 {
			after = patience
		}
		select {
		case err := <-ended:
			require.NoError(t, err, problems.String())
			last = out.String()
		case <-time.After(after):
			require.NoError(t, cmd.Process.Kill())
			if err := <-ended; err == nil {
				last = out.String() // it was faster
				break
			}
			moments = append(moments, after.String())
		}
	}
	t.Log("killed after", moments)
	require.GreaterOrEqual(t, len(moments), 2, "it was never interrupted: %s", last)
	got := imported{}
	readJSON(t, strings.NewReader(last), &got)
	same(t, retailRows, got)
	want := retail
	want.Revenue.Currency = "GBP"
	require.Equal(t, want, p.totals(t))
	rejects, err := filepath.Glob(filepath.Join(p.dir, "imports", "*-rejects.csv"))
	require.NoError(t, err)
	require.Len(t, rejects, 1, "one import, however often it was begun")
	text, err := os.ReadFile(rejects[0])
	require.NoError(t, err)
	require.Equal(t, int(retailRows.Rejected)+1, bytes.Count(text, []byte("\n")))

	s = p.start(t, s.key)
	s.months(t)
	s.stop(t)
}
