package rulebook

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/pool/event"
	"github.com/huoshui/huoshui/internal/pool/identity"
	"github.com/huoshui/huoshui/internal/pool/rule"
	"github.com/huoshui/huoshui/internal/pool/standing"
)

// signals are the events that the system itself says about people, which a rule may name before the first has come.
func signals() []string {
	return []string{"Segment Entered", "Segment Exited", "Tier Changed", "Tag Added", "Tag Removed"}
}

// Schema is what a rule may name now.
func (b *Book) Schema(ctx context.Context) (*rule.Schema, error) {
	entries, err := b.Entries(ctx)
	if err != nil {
		return nil, err
	}
	b.mu.RLock()
	seen := b.seen
	b.mu.RUnlock()
	s := &rule.Schema{
		Events: slices.Sorted(maps.Keys(seen.events)),
		Tags:   []string{}, Segments: []string{}, Tiers: []rule.Dimension{}, Kinds: []string{}, Traits: []rule.Field{},
		Properties: seen.properties,
	}
	// An empty pool may be prepared before the first event comes: nothing is known, so no name of an event is wrong.
	if len(s.Events) == 0 {
		s.Events = nil
	} else {
		s.Events = append(s.Events, signals()...)
		slices.Sort(s.Events)
		s.Events = slices.Compact(s.Events)
	}
	for _, name := range slices.Sorted(maps.Keys(seen.traits)) {
		s.Traits = append(s.Traits, rule.Field{Name: name, Type: seen.traits[name].of()})
	}
	if len(seen.events) == 0 {
		s.Traits = nil
	}
	for _, e := range entries {
		if e.Archived {
			continue
		}
		switch e.Owner {
		case standing.Tag:
			s.Tags = append(s.Tags, e.Key)
		case standing.Segment:
			s.Segments = append(s.Segments, e.Key)
		case standing.Tier:
			d := rule.Dimension{Key: e.Key}
			for _, l := range e.Levels {
				d.Levels = append(d.Levels, l.Key)
			}
			s.Tiers = append(s.Tiers, d)
		}
	}
	kinds := b.o.Kinds()
	for _, k := range kinds {
		s.Kinds = append(s.Kinds, k.Kind)
	}
	if b.o.Purposes != nil {
		s.Purposes = append([]string{}, b.o.Purposes()...)
	}
	s.Words = rule.Words{Currency: b.o.Currency(), Title: titles(entries, kinds)}
	return s, nil
}

func (s *seen) properties(name string) []rule.Field {
	e := s.events[name]
	if e == nil {
		return nil
	}
	out := make([]rule.Field, 0, len(e.Fields))
	for _, field := range slices.Sorted(maps.Keys(e.Fields)) {
		out = append(out, rule.Field{Name: field, Type: e.Fields[field].of()})
	}
	return out
}

// titles are the pool's own names for what has them.
func titles(entries []Entry, kinds []identity.Kind) func(rule.What, string, string) string {
	known := map[rule.What]map[string]string{rule.TagWord: {}, rule.SegmentWord: {}, rule.DimensionWord: {}, rule.LevelWord: {}}
	for _, e := range entries {
		switch e.Owner {
		case standing.Tag:
			known[rule.TagWord][e.Key] = e.Title
		case standing.Segment:
			known[rule.SegmentWord][e.Key] = e.Title
		case standing.Tier:
			known[rule.DimensionWord][e.Key] = e.Title
			for _, l := range e.Levels {
				known[rule.LevelWord][e.Key+"/"+l.Key] = l.Title
			}
		}
	}
	return func(what rule.What, key, lang string) string {
		if what == rule.EventWord && lang == "zh" {
			return eventsZH()[key]
		}
		if what == rule.KindWord {
			i := slices.IndexFunc(kinds, func(k identity.Kind) bool { return k.Kind == key })
			switch {
			case i < 0:
				return ""
			case lang == "zh":
				return kinds[i].TitleZH
			default:
				return kinds[i].Title
			}
		}
		return known[what][key]
	}
}

// eventsZH are the Chinese names of the events that the system and the e-commerce vocabulary of the Segment specification know.
func eventsZH() map[string]string {
	return map[string]string{
		event.OrderCompleted: "完成订单", event.OrderCancelled: "取消订单", "Order Refunded": "退款", "Order Updated": "更新订单",
		event.PageViewed: "浏览页面", event.ScreenViewed: "浏览界面", event.Identified: "更新资料", event.Grouped: "加入群组",
		"Product Viewed": "浏览商品", "Product List Viewed": "浏览商品列表", "Products Searched": "搜索商品", "Product Clicked": "点击商品",
		"Product Added": "加入购物车", "Product Removed": "移出购物车", "Cart Viewed": "查看购物车", "Checkout Started": "开始结算",
		"Payment Info Entered": "填写支付信息", "Coupon Applied": "使用优惠券", "Product Shared": "分享商品", "Product Reviewed": "评价商品",
		"Product Added to Wishlist": "收藏商品", "Signed Up": "注册", "Signed In": "登录", "Email Opened": "打开邮件", "Message Opened": "打开消息",
		"Segment Entered": "进入人群", "Segment Exited": "离开人群", "Tier Changed": "分层变化", "Tag Added": "打上标签", "Tag Removed": "移除标签",
	}
}

