package belonging_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/httpapi"
	"github.com/huoshui/huoshui/internal/base/httpapi/apitest"
	"github.com/huoshui/huoshui/internal/pool/event"
	"github.com/huoshui/huoshui/internal/pool/ruletest"
	"github.com/huoshui/huoshui/internal/pool/segment"
	"github.com/huoshui/huoshui/internal/pool/tag"
	"github.com/huoshui/huoshui/internal/pool/tier"
)

// Where a person belongs, and the way there, put together from tags by hand, rule tags, tiers and segments; page by page it is the same as at
// once, and it moves along when people become one.
func TestStandingAndHistory(t *testing.T) {
	t.Parallel()
	p := ruletest.SQLite(t)
	ctx := ruletest.Owner(t)
	cookie := event.Identity{Kind: event.AnonymousID, Value: "cookie"}
	p.Send(t, event.Event{ID: "0", Type: event.Page, Name: event.PageViewed, Identities: []event.Identity{cookie}})
	p.Send(t, event.Event{ID: "1", Name: event.OrderCompleted, Identities: ruletest.User("a"), Properties: []byte(`{"revenue":5}`)})
	_, err := p.Tags.Create(ctx, tag.CreateInput{Key: "hand", Title: "手工"}, "")
	require.NoError(t, err)
	_, err = p.Tags.Create(ctx, tag.CreateInput{Key: "auto", Title: "自动", Mode: tag.ByRule, Rule: `count("Order Completed", "all") >= 2`}, "")
	require.NoError(t, err)
	_, err = p.Segments.Create(ctx, segment.CreateInput{Key: "two", Title: "两单", Rule: `count("Order Completed", "all") >= 2`}, "")
	require.NoError(t, err)
	_, err = p.Segments.Create(ctx, segment.CreateInput{Key: "then", Title: "那时", Rule: `count("Page Viewed", "all") >= 1`, Mode: segment.Static}, "")
	require.NoError(t, err)
	_, err = p.Tiers.Create(ctx, tier.Input{Key: "v", Title: "价值", Levels: []tier.LevelInput{
		{Key: "high", Title: "高", Rule: `count("Order Completed", "all") >= 2`, Strategy: "用心"}, {Key: "rest", Title: "其余"},
	}}, "")
	require.NoError(t, err)
	p.Settle(t)
	p.Clock.Add(time.Hour)
	for i := range 3 {
		in := tag.PersonInput{Add: []string{"hand"}}
		if i == 1 {
			in = tag.PersonInput{Remove: []string{"hand"}}
		}
		_, err = p.Tags.Change(ctx, p.Person(t, "a"), in)
		require.NoError(t, err)
		p.Clock.Add(time.Minute)
	}
	p.Send(t, event.Event{ID: "2", Name: event.OrderCompleted, Identities: ruletest.User("a"), Properties: []byte(`{"revenue":5}`)})
	p.Settle(t)
	p.Clock.Add(time.Minute)
	old := p.Person(t, "a")
	p.Send(t, event.Event{ID: "3", Type: event.Identify, Name: event.Identified, Identities: append(ruletest.User("a"), cookie)})
	p.Settle(t)

	st, err := p.Belonging.Of(ctx, old)
	require.NoError(t, err)
	require.Equal(t, p.Person(t, "a"), st.Person, "by the number from before they became one")
	var have []string
	for _, one := range st.Tags {
		have = append(have, fmt.Sprintf("tag %s by %s", one.Title, one.Source))
	}
	for _, one := range st.Tiers {
		have = append(have, fmt.Sprintf("tier %s %s %s", one.Title, one.LevelTitle, one.Strategy))
	}
	for _, one := range st.Segments {
		have = append(have, fmt.Sprintf("segment %s %s", one.Title, one.Mode))
	}
	require.ElementsMatch(t, []string{"tag 手工 by hand", "tag 自动 by rule", "tier 价值 高 用心", "segment 两单 live", "segment 那时 static"}, have)

	all, err := p.Belonging.History(ctx, old, httpapi.Paging{Limit: 100})
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(all.Items), 6)
	require.Empty(t, all.Next)
	var paged []any
	page := httpapi.Paging{Limit: 2}
	for {
		some, err := p.Belonging.History(ctx, old, page)
		require.NoError(t, err)
		for _, s := range some.Items {
			paged = append(paged, s)
		}
		if page.Cursor = some.Next; page.Cursor == "" {
			break
		}
	}
	var whole []any
	for _, s := range all.Items {
		whole = append(whole, s)
	}
	require.Equal(t, whole, paged)
	_, err = p.Belonging.Of(ctx, 999)
	require.Equal(t, "person.not_found", fault.CodeOf(err))
	apitest.Start(t, p.Routes).NobodyEnters(t)
}
