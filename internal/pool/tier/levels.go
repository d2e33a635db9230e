package tier

import (
	"fmt"
	"strings"

	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/pool/rulebook"
)

// draft is what a template makes.
type draft struct {
	levels  []Level
	params  Params
	cutoffs *Cutoffs
}

// Colours of levels from best to last, of the console's palette.
func palette() []string {
	return []string{"#0b5563", "#0e7c86", "#2a9d8f", "#5fb49c", "#8ac6b0", "#e9b44c", "#e07a5f", "#b56576", "#8d99ae"}
}

func level(key, title, text, strategy string) Level {
	if text != "" {
		text = canonical(text)
	}
	return Level{Key: key, Title: title, Rule: text, Strategy: strategy}
}

func coloured(levels []Level) []Level {
	colors := palette()
	for i := range levels {
		at := i
		if len(levels) > 1 && len(levels) <= len(colors) {
			at = i * (len(colors) - 1) / (len(levels) - 1)
		}
		levels[i].Color = colors[at%len(colors)]
	}
	return levels
}

// draftOf makes the levels of a template. rfm gives the figures of buyers when quantiles are asked for; seen says which events the pool knows.
func draftOf(t Template, in Params, rfm func(event, window string) (*RFM, error), seen func(string) bool, now int64) (draft, error) {
	r, err := full(t, in)
	if err != nil {
		return draft{}, err
	}
	d := draft{params: r.params}
	switch t {
	case ByRFM:
		err = d.byRFM(r, rfm, now)
	case BySpend:
		err = d.bySpend(r, rfm, now)
	case ByActivity:
		err = d.byActivity(r)
	case ByIntention:
		err = d.byIntention(r, seen)
	case ByLifecycle:
		err = d.byLifecycle(r)
	}
	d.levels = coloured(d.levels)
	return d, err
}

func noBuyers() error {
	return fault.New(fault.Conflict, "tier.no_buyers", "nobody has bought in this time, so there are no quantiles; take a longer window or fixed cut-offs")
}

func (d *draft) byRFM(r *reader, rfm func(event, window string) (*RFM, error), now int64) error {
	purchase, window, by := r.purchase(), r.window("window"), r.choice("by")
	q, days, times, amount := r.number("quantile"), r.days("recency"), r.number("frequency"), r.number("monetary")
	r.choice("refresh")
	if err := r.err(); err != nil {
		return err
	}
	cut := Cutoffs{By: by, At: now}
	recent, often, much := float64(days), times, amount
	var asked *float64
	if by == byQuantile {
		all, err := rfm(purchase, window)
		if err != nil {
			return err
		}
		if len(all.Buyers) == 0 {
			return noBuyers()
		}
		cut.At, cut.People, asked = state.Micros(all.At), int64(len(all.Buyers)), &q
		recent, often = round(Quantile(all.figures(recency), 1-q)), round(Quantile(all.figures(frequency), q))
		much = round(Quantile(all.figures(all.monetary), q))
	}
	cut.Values = []CutoffValue{
		{"recency", two("最近购买", "Recency"), "days", complement(asked), recent},
		{"frequency", two("购买次数", "Frequency"), "orders", asked, often},
		{"monetary", two("购买金额", "Monetary"), "money", asked, much},
	}
	d.cutoffs = &cut
	e, w := quote(purchase), quote(window)
	bought := fmt.Sprintf("count(%s, %s) >= 1", e, w)
	either := func(yes bool, of, is, not string, f float64) string {
		if !yes {
			is = not
		}
		return of + " " + is + " " + number(f)
	}
	cell := func(isRecent, isOften, isMuch bool) string {
		return strings.Join([]string{
			bought, either(isRecent, "days_since_last("+e+")", "<=", ">", recent), either(isOften, "count("+e+", "+w+")", ">=", "<", often),
			either(isMuch, "sum("+e+`, "revenue", `+w+")", ">=", "<", much),
		}, " && ")
	}
	d.levels = []Level{
		level("champion", "重要价值", cell(true, true, true), "近期、高频、高额：专属服务与新品优先，邀请成为口碑官。"),
		level("promising", "重要发展", cell(true, false, true), "近期、高额、次数少：推荐搭配与周期购，提升频次。"),
		level("keep", "重要保持", cell(false, true, true), "高频、高额、近期没来：主动问候，提醒权益即将到期。"),
		level("win-back", "重要挽留", cell(false, false, true), "高额但久未购买：一对一回访，给出有分量的回归理由。"),
		level("loyal", "一般价值", cell(true, true, false), "近期、高频、金额低：引导组合购买，提升客单。"),
		level("fresh", "一般发展", cell(true, false, false), "刚买过：做好首购后的使用指导与第二单引导。"),
		level("fading", "一般保持", cell(false, true, false), "常来但近期没来：以内容与小权益唤回。"),
		level("dormant", "一般挽留", cell(false, false, false), "低价值且久未购买：控制成本，以自动化触达为主。"),
		level("none", "未购买", "", "还没有购买：以内容培育信任，降低首单门槛。"),
	}
	return nil
}

