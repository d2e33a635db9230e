package auth

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/huoshui/huoshui/internal/base/actor"
	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/httpapi/once"
	"github.com/huoshui/huoshui/internal/base/state"
)

// The kinds of keys.
const (
	WriteKind = "write" // sends events, and nothing else
	APIKind   = "api"   // uses the API in its role
)

// Key lets a program in. Its secret is not here.
type Key struct {
	ID         int64      `json:"id"`
	Kind       string     `json:"kind"         enum:"write,api"`
	Name       string     `json:"name"`
	Role       Role       `json:"role"         enum:"owner,operator,analyst,service"`
	Prefix     string     `json:"prefix"       doc:"The beginning of the secret, to recognise it by"               example:"hs_wk_ab12"`
	CreatedAt  time.Time  `json:"created_at"`
	CreatedBy  string     `json:"created_by"`
	LastUsedAt *time.Time `json:"last_used_at"`
	RevokedAt  *time.Time `json:"revoked_at"`
}

// NewKey is a key with its secret, as it is shown once.
type NewKey struct {
	Key
	Secret string `json:"secret" doc:"Shown this once; keep it"`
}

// CreateKeyInput is a key to be made. Write keys always have the role service.
type CreateKeyInput struct {
	Kind, Name     string
	Role           Role
	IdempotencyKey string
}

// Validate says what is wrong with the input.
func (in CreateKeyInput) Validate() error {
	var c fault.Check
	c.That(in.Kind == WriteKind || in.Kind == APIKind, "body.kind", "take write or api")
	checkName(&c, "body.name", in.Name)
	if in.Kind == APIKind && in.Role != "" {
		checkRole(&c, "body.role", in.Role)
	}
	return c.Err("auth.key_invalid", "the key cannot be made; see errors")
}

// CreateKey makes a key and gives its secret, which is not stored. The role of an API key is service if none is given.
func (s *Service) CreateKey(ctx context.Context, in CreateKeyInput) (NewKey, error) {
	if err := in.Validate(); err != nil {
		return NewKey{}, err
	}
	prefix := apiPrefix
	if in.Kind == WriteKind {
		prefix, in.Role = writePrefix, actor.Service
	}
	if in.Role == "" {
		in.Role = actor.Service
	}
	secret := prefix + token()
	var k Key
	made := false
	err := s.db.InTx(ctx, func(tx *state.Tx) error {
		var err error
		k, err = once.Do(ctx, tx, "create-key", in.IdempotencyKey, in, func() (Key, error) {
			made = true
			return s.insertKey(ctx, tx, in, secret)
		})
		return err
	})
	if err != nil {
		return NewKey{}, err
	}
	if !made {
		return NewKey{}, fault.New(fault.Conflict, "auth.key_shown",
			"this key (%s…) was made by an earlier request, and its secret is shown only once; revoke it and make a new one", k.Prefix)
	}
	s.keys.forget()
	return NewKey{Key: k, Secret: secret}, nil
}

func (s *Service) insertKey(ctx context.Context, tx *state.Tx, in CreateKeyInput, secret string) (Key, error) {
	k := Key{
		Kind: in.Kind, Name: strings.TrimSpace(in.Name), Role: in.Role, Prefix: secret[:len(writePrefix)+4], CreatedAt: tx.Now,
		CreatedBy: FromContext(ctx).Label(),
	}
	var err error
	k.ID, err = tx.Insert(ctx, "INSERT INTO auth_key (kind, name, role, prefix, hash, created_at, created_by) VALUES (?, ?, ?, ?, ?, ?, ?)",
		k.Kind, k.Name, string(k.Role), k.Prefix, digest(secret), state.Micros(tx.Now), k.CreatedBy)
	if err != nil {
		return Key{}, err
	}
	return k, s.audit.Record(ctx, tx, "key.create", k.Name, map[string]any{"kind": k.Kind, "role": k.Role, "prefix": k.Prefix})
}

// RevokeKey ends a key for good. Revoking twice is revoking once.
func (s *Service) RevokeKey(ctx context.Context, id int64) error {
	err := s.db.InTx(ctx, func(tx *state.Tx) error {
		var name, prefix string
		var revoked int64
		err := tx.QueryRow(ctx, "SELECT name, prefix, revoked_at FROM auth_key WHERE id = ?", id).Scan(&name, &prefix, &revoked)
		if errors.Is(err, sql.ErrNoRows) {
			return fault.New(fault.NotFound, "auth.key_not_found", "there is no key %d", id)
		}
		if err != nil || revoked != 0 {
			return err
		}
		if _, err := tx.Exec(ctx, "UPDATE auth_key SET revoked_at = ? WHERE id = ?", state.Micros(tx.Now), id); err != nil {
			return err
		}
		return s.audit.Record(ctx, tx, "key.revoke", name, map[string]string{"prefix": prefix})
	})
	s.keys.forget()
	return err
}

