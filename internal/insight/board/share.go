package board

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/huoshui/huoshui/internal/base/actor"
	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/id"
	"github.com/huoshui/huoshui/internal/base/state"
)

// How long links live, and how they look.
const (
	linkPrefix = "hs_sh_" // so that people and secret scanners recognise one
	maxLife    = 366 * 24 * time.Hour
	minLife    = time.Minute
	linkSize   = 20 // random bytes
	signSize   = 12 // characters of the signature
)

// Share is a link as its owners see it.
type Share struct {
	ID        int64      `json:"id"`
	Board     string     `json:"board"`
	Title     string     `json:"title" doc:"For whom or what it is"`
	Password  bool       `json:"password" doc:"It asks for a password"`
	Filters   Filters    `json:"filters"`
	Author    string     `json:"author"`
	CreatedAt time.Time  `json:"created_at"`
	ExpiresAt time.Time  `json:"expires_at"`
	RevokedAt *time.Time `json:"revoked_at"`
	RevokedBy string     `json:"revoked_by"`
	Opened    int64      `json:"opened" doc:"How often the board was opened by it"`
	OpenedAt  *time.Time `json:"opened_at" doc:"When last"`

	hash   []byte
	sealed string
}

// NewShare is a link that has just been made. Its token is nowhere else.
type NewShare struct {
	Share
	Token string `json:"token" doc:"Shown once; the page is /shared#<token>"`
}

// ShareInput is a link to make.
type ShareInput struct {
	Title     string    `json:"title,omitempty" maxLength:"200" doc:"For whom or what it is"`
	ExpiresAt time.Time `json:"expires_at" doc:"At most a year ahead"`
	Password  string    `json:"password,omitempty" maxLength:"500" doc:"At least 8 characters; empty for none"`
	Filters   Filters   `json:"filters,omitzero"`
}

func digest(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}

// sign is what a token ends in: nonsense is turned away without a look into the store.
func (s *Service) sign(random string) string {
	mac := hmac.New(sha256.New, s.secret)
	_, _ = mac.Write([]byte("huoshui link 1 " + random)) // a hash never fails to write
	return hex.EncodeToString(mac.Sum(nil))[:signSize]
}

func (s *Service) signed(token string) bool {
	rest, ok := strings.CutPrefix(token, linkPrefix)
	if !ok || len(rest) <= signSize || len(rest) > 100 {
		return false
	}
	random, end := rest[:len(rest)-signSize], rest[len(rest)-signSize:]
	return hmac.Equal([]byte(end), []byte(s.sign(random)))
}

// ownSecret reads what signs links, and makes it for a new pool.
func (s *Service) ownSecret(ctx context.Context) (secret []byte, err error) {
	read := func() error {
		return s.o.State.QueryRow(ctx, "SELECT secret FROM board_secret WHERE id = 1").Scan(&secret)
	}
	if err := read(); !errors.Is(err, sql.ErrNoRows) {
		return secret, err
	}
	if err := s.o.State.InTx(ctx, func(tx *state.Tx) error {
		_, err := tx.Exec(ctx, "INSERT INTO board_secret (id, secret) VALUES (1, ?) ON CONFLICT (id) DO NOTHING", []byte(id.Token(32)))
		return err
	}); err != nil {
		return nil, err
	}
	return secret, read()
}

