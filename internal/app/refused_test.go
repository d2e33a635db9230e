package app

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/base/actor"
	"github.com/huoshui/huoshui/internal/collect/reject"
	"github.com/huoshui/huoshui/internal/pool/event"
)

// What got into the log past the intake stops nothing: it is among the rejected events with its reason, and counts once it is mended.
func TestPoisonIsSetAside(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := serve(t, dir)
	good := func(id string, who ...event.Identity) event.Event {
		return event.Event{ID: id, Type: event.Track, Name: "Product Viewed", Time: 1_800_000_000_000_000, Received: 1_800_000_000_000_000, Identities: who}
	}
	lin, phone := event.Identity{Kind: event.UserID, Value: "lin"}, event.Identity{Kind: event.Phone, Value: "+8613800138000\xff"}
	card := event.Identity{Kind: event.OpenID, Scope: "wxapp", Value: "o1"}
	broken, first, last := good("broken", lin, phone, card), good("first", lin), good("last", lin)
	broken.Properties = []byte(`{"sku":"t1"}`)
	body := event.Append(nil, &first)
	body = event.Append(body, &broken)
	body = append(body, 0x0a, 2, 0x0a, 9)
	body = event.Append(body, &last)
	at, err := s.log.Append(t.Context(), body)
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	require.NoError(t, s.pipeline.Wait(ctx, at))

	list, err := s.rejected.List(t.Context(), reject.Query{State: reject.Waiting, Limit: 10})
	require.NoError(t, err)
	require.Equal(t, []reject.CodeCount{{Code: "event.identity_text", N: 1}, {Code: "event.unreadable", N: 1}}, list.ByCode)
	mend := list.Items[1]
	require.Contains(t, string(mend.Body), `"messageId":"broken"`)
	require.Contains(t, mend.Reason.Text, "not valid UTF-8")
	reason, err := s.Rejects.Fix(actor.With(t.Context(), actor.Itself()), reject.FixInput{ID: mend.ID, Body: strings.ReplaceAll(string(mend.Body), "\uFFFD", "")})
	require.NoError(t, err)
	require.Nil(t, reason)
	s.end(t)
	sums := totals(t, dir)
	require.EqualValues(t, 3, sums.Events)
	require.EqualValues(t, 1, sums.People)

	s = serve(t, dir)
	p, err := s.People.By(actor.With(t.Context(), actor.Itself()), card)
	require.NoError(t, err)
	require.Len(t, p.Identities, 3, "user, phone and card, in the form that intake gives them")
	require.EqualValues(t, 3, p.Events)
}
