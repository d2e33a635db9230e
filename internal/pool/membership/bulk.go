package membership

import (
	"context"

	"github.com/RoaringBitmap/roaring/v2/roaring64"

	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/pool/roster"
)

// bulk is one step of many people at once. Person number i of it has the change id id+i.
type bulk struct {
	id       int64
	unit     *unit
	at       int64
	from, to uint8
	cause    string
	members  *roaring64.Bitmap
	// signalled is the last person who was told of, 0 before the first, -1 if nobody is to be told (any more).
	signalled int64
	early     map[int64]bool // told before their turn, because they took another step
}

func (k *bulk) insert(ctx context.Context, tx *state.Tx) error {
	data, err := k.members.ToBytes()
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO membership_bulk (id, unit, at, from_level, to_level, cause, people, members, signalled)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`, k.id, k.unit.id, k.at, k.from, k.to, k.cause, int64(k.members.GetCardinality()), data, k.signalled)
	return err
}

// bulk notes a step of many. tell says whether they are told of it.
func (b *batch) bulk(u *unit, members *roaring64.Bitmap, from, to uint8, cause string, tell bool) {
	k := &bulk{id: b.lastID + 1, unit: u, at: b.at.Now, from: from, to: to, cause: cause, members: members, signalled: -1}
	if tell {
		k.signalled, k.early = 0, map[int64]bool{}
	}
	b.lastID += int64(members.GetCardinality())
	b.bulks = append(b.bulks, k)
}

// idOf is the id of a member's change.
func (k *bulk) idOf(person int64) int64 { return k.id + int64(k.members.Rank(uint64(person))) - 1 }

// owes says whether a person is still to be told.
func (k *bulk) owes(person int64) bool {
	return k.signalled >= 0 && person > k.signalled && !k.early[person] && k.members.Contains(uint64(person))
}

func (k *bulk) told(person int64) told {
	return told{change{id: k.idOf(person), unit: k.unit, person: person, from: k.from, to: k.to, cause: k.cause}, k.at, 0}
}

const selectBulk = "SELECT id, at, from_level, to_level, cause, members, signalled FROM membership_bulk WHERE "

// bulks reads bulks of a unit.
func bulks(ctx context.Context, q state.Querier, u *unit, where string, args []any, yield func(*bulk) (more bool)) error {
	return readBulks(ctx, q, u, where, args, roster.ReadBitmap, yield)
}

// glance reads bulks of a unit to look at and not to keep: quicker, where there are many.
func glance(ctx context.Context, q state.Querier, u *unit, where string, args []any, yield func(*bulk) (more bool)) error {
	return readBulks(ctx, q, u, where, args, roster.ViewBitmap, yield)
}

func readBulks(ctx context.Context, q state.Querier, u *unit, where string, args []any, read func([]byte) (*roaring64.Bitmap, error),
	yield func(*bulk) (more bool),
) error {
	rows, err := q.Query(ctx, selectBulk+where, args...)
	if err != nil {
		return err
	}
	defer rows.Close() //nolint:errcheck // reading
	for rows.Next() {
		k := &bulk{unit: u, early: map[int64]bool{}}
		var data []byte
		if err := rows.Scan(&k.id, &k.at, &k.from, &k.to, &k.cause, &data, &k.signalled); err != nil {
			return err
		}
		if k.members, err = read(data); err != nil {
			return err
		}
		if !yield(k) {
			return nil
		}
	}
	return rows.Err()
}
