package ltv

import (
	"fmt"
	"math"

	"github.com/huoshui/huoshui/internal/insight"
)

// table is the curves of all cohorts: one row for each, one column for each month; what is expected of the bands follows below.
func table(_ Query, a Answer, say insight.Say) insight.Table {
	longest := len(a.All.Months)
	t := insight.Table{Columns: []string{
		say("同期群", "Cohort"), say("人数", "People"), say("购买天数", "Purchase days"), say("成交额", "Revenue"), say("回本月", "Payback month"),
	}}
	for k := range longest {
		t.Columns = append(t.Columns, fmt.Sprintf(say("第 %d 月人均累计", "Per person by month %d"), k+1))
	}
	row := func(name string, c Cohort) {
		cells := []any{name, c.People, c.Orders, insight.Money{Minor: c.Revenue, Currency: a.Currency}, c.Payback}
		for k := range longest {
			if k < len(c.Months) {
				cells = append(cells, insight.Money{Minor: int64(math.Round(c.Months[k].Revenue)), Currency: a.Currency})
			} else {
				cells = append(cells, nil)
			}
		}
		t.Rows = append(t.Rows, cells)
	}
	row(say("全部", "All"), a.All)
	for _, c := range a.Cohorts {
		row(cohortName(c.Group, say), c)
	}
	return t
}

func cohortName(g insight.Group, say insight.Say) string {
	switch {
	case g.None:
		return say("（无渠道）", "(no channel)")
	case g.Rest:
		return say("其他", "Others")
	case g.Title != "":
		return g.Title
	}
	return g.Key
}
