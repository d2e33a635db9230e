package tier

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/pool/event"
	"github.com/huoshui/huoshui/internal/pool/rule"
	"github.com/huoshui/huoshui/internal/pool/rulebook"
)

func told(v any) ([]byte, error) { return json.Marshal(v) }

// Template is a ready-made dimension.
type Template string

// The templates.
const (
	ByRFM       Template = "rfm"
	BySpend     Template = "spend"
	ByActivity  Template = "activity"
	ByIntention Template = "intention"
	ByLifecycle Template = "lifecycle"
)

func allTemplates() []Template {
	return []Template{ByRFM, BySpend, ByActivity, ByIntention, ByLifecycle}
}

// Params are the parameters of a template, by name.
type Params map[string]json.RawMessage

// Param describes a parameter.
type Param struct {
	Name    string          `json:"name"`
	Title   rulebook.Two    `json:"title"`
	Kind    string          `json:"kind"    enum:"number,days,window,event,events,choice,money,numbers"`
	Default json.RawMessage `json:"default"`
	Min     float64         `json:"min"`
	Max     float64         `json:"max"     doc:"0: no bound"`
	Choices []string        `json:"choices" nullable:"false"`
}

// TemplateView describes a template.
type TemplateView struct {
	Template    Template     `json:"template"`
	Title       rulebook.Two `json:"title"`
	Description rulebook.Two `json:"description"`
	Params      []Param      `json:"params"  nullable:"false"`
	StayDays    int          `json:"stay_days"`
	GraceDays   int          `json:"grace_days"`
}

func two(zh, en string) rulebook.Two { return rulebook.Two{ZH: zh, EN: en} }

func param(name, zh, en, kind string, otherwise any, bounds ...float64) Param {
	b, _ := told(otherwise) // texts, numbers and lists of them
	p := Param{Name: name, Title: two(zh, en), Kind: kind, Default: b, Choices: []string{}}
	if len(bounds) == 2 {
		p.Min, p.Max = bounds[0], bounds[1]
	}
	return p
}

func choice(name, zh, en, otherwise string, choices ...string) Param {
	p := param(name, zh, en, "choice", otherwise)
	p.Choices = choices
	return p
}

// Choices of where cut-offs come from and how often quantiles are taken anew.
const (
	byQuantile = "quantile"
	byFixed    = "fixed"
	never      = "never"
	weekly     = "weekly"
	monthly    = "monthly"
)

// Templates describe what there is ready-made.
func Templates() []TemplateView {
	purchase := param("event", "购买事件", "Purchase event", "event", event.OrderCompleted)
	by := choice("by", "分界方式", "Cut-offs by", byQuantile, byQuantile, byFixed)
	refresh := choice("refresh", "分位数重新计算", "Take quantiles anew", never, never, weekly, monthly)
	return []TemplateView{
		{
			Template: ByRFM, Title: two("价值分层（RFM）", "Value (RFM)"), StayDays: 0, GraceDays: 7,
			Description: two("按最近购买、购买次数、购买金额三项的高低分成八类，外加未购买。", "Eight kinds by recency, frequency and money, and those who have not bought."),
			Params: []Param{
				purchase, param("window", "统计窗口", "Window", "window", "all"), by,
				param("quantile", "分位数", "Quantile", "number", 0.5, 0.05, 0.95),
				param("recency", "近期购买（天内）", "Recent within (days)", "days", 90, 0, 3650),
				param("frequency", "高频（次以上）", "Frequent from (times)", "number", 2, 1, 10000),
				param("monetary", "高额（金额以上）", "High from (amount)", "money", 500, 0, 1e9), refresh,
			},
		},
		{
			Template: BySpend, Title: two("消费分层", "Spend"), StayDays: 0, GraceDays: 7,
			Description: two("按一段时间内的消费金额分档。", "By what people spent in a while."),
			Params: []Param{
				purchase, param("window", "统计窗口", "Window", "window", "365d"), by,
				param("quantiles", "分位数（由低到高）", "Quantiles, rising", "numbers", []float64{0.5, 0.8, 0.95}, 0.01, 0.99),
				param("amounts", "金额分界（由低到高）", "Amounts, rising", "numbers", []float64{200, 1000, 5000}, 0, 1e9), refresh,
			},
		},
		{
			Template: ByActivity, Title: two("活跃分层", "Activity"), StayDays: 0, GraceDays: 3,
			Description: two("普通、活跃、核心，看最近有几天来过和买过几次。", "Ordinary, active and core, by days with activity and purchases."),
			Params: []Param{
				param("window", "统计窗口", "Window", "window", "30d"), param("active_days", "活跃：来过的天数", "Active from (days)", "number", 3, 1, 365),
				param("core_days", "核心：来过的天数", "Core from (days)", "number", 10, 1, 365), purchase,
				param("core_orders", "核心：购买次数（0 不看）", "Core also from (purchases, 0 none)", "number", 2, 0, 1000),
			},
		},
		{
			Template: ByIntention, Title: two("意向分层", "Intention"), StayDays: 0, GraceDays: 2,
			Description: two("低意向、中意向、高意向、续购意向，看最近的浏览、加购和结算。", "Low, medium, high and renewing, by recent views, carts and checkouts."),
			Params: []Param{
				param("window", "统计窗口", "Window", "window", "14d"), param("interest", "感兴趣的事件", "Events of interest", "events", []string{"Product Viewed", event.PageViewed}),
				param("times", "中意向：次数", "Medium from (times)", "number", 3, 1, 10000),
				param("intent", "强意向的事件", "Events of strong intent", "events", []string{"Product Added", "Checkout Started"}), purchase,
			},
		},
		{
			Template: ByLifecycle, Title: two("生命周期", "Lifecycle"), StayDays: 0, GraceDays: 0,
			Description: two("新客、成长、成熟、瞌睡、沉默、流失，看首次来、最近来和复购。", "New, growing, mature, drowsy, silent and lost, by first and last activity and repeat purchases."),
			Params: []Param{
				param("active", "活跃期（天）", "Active within (days)", "days", 30, 1, 3650), param("drowsy", "瞌睡期（天）", "Drowsy within (days)", "days", 90, 1, 3650),
				param("silent", "沉默期（天）", "Silent within (days)", "days", 180, 1, 3650), purchase,
				param("mature_orders", "成熟：购买次数", "Mature from (purchases)", "number", 2, 1, 1000),
				param("mature_window", "成熟：统计窗口", "Mature within (window)", "window", "365d"),
			},
		},
	}
}