// CreateShare makes a link to a board.
func (s *Service) CreateShare(ctx context.Context, board string, in ShareInput) (NewShare, error) {
	b, err := s.activeBoard(board)
	if err != nil {
		return NewShare{}, err
	}
	now := s.o.Clock.Now()
	var c fault.Check
	in.Filters.check(&c, "body.filters")
	life := in.ExpiresAt.Sub(now)
	c.That(life >= minLife && life <= maxLife, "body.expires_at", "a link lives for at least a minute and at most a year")
	c.That(in.Password == "" || len(in.Password) >= 8, "body.password", "take at least 8 characters")
	if err := c.Err("share.invalid", "the link cannot be made; see errors"); err != nil {
		return NewShare{}, err
	}
	if err := s.peopleFit(ctx, in.Filters.People); err != nil {
		return NewShare{}, err
	}
	random := id.Token(linkSize)
	made := NewShare{Token: linkPrefix + random + s.sign(random), Share: Share{
		Board: board, Title: strings.TrimSpace(in.Title), Password: in.Password != "", Filters: in.Filters, Author: actor.From(ctx).Label(), ExpiresAt: in.ExpiresAt.UTC().Truncate(time.Microsecond),
	}}
	if in.Password != "" {
		if made.sealed, err = s.o.Guard.Seal(ctx, in.Password); err != nil {
			return NewShare{}, err
		}
	}
	filters, err := json.Marshal(in.Filters)
	if err != nil {
		return NewShare{}, err
	}
	return made, s.o.State.InTx(ctx, func(tx *state.Tx) error {
		made.CreatedAt = tx.Now
		made.ID, err = tx.Insert(ctx, "INSERT INTO board_share (board, title, hash, password, filters, author, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
			board, made.Title, digest(made.Token), made.sealed, string(filters), made.Author, state.Micros(tx.Now), state.Micros(made.ExpiresAt))
		if err != nil {
			return err
		}
		return s.o.Trail.Record(ctx, tx, "board.share", "board/"+board, map[string]any{
			"share": made.ID, "board": b.Spec.Title, "title": made.Title, "expires_at": made.ExpiresAt, "password": made.Password, "filters": in.Filters,
		})
	})
}

const shareColumns = "id, board, title, hash, password, filters, author, created_at, expires_at, revoked_at, revoked_by, opened, opened_at"

func scanShare(row interface{ Scan(...any) error }) (Share, error) {
	var s Share
	var filters string
	var created, expires, revoked, opened int64
	if err := row.Scan(&s.ID, &s.Board, &s.Title, &s.hash, &s.sealed, &filters, &s.Author, &created, &expires, &revoked, &s.RevokedBy, &s.Opened, &opened); err != nil {
		return s, err
	}
	s.Password = s.sealed != ""
	s.CreatedAt, s.ExpiresAt, s.RevokedAt, s.OpenedAt = state.Time(created), state.Time(expires), state.TimePtr(revoked), state.TimePtr(opened)
	return s, json.Unmarshal([]byte(filters), &s.Filters)
}

// Shares lists the links of a board, the newest first; of all boards if board is empty.
func (s *Service) Shares(ctx context.Context, board string) ([]Share, error) {
	rows, err := s.o.State.Query(ctx, "SELECT "+shareColumns+" FROM board_share WHERE ? = '' OR board = ? ORDER BY id DESC LIMIT 500", board, board)
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // reading
	var all []Share
	for rows.Next() {
		one, err := scanShare(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, rows.Err()
}

// Revoke ends a link now. Ending it twice ends it once.
func (s *Service) Revoke(ctx context.Context, share int64) error {
	return s.o.State.InTx(ctx, func(tx *state.Tx) error {
		one, err := scanShare(tx.QueryRow(ctx, "SELECT "+shareColumns+" FROM board_share WHERE id = ?", share))
		if errors.Is(err, sql.ErrNoRows) {
			return fault.New(fault.NotFound, "share.not_found", "there is no link with the number %d", share)
		}
		if err != nil || one.RevokedAt != nil {
			return err
		}
		if _, err := tx.Exec(ctx, "UPDATE board_share SET revoked_at = ?, revoked_by = ? WHERE id = ?", state.Micros(tx.Now), actor.From(ctx).Label(), share); err != nil {
			return err
		}
		return s.o.Trail.Record(ctx, tx, "board.unshare", "board/"+one.Board, map[string]any{"share": share, "title": one.Title})
	})
}

// pass is what a visitor who gave the password shows with each further request: it names the link and its end, and is signed with the sealed
// password, so that it dies with it.
func (s *Service) pass(one Share, until time.Time) string {
	end := strconv.FormatInt(until.Unix(), 36)
	return end + "." + s.passMark(one, end)
}

func (s *Service) passMark(one Share, end string) string {
	mac := hmac.New(sha256.New, s.secret)
	_, _ = mac.Write([]byte("huoshui pass 1 " + strconv.FormatInt(one.ID, 10) + " " + end + " " + one.sealed)) // never fails
	return hex.EncodeToString(mac.Sum(nil))
}

func (s *Service) passes(one Share, pass string, now time.Time) bool {
	end, mark, ok := strings.Cut(pass, ".")
	until, err := strconv.ParseInt(end, 36, 64)
	return ok && err == nil && now.Unix() < until && hmac.Equal([]byte(mark), []byte(s.passMark(one, end)))
}
