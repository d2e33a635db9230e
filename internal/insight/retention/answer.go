package retention

import (
	"time"

	"github.com/huoshui/huoshui/internal/insight"
)

// cells are a row's. open says in which period those of the row started whose columns may still run, -1 if they started in several: then only what
// is over is told.
func (t *tally) cells(row, open int) []Cell {
	f := t.f
	n := len(f.columns)
	cells := make([]Cell, 0, n)
	for c := range n {
		if open >= 0 && !f.begun(open, c) {
			break
		}
		at := row*n + c
		cell := Cell{Of: t.of[at]}
		switch {
		case open >= 0 && !f.done(open, c):
			cell.Of = t.size[row]
			if c == f.running(open) {
				cell.SoFar = &t.soFar[row]
			}
		case open < 0 && cell.Of == 0:
		default:
			cell.People = &t.hits[at]
			cell.Rate = ratio(t.hits[at], cell.Of)
			if f.value {
				cell.Amount = &t.amounts[at]
				cell.Each = ratio(t.amounts[at], cell.Of)
			}
		}
		cells = append(cells, cell)
	}
	for open < 0 && len(cells) > 0 && cells[len(cells)-1].People == nil { // nobody is that old
		cells = cells[:len(cells)-1]
	}
	return cells
}

func ratio(a, b int64) *float64 {
	if b == 0 {
		return nil
	}
	r := float64(a) / float64(b)
	return &r
}

// byPeriod are the rows by the period of the start.
func (t *tally) byPeriod() []Row {
	rows := make([]Row, t.f.cohorts)
	for p := range rows {
		rows[p] = Row{Cohort: t.f.parts.Days[p].Format(time.DateOnly), Over: p < t.f.over, Size: t.size[p], Cells: t.cells(p, p)}
	}
	return rows
}

// together is all rows as one.
func (t *tally) together() Row {
	sum := newTally(t.f, 1)
	for row := range t.size {
		sum.merge(0, t, row)
	}
	return Row{Over: t.f.cohorts <= t.f.over, Size: sum.size[0], Cells: sum.cells(0, -1)}
}

// byGroup are the rows by a breakdown.
func (t *tally) byGroup(groups []insight.Group) []Row {
	t.grow(len(groups))
	rows := make([]Row, len(groups))
	for g := range groups {
		rows[g] = Row{Group: &groups[g], Over: t.f.cohorts <= t.f.over, Size: t.size[g], Cells: t.cells(g, -1)}
	}
	return rows
}
