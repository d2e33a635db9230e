package settings

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/huoshui/huoshui/internal/base/actor"
	"github.com/huoshui/huoshui/internal/base/define"
	"github.com/huoshui/huoshui/internal/base/fault"
)

// Service is the room's rules.
type Service struct {
	defs *define.Service
	log  *slog.Logger
	now  atomic.Pointer[inForce]
}

type inForce struct {
	settings Settings
	version  int64
	zone     *time.Location
}

// New opens the room. A new pool gets the default settings.
func New(ctx context.Context, defs *define.Service, log *slog.Logger) (*Service, error) {
	s := &Service{defs: defs, log: log}
	defs.Declare(define.Kind{Name: Kind, Edit: actor.Manage, Check: check})
	_, found, err := defs.Find(ctx, Kind, Key)
	if err != nil {
		return nil, err
	}
	if !found {
		_, err := defs.Put(actor.With(ctx, actor.Itself()), define.PutInput{Kind: Kind, Key: Key, Spec: Defaults(), IfVersion: define.Absent, Note: "new pool"})
		if err != nil && fault.CodeOf(err) != "define.exists" { // another node was first
			return nil, err
		}
	}
	if err := s.read(ctx); err != nil {
		return nil, err
	}
	defs.Watch(Kind, func(ctx context.Context) {
		if err := s.read(ctx); err != nil {
			s.log.WarnContext(ctx, "settings could not be read, the ones before stay in force here", "err", err)
		}
	})
	return s, nil
}

func check(key string, spec json.RawMessage) error {
	if key != Key {
		return fault.New(fault.Invalid, "settings.invalid", "there are settings of the pool (key %q) and no others", Key)
	}
	got, err := parse(spec)
	if err != nil {
		return fault.Wrap(err, fault.Invalid, "settings.invalid", "the settings cannot be read")
	}
	return got.Validate()
}

func (s *Service) read(ctx context.Context) error {
	d, err := s.defs.Get(ctx, Kind, Key)
	if err != nil {
		return err
	}
	got, err := parse(d.Spec)
	if err != nil {
		return fmt.Errorf("settings version %d: %w", d.Version, err)
	}
	zone, err := time.LoadLocation(got.TimeZone)
	if err != nil {
		return fmt.Errorf("settings version %d: %w", d.Version, err)
	}
	s.now.Store(&inForce{settings: got, version: d.Version, zone: zone})
	return nil
}

// Get gives the settings in force.
func (s *Service) Get() Settings { return s.now.Load().settings }

// Location is the zone in which the pool counts days.
func (s *Service) Location() *time.Location { return s.now.Load().zone }

// Put changes the settings if version is in force (0: whichever is) and gives the new version.
func (s *Service) Put(ctx context.Context, next Settings, version int64, note string) (int64, error) {
	if err := next.Validate(); err != nil {
		return 0, err
	}
	d, err := s.defs.Put(ctx, define.PutInput{Kind: Kind, Key: Key, Spec: next, IfVersion: version, Note: note})
	return d.Version, err
}