// complement is the quantile of recency, of which less is better.
func complement(q *float64) *float64 {
	if q == nil {
		return nil
	}
	c := round(1 - *q)
	return &c
}

func (d *draft) bySpend(r *reader, rfm func(event, window string) (*RFM, error), now int64) error {
	purchase, window, by := r.purchase(), r.window("window"), r.choice("by")
	quantiles, amounts := r.numbers("quantiles"), r.numbers("amounts")
	r.choice("refresh")
	if err := r.err(); err != nil {
		return err
	}
	cut := Cutoffs{By: by, At: now}
	if by == byQuantile {
		all, err := rfm(purchase, window)
		if err != nil {
			return err
		}
		if len(all.Buyers) == 0 {
			return noBuyers()
		}
		cut.At, cut.People = state.Micros(all.At), int64(len(all.Buyers))
		sorted := all.figures(all.monetary)
		amounts = amounts[:0]
		for _, q := range quantiles {
			amounts = append(amounts, round(Quantile(sorted, q)))
		}
	}
	e, w := quote(purchase), quote(window)
	names := spendNames(len(amounts))
	for i := len(amounts) - 1; i >= 0; i-- {
		v := CutoffValue{Name: fmt.Sprintf("monetary_%d", i+1), Title: two("消费金额", "Spend"), Unit: "money", Value: amounts[i]}
		if by == byQuantile {
			v.Quantile = &quantiles[i]
		}
		cut.Values = append(cut.Values, v)
		n := names[i]
		d.levels = append(d.levels, level(n.Key, n.Title, fmt.Sprintf(`count(%s, %s) >= 1 && sum(%s, "revenue", %s) >= %s`, e, w, e, w, number(amounts[i])), n.Strategy))
	}
	d.levels = append(d.levels,
		level("low", "低消费", fmt.Sprintf("count(%s, %s) >= 1", e, w), "有购买、金额低：推荐组合与满减，提升客单。"),
		level("none", "无消费", "", "统计期内没有购买：先培育信任，再降低首单门槛。"))
	d.cutoffs = &cut
	return nil
}

// spendNames are the names of steps of spending, from the lowest.
func spendNames(n int) []Level {
	if n == 3 {
		return []Level{
			{Key: "middle", Title: "中消费", Strategy: "稳定消费：以会员权益与周期购提高频次。"},
			{Key: "high", Title: "高消费", Strategy: "高价值：专属客服与新品优先体验。"},
			{Key: "top", Title: "顶级消费", Strategy: "头部客户：一对一维护，邀请共创。"},
		}
	}
	out := make([]Level, n)
	for i := range out {
		out[i] = Level{Key: fmt.Sprintf("spend-%d", i+1), Title: fmt.Sprintf("消费第 %d 档", i+1)}
	}
	return out
}

