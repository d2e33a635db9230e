package growth

import "github.com/huoshui/huoshui/internal/insight"

// table is the books as rows, one a period.
func table(_ Query, a Answer, say insight.Say) insight.Table {
	t := insight.Table{Columns: []string{
		say("开始日期", "First day"), say("截止日期", "Last day"), say("新增", "New"), say("留存", "Retained"), say("回流", "Resurrected"), say("其中流失后回流", "Of these, won back"),
		say("转沉默", "Went silent"), say("转流失", "Went lost"), say("清理", "Cleaned"), say("总人数", "People"), say("活跃", "Active"), say("沉默", "Silent"), say("流失", "Lost"),
		say("速动比", "Quick ratio"), say("期内活跃", "Seen in the period"), "DAU", "WAU", "MAU", say("活跃黏性", "Stickiness"), say("收支相符", "Adds up"),
	}}
	for _, p := range a.Periods {
		sound := say("否", "no")
		if p.AddsUp {
			sound = say("是", "yes")
		}
		t.Rows = append(t.Rows, []any{
			p.From, p.To, p.New, p.Retained, p.Resurrected, p.WonBack, p.WentSilent, p.WentLost, p.Cleaned, p.Stock.People, p.Stock.Active, p.Stock.Silent, p.Stock.Lost,
			p.Quick, p.Seen, p.DAU, p.WAU, p.MAU, p.Sticky, sound,
		})
	}
	return t
}
