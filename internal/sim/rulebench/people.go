package rulebench

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"strconv"

	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/pool/event"
	"github.com/huoshui/huoshui/internal/pool/identity"
	"github.com/huoshui/huoshui/internal/pool/person"
)

// about is what is said of a person, from a hash of the number. Seven of ten told their city, eight their level, one in twelve is a VIP.
type about struct {
	city  string
	level int
	vip   bool
}

func (c crowd) about(person int64) (a about) {
	h := fnv.New64a()
	_, _ = h.Write(strconv.AppendInt(nil, person, 10)) // never fails
	x := h.Sum64()
	x ^= x >> 29
	if x%10 < 7 {
		a.city = cities()[int(x>>8%100)*len(cities())/128%len(cities())]
	}
	if x>>16%10 < 8 {
		a.level = 1 + int(x>>24%16)*int(x>>28%16)/45%5
	}
	a.vip = x>>36%12 == 0
	return a
}

func (a about) traits(at int64) person.Traits {
	t := person.Traits{}
	if a.city != "" {
		t["city"] = person.Trait{Value: json.RawMessage(strconv.Quote(a.city)), At: at}
	}
	if a.level != 0 {
		t["level"] = person.Trait{Value: json.RawMessage(strconv.Itoa(a.level)), At: at}
	}
	if a.vip {
		t["vip"] = person.Trait{Value: json.RawMessage("true"), At: at}
	}
	return t
}

func userID(person int64) event.Identity {
	return event.Identity{Kind: event.UserID, Value: fmt.Sprintf("member-%08d", person)}
}

func cookie(person int64) event.Identity {
	return event.Identity{Kind: event.AnonymousID, Value: fmt.Sprintf("cookie-%08d", person)}
}

// identityOf is whose a node is, and its identity.
func (c crowd) identityOf(node int64) (person int64, id event.Identity) {
	if node <= c.people {
		return node, userID(node)
	}
	person = (node - c.people) * 10
	return person, cookie(person)
}

// brought sums up what each node's events brought, in the order of people.
const brought = `
SELECT n.node, e.first, e.last, e.events, e.orders, e.cancelled, e.revenue, e.first_order, e.last_order, e.first_channel, e.first_touch, e.last_channel, e.last_touch, e.id, e.name
FROM (SELECT i AS node, CASE WHEN i <= $1 THEN i ELSE (i - $1) * 10 END AS person FROM range(1, $2 + 1) AS t(i)) n LEFT JOIN (
  SELECT anchor, epoch_us(min(time)) AS first, epoch_us(max(time)) AS last, count(*) AS events,
    count(*) FILTER (WHERE name = 'Order Completed') AS orders, count(*) FILTER (WHERE name = 'Order Cancelled') AS cancelled,
    coalesce(sum(amount), 0)::BIGINT AS revenue, epoch_us(min(time) FILTER (WHERE name = 'Order Completed')) AS first_order,
    epoch_us(max(time) FILTER (WHERE name = 'Order Completed')) AS last_order,
    arg_min(channel, time) FILTER (WHERE channel <> '') AS first_channel, epoch_us(min(time) FILTER (WHERE channel <> '')) AS first_touch,
    arg_max(channel, time) FILTER (WHERE channel <> '') AS last_channel, epoch_us(max(time) FILTER (WHERE channel <> '')) AS last_touch,
    arg_max(id, time) AS id, arg_max(name, time) AS name
  FROM event_row GROUP BY anchor) e ON e.anchor = n.node
ORDER BY n.person, n.node`

// peopleSome is how many identities are stored in one transaction.
const peopleSome = 50_000

