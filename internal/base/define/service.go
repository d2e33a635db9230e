package define

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/huoshui/huoshui/internal/base/actor"
	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/state"
)

// PutInput is a new version.
type PutInput struct {
	Kind, Key string
	Spec      any   // a value that becomes a JSON object, or a json.RawMessage
	IfVersion int64 // the version that must be in force; 0 means whichever, Absent means none
	Note      string
}

// Absent as IfVersion asks that there is no such definition yet.
const Absent = -1

// Validate says what is wrong with the input.
func (in PutInput) Validate() error {
	var c fault.Check
	c.That(in.Key != "" && len(in.Key) <= MaxKey, "key", "give a key of at most %d bytes", MaxKey)
	c.That(len(in.Note) <= 1000, "note", "a note has at most 1000 bytes")
	return c.Err("define.invalid", "the definition cannot be saved; see errors")
}

// errSame ends a transaction that has nothing to change.
var errSame = errors.New("the same spec is in force")

// Put stores a new version and gives it, or gives the one in force if that says the same. If another version is in force than IfVersion, it
// is a Stale fault "define.stale".
func (s *Service) Put(ctx context.Context, in PutInput) (Definition, error) {
	if err := in.Validate(); err != nil {
		return Definition{}, err
	}
	k, err := s.kind(in.Kind)
	if err != nil {
		return Definition{}, err
	}
	spec, err := Canonical(in.Spec)
	if err != nil {
		return Definition{}, err
	}
	if k.Check != nil {
		if err := k.Check(in.Key, spec); err != nil {
			return Definition{}, err
		}
	}
	if k.Fits != nil {
		if err := k.Fits(ctx, in.Key, spec); err != nil {
			return Definition{}, err
		}
	}
	var d Definition
	err = s.db.InTx(ctx, func(tx *state.Tx) error {
		d, err = s.put(ctx, tx, in, spec)
		return err
	})
	if errors.Is(err, errSame) {
		return d, nil
	}
	if err != nil {
		return Definition{}, err
	}
	s.mu.Lock()
	s.counts[in.Kind]++
	s.mu.Unlock()
	s.changed(ctx, in.Kind)
	return d, nil
}

func (s *Service) put(ctx context.Context, tx *state.Tx, in PutInput, spec json.RawMessage) (Definition, error) {
	d := Definition{Kind: in.Kind, Key: in.Key, Spec: spec, Author: actor.From(ctx).Label(), At: tx.Now, Note: in.Note}
	// Takes the head's row, so that two editors at the same moment come one after the other.
	err := tx.QueryRow(ctx, `INSERT INTO definition (kind, key, version) VALUES (?, ?, 1)
		ON CONFLICT (kind, key) DO UPDATE SET version = definition.version + 1 RETURNING version`, in.Kind, in.Key).Scan(&d.Version)
	if err != nil {
		return Definition{}, err
	}
	before := d.Version - 1
	switch {
	case in.IfVersion == Absent && before > 0:
		return Definition{}, fault.New(fault.Conflict, "define.exists", "%s %s is there already; change it instead", in.Kind, in.Key)
	case in.IfVersion > 0 && before != in.IfVersion:
		return Definition{}, fault.New(fault.Stale, "define.stale", "somebody changed this meanwhile (version %d is in force, you had %d); read it again", before, in.IfVersion)
	}
	var changes []Change
	if before > 0 {
		old, err := getVersion(ctx, tx, in.Kind, in.Key, before)
		if err != nil {
			return Definition{}, err
		}
		if bytes.Equal(old.Spec, spec) {
			return old, errSame
		}
		changes = Diff(old.Spec, spec)
	}
	if _, err := tx.Exec(ctx, "INSERT INTO definition_version (kind, key, version, spec, author, at, note) VALUES (?, ?, ?, ?, ?, ?, ?)",
		d.Kind, d.Key, d.Version, string(spec), d.Author, state.Micros(d.At), d.Note); err != nil {
		return Definition{}, err
	}
	return d, s.audit.Record(ctx, tx, "definition.put", in.Kind+"/"+in.Key, map[string]any{"version": d.Version, "note": in.Note, "changes": changes})
}

// RollbackInput says which version comes into force again.
type RollbackInput struct {
	Kind, Key string
	Version   int64
	IfVersion int64
	Note      string // "back to version n" if empty
}

// Rollback makes a new version of an old spec. The spec must still pass the check of its kind.
func (s *Service) Rollback(ctx context.Context, in RollbackInput) (Definition, error) {
	if _, err := s.kind(in.Kind); err != nil {
		return Definition{}, err
	}
	old, err := getVersion(ctx, s.db, in.Kind, in.Key, in.Version)
	if err != nil {
		return Definition{}, err
	}
	if in.Note == "" {
		in.Note = fmt.Sprintf("back to version %d", in.Version)
	}
	return s.Put(ctx, PutInput{Kind: in.Kind, Key: in.Key, Spec: old.Spec, IfVersion: in.IfVersion, Note: in.Note})
}

// Canonical gives the one text of a spec: an object, compact, keys sorted, numbers as they were written.
func Canonical(spec any) (json.RawMessage, error) {
	bad := func(err error) error {
		return fault.Wrap(err, fault.Invalid, "define.not_an_object", "a definition is a JSON object")
	}
	text, ok := spec.(json.RawMessage)
	if !ok {
		var err error
		if text, err = json.Marshal(spec); err != nil {
			return nil, bad(err)
		}
	}
	v, err := decode(text)
	if err != nil {
		return nil, bad(err)
	}
	if _, ok := v.(map[string]any); !ok {
		return nil, bad(nil)
	}
	b, err := encode(v)
	if err != nil {
		return nil, bad(err)
	}
	if len(b) > MaxSpec {
		return nil, fault.New(fault.TooLarge, "define.too_large", "a definition has at most %d bytes", MaxSpec)
	}
	return b, nil
}

func decode(text []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, err
	}
	if d.More() {
		return nil, errors.New("more than one value")
	}
	return v, nil
}

func encode(v any) (json.RawMessage, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return bytes.TrimRight(b.Bytes(), "\n"), err
}
