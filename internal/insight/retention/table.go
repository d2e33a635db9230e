package retention

import (
	"fmt"
	"strconv"

	"github.com/huoshui/huoshui/internal/insight"
)

// table is the triangle as rows: people of each column, then rates, then what a member was worth.
func table(_ Query, a Answer, say insight.Say) insight.Table {
	name := func(s Stretch) string {
		switch {
		case a.Mode == After:
			return strconv.Itoa(s.From) + "+"
		case s.From == s.To:
			return strconv.Itoa(s.From)
		}
		return fmt.Sprintf("%d–%d", s.From, s.To)
	}
	t := insight.Table{Columns: []string{say("同期群", "Cohort"), say("人数", "Size")}}
	for _, c := range a.Columns {
		t.Columns = append(t.Columns, say("人数 ", "People ")+name(c))
	}
	for _, c := range a.Columns {
		t.Columns = append(t.Columns, say("留存率 ", "Rate ")+name(c))
	}
	if a.Currency != "" {
		for _, c := range a.Columns {
			t.Columns = append(t.Columns, say("人均金额 ", "Per member ")+name(c))
		}
	}
	for _, r := range append([]Row{a.All}, a.Rows...) {
		t.Rows = append(t.Rows, tableRow(a, r, say))
	}
	return t
}

func tableRow(a Answer, r Row, say insight.Say) []any {
	title := r.Cohort
	switch {
	case r.Group != nil && r.Group.Rest:
		title = say("其余", "Others")
	case r.Group != nil && r.Group.None:
		title = say("无", "None")
	case r.Group != nil && r.Group.Title != "":
		title = r.Group.Title
	case r.Group != nil:
		title = r.Group.Key
	case title == "":
		title = say("全部", "All")
	}
	n := len(a.Columns)
	row := make([]any, 2, 2+3*n)
	row[0], row[1] = title, r.Size
	cell := func(c int) Cell {
		if c < len(r.Cells) {
			return r.Cells[c]
		}
		return Cell{}
	}
	for c := range n {
		row = append(row, cell(c).People)
	}
	for c := range n {
		row = append(row, cell(c).Rate)
	}
	if a.Currency == "" {
		return row
	}
	for c := range n {
		if each := cell(c).Each; each != nil {
			row = append(row, insight.Money{Minor: int64(*each + 0.5), Currency: a.Currency})
		} else {
			row = append(row, nil)
		}
	}
	return row
}
