package brand_test

import (
	"bytes"
	"encoding/json"
	"hash/fnv"
	"slices"
	"sort"
	"testing"
	"time"

	"github.com/nyaruka/phonenumbers"
	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/pool/event"
	"github.com/huoshui/huoshui/internal/sim/brand"
)

func now() time.Time { return time.Date(2026, 10, 3, 4, 5, 6, 7000, time.UTC) }

// digest folds the stored form of all events into one number.
func digest(b *brand.Brand) (uint64, int) {
	h, n := fnv.New64a(), 0
	var buffer []byte
	for e := range b.Events {
		buffer = event.Append(buffer[:0], &e)
		_, _ = h.Write(buffer)
		n++
	}
	return h.Sum64(), n
}

// The same seed, moment and size give the same bytes, however often; another seed gives others.
func TestHistoryIsDeterministic(t *testing.T) {
	t.Parallel()
	a := brand.New(7, now(), 300)
	first, n := digest(a)
	again, _ := digest(a)
	other, _ := digest(brand.New(7, now(), 300))
	require.Equal(t, first, again, "ranging twice")
	require.Equal(t, first, other, "a second brand")
	require.Positive(t, n)
	different, _ := digest(brand.New(8, now(), 300))
	require.NotEqual(t, first, different)
}

// Every event is one that intake would take: valid by the pool's rules, an id of its own, JSON objects, a time in order and within the history.
func TestEventsAreValid(t *testing.T) {
	t.Parallel()
	b := brand.New(1, now(), 1000)
	ids := map[string]bool{}
	last := b.From().UnixMicro()
	for e := range b.Events {
		if err := e.Validate(now().UnixMicro()); err != nil {
			t.Fatalf("%s: %v", e.ID, err)
		}
		if e.Time < last || ids[e.ID] {
			t.Fatalf("%s comes before the one before it, or twice", e.ID)
		}
		last = e.Time
		ids[e.ID] = true
		for k, i := range e.Identities {
			if slices.Contains(e.Identities[:k], i) {
				t.Fatalf("%s has the identity %v twice", e.ID, i)
			}
		}
		for _, raw := range [][]byte{e.Properties, e.Traits, e.Context} {
			if raw != nil && (raw[0] != '{' || !json.Valid(raw) || len(raw) > 2500) {
				t.Fatalf("%s: %s", e.Name, raw)
			}
		}
	}
	require.LessOrEqual(t, last, now().UnixMicro())
	require.Greater(t, last, now().Add(-3*time.Hour).UnixMicro(), "the story ends now")
}

// forest joins identities into people, as a pool without guards would.
type forest map[string]string

func (f forest) root(k string) string {
	for f[k] != "" && f[k] != k {
		k = f[k]
	}
	return k
}

func (f forest) join(a, b string) {
	a, b = f.root(a), f.root(b)
	f[a], f[b] = a, a
}

// The identities of the events, taken together, are exactly the people, once what is shared on purpose is left out.
func TestIdentitiesMakeThePeople(t *testing.T) {
	t.Parallel()
	b := brand.New(3, now(), 3000)
	users := map[string]map[string]bool{} // per anonymous id or phone
	var all []event.Event
	for e := range b.Events {
		all = append(all, e)
		user := ""
		for _, i := range e.Identities {
			if i.Kind == event.UserID {
				user = i.Value
			}
		}
		for _, i := range e.Identities {
			if i.Kind == event.AnonymousID || i.Kind == event.Phone {
				if users[i.Key()] == nil {
					users[i.Key()] = map[string]bool{}
				}
				if user != "" {
					users[i.Key()][user] = true
				}
			}
		}
	}
	shared := map[string]int{}
	people := forest{}
	for _, e := range all {
		var keys []string
		for _, i := range e.Identities {
			if len(users[i.Key()]) > 1 {
				shared[i.Kind]++
				continue
			}
			keys = append(keys, i.Key())
		}
		for _, k := range keys {
			people.join(keys[0], k)
		}
	}
	roots := map[string]bool{}
	for k := range people {
		roots[people.root(k)] = true
	}
	tablets := 0
	for k, u := range users {
		if event.ParseKey(k).Kind == event.AnonymousID && len(u) > 3 {
			tablets++
		}
	}
	require.Positive(t, shared[event.Phone], "some telephones belong to two members")
	require.Equal(t, 3, tablets, "the shops' tablets are used by many")
	require.InDelta(t, b.People(), len(roots), 3, "a visit to a tablet before signing in belongs to nobody, otherwise one root a person")
}

type buyer struct {
	orders int
	spent  float64
}

