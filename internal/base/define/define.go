// Package define keeps what people define: settings, kinds of identities, channels, segments, journeys. Each is a kind, a key and a spec,
// and has a history.
//
// Terms. A spec is a JSON object whose shape belongs to its kind. A version is a spec with its author, moment and note; versions are
// numbered from 1 and never changed. The last one is in force. Rolling back makes a new version of an old spec.
//
// Invariants. Whoever edits what has changed since he read it is refused. A spec that says the same as the one in force makes no version.
// Every spec in force has passed the check of its kind, also after a roll-back.
package define

import (
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"log/slog"
	"regexp"
	"sync"
	"time"

	"github.com/huoshui/huoshui/internal/base/actor"
	"github.com/huoshui/huoshui/internal/base/audit"
	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/state"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Definition is one version of something defined.
type Definition struct {
	Kind, Key string
	Version   int64
	Spec      json.RawMessage // compact, object keys sorted
	Author    string
	At        time.Time
	Note      string
}

// Kind is what a room says of its definitions.
type Kind struct {
	Name string // lower case and underscores, e.g. "identity_kind"
	// Check says as a fault what is wrong with a spec; nil accepts every JSON object.
	Check func(key string, spec json.RawMessage) error
	// Fits says as a fault why a spec that is right in itself cannot come into force now, such as a rule that names what is not there. It is
	// asked after Check; nil lets everything pass.
	Fits func(ctx context.Context, key string, spec json.RawMessage) error
	// Edit is the permission to roll back; Manage if empty. The room's own operations say what they need themselves.
	Edit actor.Permission
}

// MaxSpec is the largest spec in bytes, MaxKey the longest key.
const (
	MaxSpec = 256 << 10
	MaxKey  = 200
)

// Service is the room's rules.
type Service struct {
	db    *state.DB
	audit *audit.Log
	log   *slog.Logger

	mu       sync.Mutex
	kinds    map[string]Kind
	watchers map[string][]func(context.Context)
	counts   map[string]int64 // versions of each kind that watchers know of
}

// New opens the room and brings its tables up to date.
func New(ctx context.Context, db *state.DB, trail *audit.Log, log *slog.Logger) (*Service, error) {
	if err := db.Migrate(ctx, "define", migrations); err != nil {
		return nil, err
	}
	s := &Service{db: db, audit: trail, log: log, kinds: map[string]Kind{}, watchers: map[string][]func(context.Context){}}
	counts, err := s.count(ctx)
	s.counts = counts
	return s, err
}

// Declare makes a kind known. It panics on a name that is taken or unfit: a mistake in the program.
func (s *Service) Declare(k Kind) {
	if !regexp.MustCompile(`^[a-z][a-z_]*$`).MatchString(k.Name) {
		panic(fmt.Sprintf("kind of definitions %q: lower case letters and underscores only", k.Name))
	}
	if k.Edit == "" {
		k.Edit = actor.Manage
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, taken := s.kinds[k.Name]; taken {
		panic(fmt.Sprintf("kind of definitions %q is declared twice", k.Name))
	}
	s.kinds[k.Name] = k
}

func (s *Service) kind(name string) (Kind, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	k, ok := s.kinds[name]
	if !ok {
		return Kind{}, fault.New(fault.NotFound, "define.kind_not_found", "there are no definitions of the kind %q", name)
	}
	return k, nil
}

// Watch calls do after every change of the kind, once it is stored: by Put before it returns, and by Run for changes that other nodes made.
func (s *Service) Watch(kind string, do func(context.Context)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.watchers[kind] = append(s.watchers[kind], do)
}

func (s *Service) changed(ctx context.Context, kind string) {
	s.mu.Lock()
	watchers := append([]func(context.Context){}, s.watchers[kind]...)
	s.mu.Unlock()
	for _, do := range watchers {
		do(ctx)
	}
}

// Run looks for changes that other nodes made until ctx ends. On SQLite there are no other nodes.
func (s *Service) Run(ctx context.Context) error {
	if s.db.Dialect() == state.SQLite {
		<-ctx.Done()
		return nil
	}
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			if err := s.Look(ctx); err != nil && ctx.Err() == nil {
				s.log.WarnContext(ctx, "definitions could not be read, trying again", "err", err)
			}
		}
	}
}

// Look calls the watchers of every kind that has changed since they last heard of it.
func (s *Service) Look(ctx context.Context) error {
	// Versions are only ever added, so their number changes with every change, in whatever order transactions commit.
	now, err := s.count(ctx)
	if err != nil {
		return err
	}
	var changed []string
	s.mu.Lock()
	for kind, n := range now {
		if n != s.counts[kind] {
			changed = append(changed, kind)
		}
	}
	s.counts = now
	s.mu.Unlock()
	for _, kind := range changed {
		s.changed(ctx, kind)
	}
	return nil
}
