package apply_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/pool/apply"
	"github.com/huoshui/huoshui/internal/pool/event"
)

// crowd is n events of some people, with a merge now and then.
func crowd(from, n int) []event.Event {
	var out []event.Event
	for i := from; i < from+n; i++ {
		who := strconv.Itoa(i % 7)
		e := track(fmt.Sprint("m", i), int64(i+1), "a"+who)
		if i%3 == 0 {
			e = track(fmt.Sprint("m", i), int64(i+1), "u"+who, "a"+who)
			e.Name, e.Properties = event.OrderCompleted, []byte(`{"revenue":"1.25"}`)
		}
		out = append(out, e)
	}
	return out
}

// exact holds the pool to the totals of crowd(0, n).
func (r *rig) exact(n int) {
	r.t.Helper()
	orders := (n + 2) / 3
	require.Equal(r.t, n, r.number(false, "SELECT SUM(events) FROM person"))
	require.Equal(r.t, orders*125, r.number(false, "SELECT SUM(revenue) FROM person"))
	require.Equal(r.t, n, r.number(true, "SELECT count(*) FROM events"))
	r.verify(r.t)
}

// Stopped at any moment and started again, under load: every event is there once.
func TestStopAndStartUnderLoad(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, on rigOption) {
		r := newRig(t, on)
		dice := rand.New(rand.NewPCG(7, 7))
		n := 0
		for range 8 {
			var at uint64
			for range 6 {
				events := crowd(n, 1+dice.IntN(40))
				n += len(events)
				again := events[dice.IntN(len(events))] // sent twice by a client that got no answer
				at = r.append(append(events, again)...)
			}
			r.wait(at - uint64(dice.IntN(6)))
			require.NoError(t, r.halt())
			r.start()
		}
		last, err := r.log.Last(t.Context())
		require.NoError(t, err)
		r.wait(last)
		r.exact(n)
	})
}

// A state transaction that fails ends the pipeline with an error and leaves nothing behind; the next start goes on exactly.
func TestStateThatFails(t *testing.T) {
	t.Parallel()
	for _, table := range []string{"identity", "edge", "person", "person_move", "log_position", "import_rows"} {
		t.Run(table, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			r.send(crowd(0, 10)...)
			trigger := func(sql string) {
				require.NoError(t, r.state.InTx(t.Context(), func(tx *state.Tx) error {
					_, err := tx.Exec(t.Context(), sql)
					return err
				}))
			}
			trigger("CREATE TRIGGER broken BEFORE INSERT ON " + table + " BEGIN SELECT RAISE(ABORT, 'the disk is on fire'); END")
			more := append(crowd(10, 30), merge("c1", "u0", "e1"), unmerge("c2", "a0"), track("late", 5, "e1"), track("late2", 6, "a0", "e1"), forced("c3", "u1", "u2"), unmerge("c4", "u1"), forced("c5", "u1", "a0"))
			more[0].Import = 1
			at := r.append(more...)
			require.ErrorContains(t, <-r.ended, "the disk is on fire")
			r.ended <- nil
			require.NoError(t, r.halt())
			trigger("DROP TRIGGER broken")
			r.start()
			r.wait(at)
			require.Equal(t, 42, r.number(false, "SELECT SUM(events) FROM person"))
			rows, err := r.pipe.Accepted(t.Context(), 1)
			require.NoError(t, err)
			require.Equal(t, int64(1), rows)
			r.verify(t)
		})
	}
}

// A warehouse that fails ends the pipeline; what it lacks is read from the log at the next start, with the people as they are then.
func TestWarehouseThatFails(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, on rigOption) {
		r := newRig(t, on)
		r.send(crowd(0, 10)...)
		require.NoError(t, r.house.Close())
		at := r.append(append(crowd(10, 30), forced("c1", "u0", "u1"))...)
		require.ErrorContains(t, <-r.ended, "warehouse")
		r.ended <- nil
		require.NoError(t, r.halt())
		r.openHouse()
		r.start()
		r.wait(at)
		r.send(unmerge("c2", "u1"))
		r.send(crowd(40, 10)...)
		require.Equal(t, 50, r.number(false, "SELECT SUM(events) FROM person"))
		r.verify(t)
	})
}