// FieldView is a property or trait in the schema.
type FieldView struct {
	Name   string           `json:"name"`
	Type   string           `json:"type" enum:"text,number,bool,mixed"`
	Seen   int64            `json:"seen" doc:"In how many of the events looked at"`
	Values []jsontext.Value `json:"values" nullable:"false" doc:"Examples, the most frequent first; none of personal data"`
}

// EventView is an event in the schema.
type EventView struct {
	Name       string      `json:"name"`
	TitleZH    string      `json:"title_zh"`
	Events     int64       `json:"events"`
	LastAt     time.Time   `json:"last_at"`
	Properties []FieldView `json:"properties" nullable:"false"`
}

// TagView is a tag in the schema.
type TagView struct {
	Key   string `json:"key"`
	Title string `json:"title"`
	Group string `json:"group"`
	Color string `json:"color"`
}

// TierView is a tier dimension in the schema.
type TierView struct {
	Key    string  `json:"key"`
	Title  string  `json:"title"`
	Levels []Level `json:"levels" nullable:"false"`
}

// SegmentView is a segment in the schema.
type SegmentView struct {
	Key   string `json:"key"`
	Title string `json:"title"`
	Mode  string `json:"mode"`
}

// KindView is an identity kind in the schema.
type KindView struct {
	Kind    string `json:"kind"`
	Title   string `json:"title"`
	TitleZH string `json:"title_zh"`
}

// SchemaView is the schema for a rule builder.
type SchemaView struct {
	Events    []EventView   `json:"events" nullable:"false"`
	Traits    []FieldView   `json:"traits" nullable:"false"`
	Tags      []TagView     `json:"tags" nullable:"false"`
	TagGroups []Group       `json:"tag_groups" nullable:"false"`
	Tiers     []TierView    `json:"tiers" nullable:"false"`
	Segments  []SegmentView `json:"segments" nullable:"false"`
	Kinds     []KindView    `json:"kinds" nullable:"false"`
	Channels  []string      `json:"channels" nullable:"false"`
	Purposes  []string      `json:"purposes" nullable:"false"`
	TimeZone  string        `json:"time_zone"`
	Currency  string        `json:"currency"`
	At        time.Time     `json:"at"`
}

// View is the schema with counts and examples.
func (b *Book) View(ctx context.Context) (SchemaView, error) {
	entries, err := b.Entries(ctx)
	if err != nil {
		return SchemaView{}, err
	}
	b.mu.RLock()
	s := b.seen
	b.mu.RUnlock()
	v := SchemaView{
		Events: []EventView{}, Tags: []TagView{}, TagGroups: []Group{}, Tiers: []TierView{}, Segments: []SegmentView{}, Kinds: []KindView{},
		Channels: slices.AppendSeq([]string{}, maps.Keys(s.channels)), Purposes: []string{}, Traits: fields(s.traits),
		TimeZone: b.o.Zone().String(), Currency: b.o.Currency(), At: b.o.Clock.Now(),
	}
	slices.Sort(v.Channels)
	zh := eventsZH()
	for name, e := range s.events {
		v.Events = append(v.Events, EventView{Name: name, TitleZH: zh[name], Events: e.Events, LastAt: state.Time(e.Last), Properties: fields(e.Fields)})
	}
	slices.SortFunc(v.Events, func(a, b EventView) int { return cmp.Or(cmp.Compare(b.Events, a.Events), cmp.Compare(a.Name, b.Name)) })
	for _, e := range entries {
		switch {
		case e.Archived:
		case e.Owner == standing.Tag:
			v.Tags = append(v.Tags, TagView{e.Key, e.Title, e.Group, e.Color})
		case e.Owner == standing.Segment:
			v.Segments = append(v.Segments, SegmentView{e.Key, e.Title, e.Mode})
		case e.Owner == standing.Tier:
			v.Tiers = append(v.Tiers, TierView{e.Key, e.Title, e.Levels})
		}
	}
	for _, k := range b.o.Kinds() {
		v.Kinds = append(v.Kinds, KindView{k.Kind, k.Title, k.TitleZH})
	}
	if b.o.Purposes != nil {
		v.Purposes = append(v.Purposes, b.o.Purposes()...)
	}
	if b.groups != nil {
		groups, err := b.groups(ctx)
		if err != nil {
			return SchemaView{}, err
		}
		v.TagGroups = append(v.TagGroups, groups...)
	}
	return v, nil
}

func fields(in map[string]*fieldSeen) []FieldView {
	out := make([]FieldView, 0, len(in))
	for name, f := range in {
		out = append(out, FieldView{Name: name, Type: f.word(), Seen: f.times(), Values: f.examples()})
	}
	slices.SortFunc(out, func(a, b FieldView) int { return cmp.Or(cmp.Compare(b.Seen, a.Seen), cmp.Compare(a.Name, b.Name)) })
	return out
}
