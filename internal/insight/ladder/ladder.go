// Package ladder is the conversion ladder: interest, demand, trust, and the step that costs something. Each brand says which of its events are which
// rung; the ladder says who stands where, how long the way up takes, and what was different about those who went up.
//
// # Terms
//
// A person reaches a rung by any of its steps, within the span. The rung on which somebody stands is the highest one reached; whoever reaches a rung
// has reached those below it, at the latest in the same moment. A person who had not been on the rung below before came directly; all others rose,
// and waited from the moment in which they had reached the rung below. The last ones are those who rose in the last thirty days of the span. Those who
// stayed stand on the rung below. What the last ones did is counted in the 24 hours before they rose; what the others did, in the 24 hours that end
// with their last event of all. Lift is how many times likelier an event was among the first than among the second.
//
// # Invariants
//
//   - reached(k) = standing(k) + reached(k+1), and reached(k) = direct(k) + rose(k).
//   - What the system says about people (signals) neither lifts anybody nor counts as something done.
//   - A lift is shown with how sure it is: low is the lower end of its 95 % interval (Katz et al. 1978, Biometrics 34, 469–474, with ½ added to
//     each count). It is a hint at what to try, no proof of a cause.
//   - A step whose event the pool has never seen is left out and said so.
package ladder

import (
	"github.com/huoshui/huoshui/internal/insight"
	"github.com/huoshui/huoshui/internal/pool/rulebook"
)

// Rungs is how many rungs there are.
const Rungs = 4

// Rung is a rung as the brand means it.
type Rung struct {
	Key   string         `json:"key" enum:"interest,demand,trust,cost"`
	Title string         `json:"title" maxLength:"60"`
	Steps []insight.Step `json:"steps" nullable:"false" maxItems:"12" doc:"Any of these"`
	Means []string       `json:"means" nullable:"false" maxItems:"8" doc:"What the brand does to lift people onto it; suggestions if empty"`
}

// Definition is the ladder of a brand.
type Definition struct {
	Rungs []Rung `json:"rungs" nullable:"false"`
}

// MadeBy is nobody: there is one ladder.
func (Definition) MadeBy() string { return "" }

// Keys of the rungs, from below.
func keys() [Rungs]string { return [Rungs]string{"interest", "demand", "trust", "cost"} }

// template is what a ladder is until the brand says otherwise: events with the names of the Segment specification, and those of the demo.
func template() Definition {
	steps := func(names ...string) (out []insight.Step) {
		for _, n := range names {
			out = append(out, insight.Step{Event: n})
		}
		return out
	}
	return Definition{Rungs: []Rung{
		{Key: "interest", Title: "兴趣", Steps: steps("Page Viewed", "Screen Viewed", "Product Viewed", "Product List Viewed", "Content Read", "Live Watched", "Official Account Followed", "Store Visited"), Means: []string{}},
		{Key: "demand", Title: "需求", Steps: steps("Products Searched", "Product Added", "Product Added to Wishlist", "Coupon Claimed"), Means: []string{}},
		{Key: "trust", Title: "信任", Steps: steps("Signed Up", "Contact Added", "Group Joined", "Subscribed", "Checkout Started"), Means: []string{}},
		{Key: "cost", Title: "行动成本", Steps: steps("Order Completed"), Means: []string{}},
	}}
}

// means are suggestions of what lifts people onto a rung.
func means(key string) []rulebook.Two {
	switch key {
	case "interest":
		return []rulebook.Two{
			{ZH: "用一个具体的好处做钩子（试用、礼券、指南），让人留下联系方式，而不只是看一眼。", EN: "Offer one concrete benefit (a trial, a coupon, a guide) that is worth leaving a contact for, not only a look."},
			{ZH: "入群或加好友后 24 小时内发一条欢迎语：你能得到什么、多久一次、怎样关掉。", EN: "Welcome newcomers within 24 hours: what they get, how often, and how to stop it."},
		}
	case "demand":
		return []rulebook.Two{
			{ZH: "按浏览过的品类推荐一到三件，并说明「适合谁、解决什么问题」。", EN: "Recommend one to three things from what they looked at, and say whom each is for and what it solves."},
			{ZH: "用两三个问题的小测验帮人说清自己的需求，结果页直接给出方案。", EN: "Help people name what they need with a quiz of two or three questions that ends in an answer."},
		}
	case "trust":
		return []rulebook.Two{
			{ZH: "在决定前给证据：真实评价、检测报告、退换承诺；由一位有名字的顾问答疑。", EN: "Give proof before the decision: real reviews, test reports, a return promise, and an adviser with a name."},
			{ZH: "用小样、体验装或到店体验代替直接卖，让第一次尝试几乎没有风险。", EN: "Let people try before they buy: a sample, a starter pack, a visit, so that the first step carries almost no risk."},
		}
	default:
		return []rulebook.Two{
			{ZH: "降低第一单的成本：新客价、包邮、分期；一次只给一个优惠，并写明截止时间。", EN: "Lower the cost of the first order: a first price, free delivery, instalments; one offer at a time, with its end."},
			{ZH: "加购未付的人，当天提醒一次，次日用客服答疑代替再打折。", EN: "Remind those with a full cart once on the same day; on the next, offer an answer rather than another discount."},
		}
	}
}

// Query asks for it. The span is the last 90 days if empty.
type Query struct {
	insight.Common
	Rungs []Rung `json:"rungs,omitempty" maxItems:"4" doc:"A ladder to try out; the brand's own if empty"`
}

// Of says a number.
type Of struct {
	Who   string `json:"who" enum:"reached,standing,direct,rose,last,did,below" doc:"did: of the last ones, those who did the event; below: nobody's rung was reached"`
	Rung  int    `json:"rung" minimum:"0" maximum:"3"`
	Event string `json:"event,omitempty" maxLength:"200"`
}

// Mover is an event that happened before people rose.
type Mover struct {
	Event  string  `json:"event"`
	People int64   `json:"people" doc:"Of the last ones"`
	Share  float64 `json:"share" doc:"Of the last ones"`
	Stayed float64 `json:"stayed" doc:"Share of those who stayed"`
	Lift   float64 `json:"lift"`
	Low    float64 `json:"low" doc:"Lower end of the 95 % interval of the lift"`
}

// Step is a rung with its people.
type Step struct {
	Rung
	Suggested  []rulebook.Two `json:"suggested" nullable:"false" doc:"Means that fit the rung"`
	Unknown    []string       `json:"unknown" nullable:"false" doc:"Events of its steps that the pool has never seen"`
	Reached    int64          `json:"reached"`
	Standing   int64          `json:"standing"`
	Direct     int64          `json:"direct" doc:"Were not on the rung below before"`
	Rose       int64          `json:"rose"`
	Conversion *float64       `json:"conversion" doc:"Of those who reached the rung below"`
	Wait       *Wait          `json:"wait" doc:"How long those who rose had stood on the rung below"`
	Last       int64          `json:"last" doc:"Rose in the last thirty days of the span"`
	Stayed     int64          `json:"stayed" doc:"Stand on the rung below"`
	Movers     []Mover        `json:"movers" nullable:"false"`
}

// Wait is how long it took, in hours.
type Wait struct {
	Median float64 `json:"median"`
	Low    float64 `json:"low" doc:"First quartile"`
	High   float64 `json:"high" doc:"Third quartile"`
}

// Answer is the answer.
type Answer struct {
	From   string `json:"from"`
	To     string `json:"to"`
	People int64  `json:"people"`
	Below  int64  `json:"below" doc:"Reached no rung"`
	Rungs  []Step `json:"rungs" nullable:"false"`
}