const keyColumns = "id, kind, name, role, prefix, created_at, created_by, last_used_at, revoked_at"

func scanKey(row interface{ Scan(...any) error }, more ...any) (Key, error) {
	var k Key
	var created, used, revoked int64
	err := row.Scan(append([]any{&k.ID, &k.Kind, &k.Name, &k.Role, &k.Prefix, &created, &k.CreatedBy, &used, &revoked}, more...)...)
	k.CreatedAt, k.LastUsedAt, k.RevokedAt = state.Time(created), state.TimePtr(used), state.TimePtr(revoked)
	return k, err
}

// Keys lists all keys, the revoked too, the newest first.
func (s *Service) Keys(ctx context.Context) ([]Key, error) {
	rows, err := s.db.Query(ctx, "SELECT "+keyColumns+" FROM auth_key ORDER BY id DESC")
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // reading
	var keys []Key
	for rows.Next() {
		k, err := scanKey(rows)
		if err != nil {
			return nil, err
		}
		if last := s.seen.last(seenKey, k.ID); !last.IsZero() {
			k.LastUsedAt = &last
		}
		keys = append(keys, k)
	}
	return keys, rows.Err()
}

// byAPIKey finds the key behind a secret.
func (s *Service) byAPIKey(ctx context.Context, secret string) (Key, error) {
	k, err := scanKey(s.db.QueryRow(ctx, "SELECT "+keyColumns+" FROM auth_key WHERE hash = ? AND kind = ? AND revoked_at = 0", digest(secret), APIKind))
	if errors.Is(err, sql.ErrNoRows) {
		return Key{}, fault.New(fault.NotSignedIn, "auth.api_key", "this API key is not known or was revoked; make one under Settings → Intake → Keys")
	}
	if err != nil {
		return Key{}, err
	}
	s.seen.note(seenKey, k.ID, s.clock.Now())
	return k, nil
}

// freshFor is how long the write keys in memory are believed: another node's revocation takes effect within it, our own at once.
const freshFor = 500 * time.Millisecond

// keyCache holds all write keys that are not revoked, by the hash of their secret.
type keyCache struct {
	now     atomic.Pointer[keySet]
	reading sync.Mutex
	changes atomic.Int64 // counts our own changes, so that a reading that began before one is not believed
}

type keySet struct {
	at      time.Time
	changes int64
	byHash  map[string]Key
}

func (c *keyCache) forget() { c.changes.Add(1) }

func (c *keyCache) fresh(now time.Time) (*keySet, bool) {
	set := c.now.Load()
	return set, set != nil && set.changes == c.changes.Load() && now.Sub(set.at) < freshFor
}

// WriteKey finds the write key behind a secret: the hot path of intake, without SQL but for one reading of all keys per half second. An
// unknown or revoked key is NotSignedIn "auth.write_key". If the store cannot be read, the keys known last stay good.
func (s *Service) WriteKey(ctx context.Context, secret string) (Key, error) {
	now := s.clock.Now()
	set, ok := s.keys.fresh(now)
	if !ok {
		var err error
		if set, err = s.readWriteKeys(ctx, set); err != nil {
			return Key{}, err
		}
	}
	k, ok := set.byHash[string(digest(secret))]
	if !ok {
		return Key{}, fault.New(fault.NotSignedIn, "auth.write_key", "this write key is not known or was revoked; take one from Settings → Intake")
	}
	s.seen.note(seenKey, k.ID, now)
	return k, nil
}

func (s *Service) readWriteKeys(ctx context.Context, old *keySet) (*keySet, error) {
	s.keys.reading.Lock()
	defer s.keys.reading.Unlock()
	if set, ok := s.keys.fresh(s.clock.Now()); ok { // somebody else read while we waited
		return set, nil
	}
	set := &keySet{at: s.clock.Now(), changes: s.keys.changes.Load(), byHash: map[string]Key{}}
	err := func() error {
		rows, err := s.db.Query(ctx, "SELECT "+keyColumns+", hash FROM auth_key WHERE kind = ? AND revoked_at = 0", WriteKind)
		if err != nil {
			return err
		}
		defer rows.Close() //nolint:errcheck // reading
		for rows.Next() {
			var hash []byte
			k, err := scanKey(rows, &hash)
			if err != nil {
				return err
			}
			set.byHash[string(hash)] = k
		}
		return rows.Err()
	}()
	if err != nil {
		if old != nil && ctx.Err() == nil {
			s.log.WarnContext(ctx, "write keys could not be read, going on with those known", "err", err)
			return old, nil
		}
		return nil, fault.Wrap(err, fault.Unavailable, "auth.keys_unavailable", "the keys cannot be read just now; send the events again in a moment")
	}
	s.keys.now.Store(set)
	return set, nil
}
