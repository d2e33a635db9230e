package rulebench

import (
	"context"
	"errors"
	"fmt"

	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/pool/event"
	"github.com/huoshui/huoshui/internal/pool/person"
	"github.com/huoshui/huoshui/internal/pool/rule"
)

const noClickHouse = "none"

// peer is another engine that is asked the same.
type peer interface {
	// ways are the forms in which a question may be put; the fastest counts.
	ways(q question, since func(days int) int64) []string
	ask(ctx context.Context, query string) (int64, error)
}

// makePeers puts the same people and events into tables as the peers like them: one row an event, all properties typed columns, sorted by
// person and time.
func (c crowd) makePeers(ctx context.Context, f folder, db *state.DB) (err error) {
	peers, err := openDuckDB(ctx, f.peers(), 2, true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, peers.Close()) }()
	for _, text := range []string{
		"CREATE TYPE event_name AS ENUM " + "(" + list(eventNames())[1:len(list(eventNames()))-1] + ")",
		"CREATE TABLE events (person UINTEGER, time TIMESTAMP, day DATE, name event_name, amount INTEGER, sku VARCHAR, category VARCHAR, keyword VARCHAR, quantity UTINYINT, rating UTINYINT, " +
			"channel VARCHAR, n UINTEGER)",
		"CREATE TABLE people (person UINTEGER, city VARCHAR, level UTINYINT, vip BOOLEAN, first_channel VARCHAR, last_channel VARCHAR)",
		"INSERT INTO events " + c.peerRows(),
	} {
		if _, err := peers.ExecContext(ctx, text); err != nil {
			return fmt.Errorf("make the peers' tables: %w", err)
		}
	}
	return fillPeople(ctx, peers, db)
}

func eventNames() (out []string) {
	for _, n := range names() {
		out = append(out, n.name)
	}
	return out
}

// peers asks every rule of DuckDB and of ClickHouse.
func (b *bench) peers(ctx context.Context) error {
	duckdb, err := b.askDuckDB(ctx)
	if err != nil {
		return err
	}
	b.result.DuckDBS = &duckdb
	if b.o.ClickHouse == noClickHouse {
		return nil
	}
	house, err := b.askClickHouse(ctx)
	if err != nil {
		return err
	}
	b.result.ClickHouseS = &house
	return nil
}

// askAll asks every rule: each way once to warm up, then the fastest three times. It gives the sum of the medians.
func (b *bench) askAll(ctx context.Context, name string, p peer) (total float64, err error) {
	at := rule.NewCalendar(zone()).At(b.clock.Now().UnixMicro())
	for i, q := range b.asked {
		best, least := "", spent{}
		for _, way := range p.ways(q, at.Window) {
			took, err := b.askOnce(ctx, name, p, way, i)
			if err != nil {
				return 0, err
			}
			if best == "" || took.wall < least.wall {
				best, least = way, took
			}
		}
		all := []spent{least}
		for range 3 {
			took, err := b.askOnce(ctx, name, p, best, i)
			if err != nil {
				return 0, err
			}
			all = append(all, took)
		}
		total += median(seconds(all))
	}
	b.say("       %s: %d rules in %.2f s", name, len(b.asked), total)
	return total, nil
}

func (b *bench) askOnce(ctx context.Context, name string, p peer, query string, i int) (spent, error) {
	var people int64
	took, err := b.timed(func() (err error) {
		people, err = p.ask(ctx, query)
		return err
	})
	if err != nil {
		return spent{}, fmt.Errorf("%s: %s: %w", name, query, err)
	}
	if people != b.result.Members[i] {
		return spent{}, fault.New(fault.Conflict, "bench.count", "the rule %s fits %d people by the sweep, but %d by %s, which was asked %s",
			b.asked[i].rule(), b.result.Members[i], people, name, query)
	}
	return took, nil
}

// seenOf is a person as the rules see it.
func seenOf(p person.Now) (city string, level float64, vip bool, err error) {
	values := [3]event.Value{}
	for i, name := range []string{"city", "level", "vip"} {
		if values[i], err = p.Trait(name); err != nil {
			return "", 0, false, err
		}
	}
	return values[0].Text, values[1].Num, values[2].Num == 1, nil
}