// Numbers that an operator would recognise: repeat buyers, a Pareto-like share of the best, cancellations, seasons, hours, all four classes.
func TestBrandIsBelievable(t *testing.T) {
	t.Parallel()
	const people = 5000 // the demo has four times as many
	b := brand.New(1, now(), people)
	require.Equal(t, people, b.People())
	buyers, names, classes, channels := map[string]*buyer{}, map[string]int{}, map[string]int{}, map[string]int{}
	hours, dates := [24]int{}, map[string]int{}
	events := 0
	for e := range b.Events {
		events++
		names[e.Name]++
		local := time.UnixMicro(e.Time).In(time.FixedZone("CST", 8*3600))
		hours[local.Hour()]++
		if bytes.Contains(e.Context, []byte(`"channel":{`)) {
			var c struct {
				Channel struct{ Key, Class, Name string }
			}
			if err := json.Unmarshal(e.Context, &c); err != nil {
				t.Fatal(err)
			}
			if c.Channel.Key != "" {
				classes[c.Channel.Class]++
				channels[c.Channel.Key]++
			}
		}
		if e.Name == event.OrderCompleted {
			var p struct {
				OrderID  string `json:"order_id"`
				Revenue  float64
				Currency string
				Products []struct {
					Price    float64
					Quantity int
				}
			}
			if err := json.Unmarshal(e.Properties, &p); err != nil {
				t.Fatal(err)
			}
			if p.Currency != "CNY" || p.Revenue <= 0 || len(p.Products) == 0 || e.Identities[0].Kind != event.UserID {
				t.Fatalf("not an order of a member: %s", e.Properties)
			}
			u := e.Identities[0].Value
			if buyers[u] == nil {
				buyers[u] = &buyer{}
			}
			buyers[u].orders++
			buyers[u].spent += p.Revenue
			dates[local.Format("01-02")]++
		}
	}
	require.InDelta(t, 26, float64(events)/people, 4, "events a person: half a million for twenty thousand")
	for _, class := range []string{"owned", "partner", "external", "offline"} {
		require.Greater(t, classes[class], people/10, class)
	}
	require.Len(t, channels, len(b.Channels()), "people come through every channel")
	require.InDelta(t, 60, len(b.Products()), 3)

	var spent []float64
	repeat, total, orders := 0, 0.0, 0
	for _, u := range buyers {
		spent = append(spent, u.spent)
		total += u.spent
		orders += u.orders
		if u.orders > 1 {
			repeat++
		}
	}
	sort.Sort(sort.Reverse(sort.Float64Slice(spent)))
	best := 0.0
	for _, x := range spent[:len(spent)/5] {
		best += x
	}
	share := float64(repeat) / float64(len(buyers))
	require.InDelta(t, 0.31, float64(len(buyers))/people, 0.08, "share of people who ever buy")
	require.InDelta(t, 0.55, share, 0.12, "share of buyers who buy again")
	require.InDelta(t, 0.6, best/total, 0.12, "share of the best fifth")
	require.InDelta(t, 250, total/float64(orders), 80, "average order in yuan")
	require.InDelta(t, 0.035, float64(names[event.OrderCancelled])/float64(orders), 0.012)
	require.Greater(t, hours[21], 8*hours[4], "people sleep")
	require.Greater(t, dates["11-11"], 2*dates["11-25"], "Double 11")
	for _, n := range []string{
		event.PageViewed, event.ScreenViewed, "Product Viewed", "Product Added", "Checkout Started", "Coupon Claimed", "Content Read", "Live Watched",
		"Group Joined", "Message Read", "Referral Shared", "Invitation Accepted", "Signed Up", "Store Visited", "Contact Added", "Official Account Followed",
		"Product Reviewed", "Order Refunded", "Products Searched", "Product List Viewed",
	} {
		require.Greater(t, names[n], 20, n)
	}
}

// Telephone numbers are valid for China and stay in the documented block; e-mails lead nowhere.
func TestContactsAreFictitious(t *testing.T) {
	t.Parallel()
	seen := 0
	for e := range brand.New(5, now(), 800).Events {
		for _, i := range e.Identities {
			switch i.Kind {
			case event.Phone:
				seen++
				n, err := phonenumbers.Parse(i.Value, "CN")
				require.NoError(t, err)
				require.True(t, phonenumbers.IsValidNumberForRegion(n, "CN"), i.Value)
				require.Regexp(t, `^\+861990\d{7}$`, i.Value)
			case event.Email:
				require.Regexp(t, `^[a-z0-9.]+@example\.com$`, i.Value)
			}
		}
	}
	require.Greater(t, seen, 200)
}

func BenchmarkHistory(b *testing.B) {
	for b.Loop() {
		n := 0
		for range brand.New(1, now(), 20000).Events {
			n++
		}
		b.ReportMetric(float64(n), "events")
	}
}
