package membership_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/huoshui/huoshui/internal/base/state/statetest"
	"github.com/huoshui/huoshui/internal/pool/event"
	"github.com/huoshui/huoshui/internal/pool/standing"
)

// machine drives a rig and the oracle through the same steps.
type machine struct {
	*rig
	o    *oracle
	rt   *rapid.T
	all  []template
	old  []event.Event // sent before, for repeats
	back []event.Event // signals that were not fed back yet
	log  []string
}

func (m *machine) draw(n int, what string) int { return rapid.IntRange(0, n-1).Draw(m.rt, what) }

// events draws a batch: late ones, some of tomorrow, repeats, log-ins that merge, speech, merges and unmerges by hand.
func (m *machine) events() []event.Event {
	var batch []event.Event
	for range 1 + m.draw(4, "events") {
		someone := func() string {
			return fmt.Sprintf("%s%d", []string{"a", "a", "u"}[m.draw(3, "kind")], m.draw(4, "who"))
		}
		at := m.clk.Now().Add(-time.Duration(m.draw(6*24*60, "late")) * time.Minute)
		if m.draw(3, "now") > 0 {
			at = m.clk.Now()
		}
		switch m.draw(12, "event") {
		case 0:
			at = m.clk.Now().Add(time.Duration(m.draw(50, "ahead")) * time.Hour)
			batch = append(batch, m.at(at, "Order", `{"sku":"a"}`, someone()))
		case 1:
			if len(m.old) > 0 {
				batch = append(batch, m.old[m.draw(len(m.old), "again")])
			}
		case 2, 3:
			batch = append(batch, m.at(at, "View", "", someone(), someone()))
		case 4:
			e := m.at(at, event.Identified, "", someone())
			e.Type, e.Traits = event.Identify, fmt.Appendf(nil, `{"city":%q}`, []string{"x", "y"}[m.draw(2, "city")])
			batch = append(batch, e)
		case 5:
			batch = append(batch, m.at(at, event.OrderCompleted, fmt.Sprintf(`{"revenue":%d.5,"currency":"CNY","order_id":"o%d"}`, m.draw(40, "revenue"), m.said), someone()))
		case 6:
			e := m.at(at, event.PeopleUnmerged, `{"reason":"a mistake","author":"op"}`, someone())
			e.Type = event.Command
			batch = append(batch, e)
		case 7:
			e := m.at(at, event.PeopleMerged, `{"reason":"same face","author":"op","force":true}`, someone(), someone())
			e.Type = event.Command
			if e.Identities[0] != e.Identities[1] {
				batch = append(batch, e)
			}
		case 8:
			batch = append(batch, m.at(at, "Rare", "", someone()))
		default:
			batch = append(batch, m.at(at, "Order", fmt.Sprintf(`{"sku":%q}`, []string{"a", "b"}[m.draw(2, "sku")]), someone()))
		}
	}
	m.old = append(m.old, batch...)
	return batch
}

// edit draws a new version of a unit.
func (m *machine) edit() {
	i := m.draw(len(m.o.units), "unit")
	u := m.o.units[i]
	fits := func() template {
		for {
			t := m.all[m.draw(len(m.all), "rule")]
			if !slices.ContainsFunc(t.on, func(key string) bool {
				return slices.IndexFunc(m.o.units, func(o *unit) bool { return o.key == key }) >= i
			}) {
				return t
			}
		}
	}
	rules := []template{fits()}
	spec := standing.Spec{Owner: u.owner, Key: u.key, Version: max(u.version, 0) + 1}
	if u.next != nil {
		spec.Version = u.next.Version + 1
	}
	if u.owner == standing.Tier {
		rules = append(rules, fits())
		spec.Levels = []string{"high", "mid", "low"}
		spec.StayDays, spec.GraceDays = m.draw(4, "stay"), m.draw(4, "grace")
		if u.there && m.draw(2, "same") == 0 {
			rules = u.rules
		}
	}
	for _, t := range rules {
		spec.Rules = append(spec.Rules, parse(m.t, t.text))
	}
	m.apply(spec)
	u.next, u.nextRules = &spec, rules
	m.note("edit %s: %s", u.key, rules[0].text)
}

func (m *machine) note(format string, args ...any) {
	m.log = append(m.log, fmt.Sprintf(format, args...))
	m.rt.Logf(format, args...)
}