// A pool whose log lost its end does not start: new events would get the positions of lost ones and count as applied.
func TestLogThatLostItsEnd(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.each(crowd(0, 3)...)
	require.NoError(t, r.halt())
	require.NoError(t, r.log.Close())
	dir := r.dir
	r.dir = t.TempDir()
	r.openLog()
	r.append(crowd(0, 1)...)
	r.dir = dir
	_, err := apply.New(t.Context(), r.options())
	require.Equal(t, fault.Conflict, fault.KindOf(err))
	require.Equal(t, "apply.log_behind", fault.CodeOf(err))
	require.NotContains(t, err.Error(), "remove", "the way back takes nothing away")
	require.Contains(t, err.Error(), "huoshui log mend")

	// The way back: the log goes on behind what was read. People stay as they are, new events are applied, repeats of the old ones dropped.
	read, err := apply.Read(t.Context(), r.state, r.house, r.seenDir())
	require.NoError(t, err)
	require.EqualValues(t, 3, read)
	require.NoError(t, r.log.Fill(t.Context(), read))
	require.NoError(t, r.log.Fill(t.Context(), read), "once more does nothing")
	r.start()
	r.send(crowd(0, 5)...)
	r.exact(5)
}

// Text that one of the engines cannot hold must not stop the pool: NUL, half characters, bytes that are no UTF-8, extreme times and sums.
func TestNothingPoisonsThePool(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, on rigOption) {
		b := newBench(t, on)
		nasty := []string{`a\u0000b`, "\U0001F9CB", "\u202e", "'; DROP TABLE person; --", "%_", "\x1f", `\ud83e`, "\xff\xfe", `\"`, "\n", "a\x00b"}
		var events []event.Event
		now := b.clk.Now().UnixMicro()
		for i, s := range nasty {
			e := track(fmt.Sprint("n", i), int64(i), "u1")
			e.Type = event.Identify
			e.Traits = []byte(`{"name":"` + s + `","` + s + `":1,"$set_once":{"` + s + `":"` + s + `"}}`)
			e.Context = []byte(`{"campaign":{"source":"` + s + `","medium":"cpc","name":"` + s + `"},"channel":{"key":"` + s + `","class":"` + s + `"},"page":{"url":"` + s + `","referrer":"` + s + `"},"clickIds":{"` + s + `":"` + s + `"}}`)
			e.Properties = []byte(`{"revenue":"` + s + `","currency":"` + s + `"}`)
			events = append(events, e)
			page := e
			page.ID, page.Type, page.Name, page.Time = fmt.Sprint("p", i), event.Page, "Page "+s, now+int64(i)
			events = append(events, page)
			who := e
			who.ID, who.Identities = fmt.Sprint("w", i, s), []event.Identity{{Kind: event.Email, Value: s}, {Kind: "k" + s, Scope: s, Value: s}}
			if who.Validate(now) == nil {
				events = append(events, who)
			}
		}
		for i, raw := range []string{`{`, `[]`, `null`, `{"revenue":9e99}`, `{"revenue":92233720368547758.07}`, `{"revenue":-1}`, `{"a":1,"a":2}`, `{"revenue":1e-30}`, `"x"`} {
			e := track(fmt.Sprint("r", i), 1, "u1")
			e.Name, e.Properties, e.Traits, e.Context = event.OrderCompleted, []byte(raw), []byte(raw), []byte(raw)
			events = append(events, e)
		}
		b.play(t, events, oneByOne)
		require.Equal(t, len(events), b.number(true, "SELECT count(*) FROM events"))
	})
}

// Wait gives up with its context, and Do refuses a command that is no valid event.
func TestWaitAndDo(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, r.pipe.Wait(ctx, 99), context.Canceled)
	bad := merge("c1", "u1")
	bad.Identities = nil
	require.Equal(t, fault.Invalid, fault.KindOf(r.pipe.Do(t.Context(), &bad)))
	good := quarantine("c2", "a1")
	require.NoError(t, r.pipe.Do(t.Context(), &good))
	rows, seq := r.pipe.Recent(0, 10)
	require.Len(t, rows, 1)
	require.Equal(t, uint64(1), seq)
	events := crowd(0, 600)
	r.send(slices.Concat(events, events)...)
	applied, repeats := r.pipe.Counts()
	require.Equal(t, []int64{601, 600}, []int64{applied, repeats})
	rows, seq = r.pipe.Recent(1, 1000)
	require.Len(t, rows, 500)
	require.Equal(t, uint64(601), seq)
	require.Equal(t, "m599", rows[499].ID)
	rows, _ = r.pipe.Recent(600, 1000)
	require.Len(t, rows, 1)
}
