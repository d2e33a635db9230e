//go:build e2e

package e2e

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Rules and segments from the command line: on the folder of a pool at rest and through a running server it is the same.
func TestRulesAndSegmentsByCommand(t *testing.T) {
	p := newPool(t)
	lines := []string{"InvoiceNo,StockCode,Quantity,InvoiceDate,UnitPrice,CustomerID"}
	for customer := range 5 {
		for n := range customer {
			lines = append(lines, fmt.Sprintf("N%d-%d,A,1,2026-0%d-10 10:00:00,%d.50,c%d", customer, n, n+1, 100*(n+1), customer))
		}
	}
	file := filepath.Join(t.TempDir(), "orders.csv")
	require.NoError(t, os.WriteFile(file, []byte(strings.Join(lines, "\n")+"\n"), 0o600))
	p.load(t, file, "order-lines")

	const often = `count("Order Completed", "all") >= 2`
	s := p.start(t, p.apiKey(t, "owner"))
	made := s.do(t, http.MethodPost, "/segments", map[string]any{"key": "often", "title": "常客", "rule": often})
	require.Equal(t, http.StatusCreated, made.status, string(made.body))
	until(t, "the segment is in force", func() bool {
		var got struct{ People int }
		s.get(t, "/segments/often", &got)
		return got.People == 3
	})
	elsewhere := &pool{dir: filepath.Join(t.TempDir(), "unused"), env: []string{"HUOSHUI_SERVER=" + s.url, "HUOSHUI_KEY=" + s.key}}
	said := func(p *pool, more ...string) []string {
		t.Helper()
		with := func(args ...string) []string { return append(args, more...) }
		p.refused(t, "rule.invalid", []string{"Order Completed"}, with("rule", "check", `count("Order Complete", "all") >= 2`)...)
		p.refused(t, "segment.not_found", nil, with("segment", "show", "none")...)
		return []string{
			p.run(t, with("rule", "check", `count("Order Completed","all")>=2`)...),
			p.run(t, with("rule", "count", often)...),
			p.run(t, with("rule", "explain", often, "--identity", "user_id=c1")...),
			p.run(t, with("segment", "list")...),
			p.run(t, with("segment", "show", "often")...),
			p.run(t, with("segment", "export", "often", "--columns", "orders,revenue")...),
		}
	}
	through := said(elsewhere, "--key", s.key)
	require.NoDirExists(t, elsewhere.dir, "a command that works through a server opens no folder")
	s.stop(t)
	require.Equal(t, through, said(p))
	require.True(t, strings.HasPrefix(through[0], often+"\n"), through[0])
	require.Contains(t, through[1], "people  3\nof      4")
	require.Contains(t, through[2], "no  person")
	require.Contains(t, through[3], "often")
	require.Contains(t, through[4], "常客")
	require.Equal(t, 4, strings.Count(through[5]+"\n", "\n"), through[5])
	require.Contains(t, through[5], "2,30100,")
}