// CutoffValue is a figure that parts levels.
type CutoffValue struct {
	Name     string       `json:"name"`
	Title    rulebook.Two `json:"title"`
	Unit     string       `json:"unit" enum:"days,orders,money"`
	Quantile *float64     `json:"quantile"`
	Value    float64      `json:"value"`
}

// Cutoffs are the figures in the rules of a dimension.
type Cutoffs struct {
	By     string        `json:"by" enum:"quantile,fixed"`
	At     int64         `json:"at" doc:"Microseconds since 1970 when they were taken"`
	People int64         `json:"people" doc:"Buyers counted; 0 of fixed ones"`
	Values []CutoffValue `json:"values" nullable:"false"`
}

// reader reads parameters, filled up with what is usual.
type reader struct {
	fault.Check
	params Params
	known  map[string]Param
}

// full are the parameters of a template with the usual ones filled in.
func full(t Template, in Params) (*reader, error) {
	i := slices.IndexFunc(Templates(), func(v TemplateView) bool { return v.Template == t })
	if i < 0 {
		return nil, fault.New(fault.Invalid, "tier.template", "there is no template %q", t)
	}
	r := &reader{params: Params{}, known: map[string]Param{}}
	for _, p := range Templates()[i].Params {
		r.params[p.Name], r.known[p.Name] = p.Default, p
	}
	for name, value := range in {
		_, known := r.known[name]
		r.That(known, "body.params."+name, "the template has no such parameter")
		if known && string(value) != "null" {
			r.params[name] = value
		}
	}
	return r, nil
}

func (r *reader) err() error {
	return r.Err("tier.params", "the parameters cannot be used; see errors")
}

func (r *reader) read(name string, into any, what string) {
	err := json.Unmarshal(r.params[name], into)
	r.That(err == nil, "body.params."+name, "this must be %s", what)
}

func (r *reader) within(name string, f float64) {
	p := r.known[name]
	r.That(p.Min == 0 && p.Max == 0 || f >= p.Min && f <= p.Max, "body.params."+name, "this lies between %v and %v", p.Min, p.Max)
}

func (r *reader) number(name string) float64 {
	var f float64
	r.read(name, &f, "a number")
	r.within(name, f)
	return f
}

func (r *reader) days(name string) int {
	f := r.number(name)
	r.That(f == math.Trunc(f), "body.params."+name, "this must be whole days")
	return int(f)
}

func (r *reader) numbers(name string) []float64 {
	var list []float64
	r.read(name, &list, "a list of numbers")
	r.That(len(list) >= 1 && len(list) <= 6, "body.params."+name, "give 1 to 6 numbers")
	for i, f := range list {
		r.within(name, f)
		r.That(i == 0 || f > list[i-1], "body.params."+name, "each must be larger than the one before")
	}
	return list
}

func (r *reader) text(name string) string {
	var s string
	r.read(name, &s, "a text")
	return s
}

func (r *reader) choice(name string) string {
	s := r.text(name)
	r.That(slices.Contains(r.known[name].Choices, s), "body.params."+name, "this is one of %s", strings.Join(r.known[name].Choices, ", "))
	return s
}

// purchase is the event that all templates call "event".
func (r *reader) purchase() string {
	s := r.text("event")
	r.That(s != "", "body.params.event", "name an event")
	return s
}

func (r *reader) window(name string) string {
	s := r.text(name)
	_, problems := rule.Parse(fmt.Sprintf(`active_days(%s) >= 1`, quote(s)), nil)
	r.That(len(problems) == 0, "body.params."+name, `a window is "all", or days such as "30d"`)
	return s
}

// events are those of a list that the pool has seen, all of them if it has seen none yet.
func (r *reader) events(name string, seen func(string) bool) []string {
	var list []string
	r.read(name, &list, "a list of events")
	r.That(len(list) <= 20, "body.params."+name, "name at most 20 events")
	var out []string
	for _, e := range list {
		if seen(e) {
			out = append(out, e)
		}
	}
	r.That(len(out) > 0, "body.params."+name, "the pool has seen none of these events; choose some that it has")
	return out
}