func (d *draft) byActivity(r *reader) error {
	w, active, core, orders, purchase := quote(r.window("window")), r.number("active_days"), r.number("core_days"), r.number("core_orders"), quote(r.purchase())
	r.That(core > active, "body.params.core_days", "core people come on more days than active ones")
	if err := r.err(); err != nil {
		return err
	}
	top := fmt.Sprintf("active_days(%s) >= %s", w, number(core))
	if orders > 0 {
		top = fmt.Sprintf("active_days(%s) >= %s && (%s || count(%s, %s) >= %s)", w, number(active), top, purchase, w, number(orders))
	}
	d.levels = []Level{
		level("core", "核心", top, "核心用户：给身份、给专属内容，邀请参与共建与分享。"),
		level("active", "活跃", fmt.Sprintf("active_days(%s) >= %s", w, number(active)), "活跃用户：以任务与权益引导购买，走向核心。"),
		level("ordinary", "普通", "", "普通用户：以高质量内容与轻互动提高到访。"),
	}
	return nil
}

func (d *draft) byIntention(r *reader, seen func(string) bool) error {
	w, times, purchase := quote(r.window("window")), r.number("times"), quote(r.purchase())
	sum := func(events []string) string {
		terms := make([]string, len(events))
		for i, e := range events {
			terms[i] = fmt.Sprintf("count(%s, %s)", quote(e), w)
		}
		return strings.Join(terms, " + ")
	}
	interest, intent := sum(r.events("interest", seen)), sum(r.events("intent", seen))
	if err := r.err(); err != nil {
		return err
	}
	// Who bought after showing interest is no longer about to: only interest since the last purchase's day counts as intention, which the window
	// and the days since that purchase say together.
	renewing := fmt.Sprintf(`count(%s, "all") >= 1 && days_since_last(%s) >= 1 && (%s >= 1 || %s >= %s)`, purchase, purchase, intent, interest, number(times))
	d.levels = []Level{
		level("renewing", "续购意向", renewing, "老客又有兴趣：推荐补货与升级款，给回购礼。"),
		level("high", "高意向", fmt.Sprintf("count(%s, %s) == 0 && %s >= 1", purchase, w, intent), "已加购或结算：及时答疑，限时小额权益促成首单。"),
		level("medium", "中意向", fmt.Sprintf("count(%s, %s) == 0 && %s >= %s", purchase, w, interest, number(times)), "多次浏览：推送同类口碑内容与对比信息。"),
		level("low", "低意向", "", "暂无明显意向：以内容培育，不急于促销。"),
	}
	return nil
}

func (d *draft) byLifecycle(r *reader) error {
	active, drowsy, silent := r.days("active"), r.days("drowsy"), r.days("silent")
	purchase, orders, w := quote(r.purchase()), r.number("mature_orders"), quote(r.window("mature_window"))
	r.That(drowsy > active, "body.params.drowsy", "people are drowsy for longer than they are active")
	r.That(silent > drowsy, "body.params.silent", "people are silent for longer than they are drowsy")
	if err := r.err(); err != nil {
		return err
	}
	within := func(days int) string { return fmt.Sprintf(`active_days("%dd")`, days) }
	d.levels = []Level{
		level("mature", "成熟", fmt.Sprintf("%s >= 1 && count(%s, %s) >= %s", within(active), purchase, w, number(orders)), "稳定复购：会员权益与转介绍，延长生命周期。"),
		level("growing", "成长", fmt.Sprintf(`%s >= 1 && active_days("all") > %s`, within(active), within(active)), "来过不止一阵：引导第二单，形成习惯。"),
		level("new", "新客", within(active)+" >= 1", "刚进来：欢迎语、新手内容、首单引导。"),
		level("drowsy", "瞌睡", within(drowsy)+" >= 1", "近期没来：用感兴趣的内容轻唤醒。"),
		level("silent", "沉默", within(silent)+" >= 1", "较久没来：给出有分量的回归理由。"),
		level("lost", "流失", "", "很久没来：低频召回，控制成本，定期清理。"),
	}
	return nil
}

// viewOf is a level's rule as the API shows it.
func viewOf(show func(string) rulebook.RuleView, text string) *rulebook.RuleView {
	if text == "" {
		return nil
	}
	v := show(text)
	return &v
}
