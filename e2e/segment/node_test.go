//go:build e2e

package segment

import (
	"encoding/json"
	"os/exec"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// The official Node.js library, unmodified.
func TestNodeLibrary(t *testing.T) {
	t.Parallel()
	install, err := exec.CommandContext(t.Context(), "../../scripts/npm.sh", "e2e/segment").CombinedOutput()
	require.NoError(t, err, string(install))
	t.Run("right key", nodeRightKey)
	t.Run("wrong key", nodeWrongKey)
}

// Everything it sends arrives once, on the right person, as it was said.
func nodeRightKey(t *testing.T) {
	t.Parallel()
	s := start(t)
	out, err := exec.CommandContext(t.Context(), "node", "send.mjs", s.url, s.writeKey).Output()
	require.NoError(t, err)
	var said struct {
		Statuses []int
		Errors   []string
	}
	require.NoError(t, json.Unmarshal(out, &said), string(out))
	require.Empty(t, said.Errors)
	require.GreaterOrEqual(t, len(said.Statuses), 4, "several batches")
	for _, status := range said.Statuses {
		require.Equal(t, 200, status)
	}
	s.settled(t)

	var p person
	s.get(t, "/people/find?kind=user_id&value=node-member", &p)
	require.ElementsMatch(t, []string{"user_id node-member", "anonymous_id node-visitor", "anonymous_id node-earlier", "phone +8613800138000", "email lin.xiao@example.com"}, p.identities())
	require.Equal(t, "杭州", p.Traits["city"])
	require.Equal(t, "林晓", p.Name)
	require.Equal(t, 1, p.Orders)

	events := s.timeline(t, p)
	counts := map[string]int{}
	for name, list := range events {
		counts[name] = len(list)
	}
	require.Equal(t, map[string]int{
		"Product Viewed": 1, "Identified": 1, "Page Viewed": 1, "Screen Viewed": 1, "Grouped": 1, "Order Completed": 1, "Aliased": 1, "Button Pressed": 200,
	}, counts)
	viewed := events["Product Viewed"][0]
	require.JSONEq(t, `{"name":"茉莉花茶 🍵","price":68.5,"tags":["茶","it's"],"nested":{"deep":[null,true]}}`, jsonOf(t, viewed.Properties))
	require.Equal(t, "2026-03-04T05:06:07.089Z", viewed.Time.UTC().Format(time.RFC3339Nano), "a right clock is not corrected")
	require.NotContains(t, viewed.Context, "ip", "the address of the shop's server is not the visitor's")
	require.Subset(t, viewed.Context["library"], map[string]any{"name": "@segment/analytics-node"})
	order := events["Order Completed"][0]
	require.Equal(t, "203.0.113.7", order.Context["ip"])
	require.Equal(t, map[string]any{"source": "wechat", "medium": "social"}, order.Context["campaign"])
	require.JSONEq(t, `{"path":"/start","name":"Start","category":"Docs"}`, jsonOf(t, events["Page Viewed"][0].Properties))
	require.JSONEq(t, `{"groupId":"club-1","traits":{"plan":"gold"}}`, jsonOf(t, events["Grouped"][0].Properties))
}

// With a wrong key the library reports the failure and does not try for ever.
func nodeWrongKey(t *testing.T) {
	t.Parallel()
	s := start(t)
	out, err := exec.CommandContext(t.Context(), "node", "send.mjs", s.url, "hs_wk_wrong").Output()
	require.NoError(t, err)
	var said struct {
		Statuses []int
		Errors   []string
	}
	require.NoError(t, json.Unmarshal(out, &said), string(out))
	require.NotEmpty(t, said.Errors)
	for _, status := range said.Statuses {
		require.Equal(t, 401, status)
	}
	var totals struct{ Events int }
	s.get(t, "/totals", &totals)
	require.Zero(t, totals.Events)
}