// makePeople stores identities and people as the pipeline would have.
func (c crowd) makePeople(ctx context.Context, f folder, db *state.DB, told func(done int64)) (err error) {
	house, err := openDuckDB(ctx, f.warehouse(), 2, true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, house.Close()) }()
	if err := errors.Join(identity.Migrate(ctx, db), person.Migrate(ctx, db)); err != nil {
		return err
	}
	if err := c.makeIdentities(ctx, db); err != nil {
		return fmt.Errorf("make identities: %w", err)
	}
	rows, err := house.QueryContext(ctx, brought, c.people, c.nodes())
	if err != nil {
		return fmt.Errorf("sum events up: %w", err)
	}
	defer rows.Close() //nolint:errcheck // reading
	kinds, done := identity.NewKinds(), int64(0)
	for more := true; more; {
		change := person.Change{Folds: map[int64]*person.Fold{}, Person: map[int64]int64{}}
		for len(change.Fresh) < peopleSome {
			if more = rows.Next(); !more {
				break
			}
			if err := c.gather(rows, &change); err != nil {
				return err
			}
			done++
		}
		if err := db.InTx(ctx, func(tx *state.Tx) error {
			_, err := person.Store(ctx, tx, change, kinds, nil)
			return err
		}); err != nil {
			return fmt.Errorf("make people: %w", err)
		}
		told(done)
	}
	return rows.Err()
}

// gather reads what one node's events brought.
func (c crowd) gather(rows *sql.Rows, change *person.Change) error {
	var node int64
	var firstAt, lastAt, events, orders, cancelled, revenue, firstOrder, lastOrder, firstTouch, lastTouch sql.NullInt64
	var firstChannel, lastChannel, id, name sql.NullString
	if err := rows.Scan(&node, &firstAt, &lastAt, &events, &orders, &cancelled, &revenue, &firstOrder, &lastOrder,
		&firstChannel, &firstTouch, &lastChannel, &lastTouch, &id, &name); err != nil {
		return fmt.Errorf("sum events up: %w", err)
	}
	who, identified := c.identityOf(node)
	first := today().Add(-span).UnixMicro()
	change.Person[node] = who
	change.Fresh = append(change.Fresh, person.Node{ID: node, Identity: identified, Strong: identified.Kind == event.UserID, At: first})
	fold := &person.Fold{
		First: firstAt.Int64, Last: lastAt.Int64, Events: events.Int64, Orders: orders.Int64, Cancelled: cancelled.Int64, Revenue: revenue.Int64,
		FirstOrder: firstOrder.Int64, LastOrder: lastOrder.Int64,
	}
	if node == who {
		fold.First, fold.Last = least(first, fold.First), max(first, fold.Last)
		fold.Traits = c.about(who).traits(first)
	}
	if firstChannel.Valid {
		fold.FirstTouch = &person.Touch{Time: firstTouch.Int64, Channel: firstChannel.String, Class: "owned"}
		fold.LastTouch = &person.Touch{Time: lastTouch.Int64, Channel: lastChannel.String, Class: "owned"}
	}
	if id.Valid {
		fold.LastEvent = &person.LastEvent{ID: id.String, Name: name.String, Time: lastAt.Int64}
	}
	if fold.First != 0 {
		change.Folds[node] = fold
	}
	return nil
}

// least is the smaller of two times, where 0 is none.
func least(a, b int64) int64 {
	if b == 0 {
		return a
	}
	return min(a, b)
}

// makeIdentities stores all nodes and the links of the second ones with one statement each.
func (c crowd) makeIdentities(ctx context.Context, db *state.DB) error {
	first := today().Add(-span).UnixMicro()
	_, user := c.identityOf(1)
	_, device := c.identityOf(c.people + 1)
	prefix := func(i event.Identity) string { return i.Key()[:len(i.Key())-8] } // keys end with eight digits
	return db.InTx(ctx, func(tx *state.Tx) error {
		const number = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) "
		if _, err := tx.Exec(ctx, "INSERT INTO identity (id, key, person, first_at) "+number+"SELECT i, ? || printf('%08d', i), i, ? FROM n",
			c.people, prefix(user), first); err != nil {
			return err
		}
		if c.people < 10 {
			return nil
		}
		if _, err := tx.Exec(ctx, "INSERT INTO identity (id, key, person, first_at) "+number+"SELECT ? + i, ? || printf('%08d', i * 10), i * 10, ? FROM n",
			c.people/10, c.people, prefix(device), first); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, "INSERT INTO edge (a, b, kind, reason, event_id, author, at) "+number+"SELECT i * 10, ? + i, ?, 'same event', 'made-' || i, '', ? FROM n",
			c.people/10, c.people, event.AnonymousID, first)
		return err
	})
}
