// Package pooltest is a small pool for the tests of rooms that only read: a real warehouse that events are put into directly, and a real
// state with the rows of people that the pipeline would have made of them. Events and questions may come from a text (Case).
package pooltest

import (
	"context"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/base/state/statetest"
	"github.com/huoshui/huoshui/internal/base/warehouse"
	"github.com/huoshui/huoshui/internal/pool/event"
	"github.com/huoshui/huoshui/internal/pool/person"
)

// Event is one event as tests write it.
type Event struct {
	At       time.Time
	Person   int64 // number of the person before any merge
	Type     event.Type
	Name     string
	Amount   int64  // minor units
	Currency string // empty: no amount
}

// Pool is a pool without a pipeline.
type Pool struct {
	Warehouse *warehouse.Warehouse
	State     *state.DB
	position  uint64
}

// New makes an empty pool that ends with the test.
func New(t testing.TB) *Pool {
	t.Helper()
	w, err := warehouse.Open(t.Context(), warehouse.Options{Path: filepath.Join(t.TempDir(), "w.duckdb"), Threads: 1, MemoryMB: 128})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, w.Close()) })
	p := &Pool{Warehouse: w, State: statetest.SQLite(t)}
	require.NoError(t, person.Migrate(t.Context(), p.State))
	return p
}

// Add stores events, and merges: moved says which person's events belong to whom now.
func (p *Pool) Add(t testing.TB, events []Event, moved map[int64]int64) {
	t.Helper()
	p.position++
	rows := make([]warehouse.Row, len(events))
	for i, e := range events {
		at := e.At.UnixMicro()
		rows[i] = warehouse.Row{
			Anchor: e.Person, Person: e.Person, Time: at, Received: at, Type: uint8(e.Type), Name: e.Name,
			ID: strconv.FormatUint(p.position, 10) + "-" + strconv.Itoa(i), Amount: e.Amount, Currency: e.Currency, Position: p.position,
		}
	}
	var moves []warehouse.Move
	for from, to := range moved {
		moves = append(moves, warehouse.Move{Anchor: from, Person: to})
	}
	require.NoError(t, p.Warehouse.Append(t.Context(), rows, moves, p.position))
}

// Person is what the living picture says of somebody.
type Person struct {
	ID             int64
	First          time.Time
	Events, Orders int64
	Revenue        int64
	Channel, Class string
}

// AddPeople stores people.
func (p *Pool) AddPeople(t testing.TB, people ...Person) {
	t.Helper()
	require.NoError(t, p.State.InTx(t.Context(), func(tx *state.Tx) error {
		for _, who := range people {
			if err := insert(t.Context(), tx, who); err != nil {
				return err
			}
		}
		return nil
	}))
}

func insert(ctx context.Context, tx *state.Tx, p Person) error {
	_, err := tx.Exec(ctx, `INSERT INTO person (id, first_seen, last_seen, events, orders, cancelled, revenue, first_order, last_order, traits, detail,
		name, email, phone, identified, channel, channel_class, sole, last_span) VALUES (?, ?, ?, ?, ?, 0, ?, 0, 0, '', '', '', '', '', TRUE, ?, ?, ?, ? / 600000000)`,
		p.ID, p.First.UnixMicro(), p.First.UnixMicro(), p.Events, p.Orders, p.Revenue, p.Channel, p.Class, p.ID, p.First.UnixMicro())
	return err
}

// Settings are a pool's settings, fixed.
type Settings struct {
	Zone   *time.Location
	Money  string
	Active int
}

// Location is the zone in which days are counted.
func (s Settings) Location() *time.Location { return s.Zone }

// Currency of the pool.
func (s Settings) Currency() string { return s.Money }

// ActiveDays is how long somebody counts as active.
func (s Settings) ActiveDays() int { return s.Active }