// settle lets the engine come to rest, if it is to, and compares everything.
func (m *machine) settle(worked bool) {
	what := m.log[len(m.log)-1]
	want := m.o.step(worked)
	got, events := m.o.told()
	require.Equal(m.t, want, append([]string(nil), got...), what)
	m.back = append(m.back, events...)
	m.o.check(what)
}

func (m *machine) step() {
	switch m.draw(16, "step") {
	case 0, 1, 2, 3, 4:
		batch := m.events()
		m.note("send %d", len(batch))
		m.send(batch...)
		m.settle(false)
	case 5, 6:
		m.clk.Add(time.Duration(1+m.draw(30*60, "minutes")) * time.Minute)
		m.note("clock to %s", m.clk.Now())
		if m.draw(2, "busy") == 0 {
			m.send(m.events()...) // before the sweep of the new day
		}
		m.work()
		m.settle(true)
	case 7, 8:
		m.edit()
		if m.draw(2, "busy") == 0 {
			m.send(m.events()...)
			m.settle(false)
		}
		m.work()
		m.settle(true)
	case 9:
		m.pause()
	case 10:
		m.note("signals come back")
		m.send(m.back...)
		m.back = nil
		m.settle(false)
	case 11:
		m.handTag()
	case 12:
		m.note("restart")
		if m.draw(2, "kept") == 0 {
			require.NoError(m.t, m.e.SaveAll(m.t.Context()))
			require.NoError(m.t, m.tl.Flush(m.t.Context()))
		}
		m.restart()
		m.o.check("restart")
	case 13:
		m.note("crash in a batch")
		require.ErrorIs(m.t, m.batch(append(m.events(), m.did("Order", "a0")), errCrash), errCrash)
		m.restart()
		m.o.check("crash")
	case 14:
		m.note("flush")
		require.NoError(m.t, m.tl.Flush(m.t.Context()))
		m.o.check("flush")
	case 15:
		m.note("new zone")
		m.zone = []*time.Location{time.UTC, time.FixedZone("east", 8*3600), mustZone("America/New_York")}[m.draw(3, "zone")]
		m.work()
		m.settle(true)
	}
}

func mustZone(name string) *time.Location {
	z, err := time.LoadLocation(name)
	if err != nil {
		panic(err)
	}
	return z
}

func (m *machine) pause() {
	u := m.o.units[m.draw(len(m.o.units), "unit")]
	if !u.there || u.paused || u.next != nil {
		return
	}
	m.note("pause %s", u.key)
	require.NoError(m.t, m.e.Pause(m.t.Context(), u.owner, u.key))
	u.paused = true
	for id, s := range m.o.levels[u.key] {
		_ = id
		s.asked = 0
	}
	m.send(m.events()...)
	m.settle(false)
	if m.draw(3, "resume") == 0 {
		return
	}
	m.note("resume %s", u.key)
	spec := standing.Spec{Owner: u.owner, Key: u.key, Version: u.version, Levels: u.levels, StayDays: u.stay, GraceDays: u.grace}
	for _, t := range u.rules {
		spec.Rules = append(spec.Rules, parse(m.t, t.text))
	}
	m.apply(spec)
	u.next, u.nextRules = &spec, u.rules
	m.work()
	m.settle(true)
}

func (m *machine) handTag() {
	people, _ := m.o.people()
	if len(people) == 0 {
		return
	}
	ids := make([]int64, 0, len(people))
	for id := range people {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	id, on := ids[m.draw(len(ids), "person")], m.draw(2, "on") == 0
	m.note("tag %d %v", id, on)
	if _, has := people[id].hand["hand"]; has != on {
		m.tag(id, "hand", on)
	}
	m.settle(false)
}

// Whatever comes in whichever order, is edited, paused, killed: the engine stands where the oracle does after every step, each rule counted
// by itself gives the same, every change was told exactly once, and the history is whole.
func TestLiveIsSweepIsOracle(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		m := &machine{rig: newRig(t, statetest.SQLiteURL(t)), rt: rt, all: templates()}
		m.t = rt
		m.bulkFrom = []int{0, 2}[m.draw(2, "bulk")]
		m.alone = m.draw(2, "alone") == 0
		m.o = newOracle(m.rig)
		m.open()
		defer m.kill()
		m.work()
		for range 4 {
			m.edit()
		}
		m.work()
		m.settle(true)
		for range 25 {
			m.step()
		}
	})
}
