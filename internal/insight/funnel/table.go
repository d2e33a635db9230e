package funnel

import (
	"strconv"

	"github.com/huoshui/huoshui/internal/insight"
)

// tabulate gives a row for each step; with a breakdown, also for each step of each group.
func tabulate(q Query, a Answer, say insight.Say) insight.Table {
	t := insight.Table{Columns: []string{say("步骤", "Step")}}
	if q.Breakdown != nil {
		t.Columns = append(t.Columns, say("分组", "Group"))
	}
	t.Columns = append(t.Columns, say("人数", "People"), say("总转化率", "Of the first step"), say("上步转化率", "Of the step before"), say("流失人数", "Dropped"),
		say("等待中位数（秒）", "Median wait (s)"), say("等待 P90（秒）", "P90 wait (s)"))
	add := func(group string, steps []Level) {
		for k, l := range steps {
			row := []any{stepName(q, k, say)}
			if q.Breakdown != nil {
				row = append(row, group)
			}
			t.Rows = append(t.Rows, append(row, l.People, l.Rate, l.RatePrevious, l.Dropped, l.Median, l.P90))
		}
	}
	add(say("全部", "Everybody"), a.Steps)
	for _, g := range a.Groups {
		add(groupName(g.Group, say), g.Steps)
	}
	return t
}

func stepName(q Query, k int, say insight.Say) string {
	step := q.Steps[k]
	switch {
	case q.Order == Any:
		return say("完成任意 ", "Any ") + strconv.Itoa(k+1) + say(" 步", " of the steps")
	case step.Title != "":
		return step.Title
	case step.Event == "":
		return say("任意行为", "Any activity")
	}
	return step.Event
}

func groupName(g insight.Group, say insight.Say) string {
	switch {
	case g.Rest:
		return say("其他", "Others")
	case g.None:
		return say("无", "None")
	case g.Title != "":
		return g.Title
	}
	return g.Key
}
