package reject

import (
	"cmp"
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/huoshui/huoshui/internal/base/clock"
	"github.com/huoshui/huoshui/internal/base/state"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Limits bound what one source can make us store. A limit that is 0 has its default.
type Limits struct {
	PerSecond int   // events of one source, on average; 50
	Burst     int   // events of one source at once; 5,000
	Rows      int   // events of one source in all; 100,000
	Bytes     int64 // of all bodies; 512 MiB
	Body      int   // bytes kept of one event; 64 KiB
}

func (l Limits) filled() Limits {
	l.PerSecond = cmp.Or(l.PerSecond, 50)
	l.Burst = cmp.Or(l.Burst, 5000)
	l.Rows = cmp.Or(l.Rows, 100_000)
	l.Bytes = cmp.Or(l.Bytes, 512<<20)
	l.Body = cmp.Or(l.Body, 64<<10)
	return l
}

// Store keeps rejected events in the state. It is safe for concurrent use.
type Store struct {
	db     *state.DB
	clock  clock.Clock
	log    *slog.Logger
	limits Limits
	room   *room
}

// Open brings the room's tables up to date.
func Open(ctx context.Context, db *state.DB, clk clock.Clock, log *slog.Logger, limits Limits) (*Store, error) {
	if err := db.Migrate(ctx, "reject", migrations); err != nil {
		return nil, err
	}
	s := &Store{db: db, clock: clk, log: log, limits: limits.filled()}
	s.room = newRoom(s.limits)
	return s, s.measure(ctx)
}

// measure counts what is stored, for the limits.
func (s *Store) measure(ctx context.Context) error {
	rows, err := s.db.Query(ctx, "SELECT source, COUNT(*), COALESCE(SUM(OCTET_LENGTH(body)), 0) FROM rejected GROUP BY source")
	if err != nil {
		return fmt.Errorf("measure rejected events: %w", err)
	}
	defer rows.Close() //nolint:errcheck // reading
	stored := map[int64]int{}
	var bytes int64
	for rows.Next() {
		var source, size int64
		var n int
		if err := rows.Scan(&source, &n, &size); err != nil {
			return fmt.Errorf("measure rejected events: %w", err)
		}
		stored[source] = n
		bytes += size
	}
	s.room.set(stored, bytes)
	return rows.Err()
}

// row is an item as it is stored.
type row struct {
	Item
	digest string
	cut    bool
	times  int
}

// Put stores rejected events; they are durable when it returns. The same event sent again (by a library that retries) is counted, not
// stored twice. What is over a limit is not stored: it stays in the counts and is said in the log.
func (s *Store) Put(ctx context.Context, items []Item) error {
	now := s.clock.Now()
	rows, lost := s.admit(items, now)
	if len(rows) > 0 {
		if err := s.insert(ctx, rows); err != nil {
			return fmt.Errorf("keep rejected events: %w", err)
		}
	}
	if lost > 0 && s.room.mayWarn(now) {
		s.log.WarnContext(ctx, "rejected events over the limits are counted but not kept", "lost", lost, "source", items[0].Source, "code", items[0].Reason.Code)
		// The counts run ahead of the table, since repeats are counted as rows: look again before more is turned away.
		return s.measure(ctx)
	}
	return nil
}

func (s *Store) insert(ctx context.Context, rows []row) error {
	return s.db.InTx(ctx, func(tx *state.Tx) error {
		for some := range slices.Chunk(rows, 100) {
			if err := insert(ctx, tx, some); err != nil {
				return err
			}
		}
		return nil
	})
}

// admit turns items into rows, as far as the limits allow.
func (s *Store) admit(items []Item, now time.Time) (rows []row, lost int) {
	at := map[string]int{}
	for _, item := range items {
		sum := sha256.Sum256(item.Body)
		r := row{Item: item, digest: hex.EncodeToString(sum[:16]), times: 1}
		key := fmt.Sprint(item.Source, " ", r.digest)
		if i, twice := at[key]; twice {
			rows[i].times++
			continue
		}
		r.Body, r.cut = cut(item.Body, s.limits.Body)
		if !s.room.admit(item.Source, len(r.Body), now) {
			lost++
			continue
		}
		at[key] = len(rows)
		rows = append(rows, r)
	}
	return rows, lost
}

func insert(ctx context.Context, tx *state.Tx, rows []row) error {
	args := make([]any, 0, len(rows)*15)
	for _, r := range rows {
		args = append(args, state.Micros(r.At), r.Source, r.digest, r.Reason.Code, r.Reason.Text, r.Reason.Hint, string(r.Body), string(r.Envelope),
			r.cut, string(Waiting), "", 0, 0, r.times)
	}
	_, err := tx.Exec(ctx, `INSERT INTO rejected (at, source, digest, code, reason, hint, body, envelope, cut, state, claim, claimed_at, replays, times) VALUES `+
		state.Marks(len(rows), 14)+` ON CONFLICT (source, digest) DO UPDATE SET times = rejected.times + excluded.times`, args...)
	return err
}

// cut keeps at most n bytes of a body, as text that any engine can hold.
func cut(body []byte, n int) (kept []byte, isCut bool) {
	if len(body) > n {
		body, isCut = body[:n], true
		for len(body) > 0 && !utf8.RuneStart(body[len(body)-1]) {
			body = body[:len(body)-1]
		}
		body = body[:max(0, len(body)-1)]
	}
	return []byte(plain(string(body))), isCut
}

// plain is text without what PostgreSQL refuses in text.
func plain(s string) string {
	return strings.ToValidUTF8(strings.ReplaceAll(s, "\x00", "\uFFFD"), "\uFFFD")
}
