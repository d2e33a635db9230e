package segment

import (
	"context"
	"strings"
	"time"

	"github.com/RoaringBitmap/roaring/v2/roaring64"

	"github.com/huoshui/huoshui/internal/base/calendar"
	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/id"
	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/pool/rule"
	"github.com/huoshui/huoshui/internal/pool/rulebook"
	"github.com/huoshui/huoshui/internal/pool/shelf"
	"github.com/huoshui/huoshui/internal/pool/standing"
)

// retell is how often the engine is told again of what it could not take.
const retell = 10 * time.Second

// Run tells the engine again of segments that it could not take, until ctx ends.
func (s *Service) Run(ctx context.Context) error {
	tick := time.NewTicker(retell)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			s.tell(ctx)
		}
	}
}

// CreateInput is a new segment.
type CreateInput struct {
	Key         string     `json:"key,omitempty" doc:"Made from the title if empty" maxLength:"64"`
	Title       string     `json:"title" minLength:"1" maxLength:"200"`
	Description string     `json:"description,omitempty" maxLength:"4000"`
	Rule        string     `json:"rule,omitempty" doc:"CEL"`
	Tree        *rule.Tree `json:"tree,omitempty" doc:"Instead of rule"`
	Mode        Mode       `json:"mode,omitempty" enum:"live,static" default:"live"`
	Note        string     `json:"note,omitempty" maxLength:"1000"`
}

// Create makes a segment. repeat is the idempotency key of the request, if it has one.
func (s *Service) Create(ctx context.Context, in CreateInput, repeat string) (View, error) {
	item, err := s.shelf.Create(ctx, shelf.CreateInput[Spec]{
		Key: in.Key, Title: in.Title, Note: in.Note, Repeat: repeat, Request: in,
		Make: func(key, origin string) (Spec, error) {
			r, err := s.o.Book.ParseInput(ctx, rulebook.Whose{Owner: standing.Segment, Key: key}, "body.rule", rulebook.Input{Text: in.Rule, Tree: in.Tree})
			if err != nil {
				return Spec{}, err
			}
			spec := Spec{Title: strings.TrimSpace(in.Title), Description: in.Description, Mode: Live, Rule: r.Text(), State: rulebook.Active, Origin: origin}
			if in.Mode != Static {
				return spec, nil
			}
			people, err := s.o.Engine.Matching(ctx, r)
			if err != nil {
				return Spec{}, err
			}
			return s.take(ctx, spec, people)
		},
	})
	if err != nil {
		return View{}, err
	}
	return s.view(ctx, item)
}

// take makes a spec a snapshot of people.
func (s *Service) take(ctx context.Context, spec Spec, people *roaring64.Bitmap) (Spec, error) {
	people.RunOptimize()
	text, err := people.MarshalBinary()
	if err != nil {
		return spec, err
	}
	now := s.o.Clock.Now()
	spec.Mode, spec.Snapshot, spec.Taken = Static, id.New(now), state.Micros(now)
	return spec, s.o.State.InTx(ctx, func(tx *state.Tx) error {
		_, err := tx.Exec(ctx, "INSERT INTO segment_snapshot (id, people, at, nodes) VALUES (?, ?, ?, ?)", spec.Snapshot, int64(people.GetCardinality()), spec.Taken, text)
		return err
	})
}

// SnapshotInput names a snapshot of a segment.
type SnapshotInput struct {
	Key   string `json:"key,omitempty" maxLength:"64"`
	Title string `json:"title" minLength:"1" maxLength:"200"`
	Note  string `json:"note,omitempty" maxLength:"1000"`
}

// Snapshot makes a static segment of who is in one now.
func (s *Service) Snapshot(ctx context.Context, of string, in SnapshotInput, repeat string) (View, error) {
	from, err := s.shelf.Get(of)
	if err != nil {
		return View{}, err
	}
	if from.Spec.State == rulebook.Archived {
		return View{}, archived(of)
	}
	item, err := s.shelf.Create(ctx, shelf.CreateInput[Spec]{
		Key: in.Key, Title: in.Title, Note: in.Note, Repeat: repeat, Request: struct {
			Of string
			SnapshotInput
		}{of, in},
		Make: func(_, origin string) (Spec, error) {
			people, err := s.members(of)
			if err != nil {
				return Spec{}, err
			}
			spec := Spec{
				Title: strings.TrimSpace(in.Title), Description: from.Spec.Description, Rule: from.Spec.Rule, State: rulebook.Active, Of: of, Origin: origin,
			}
			return s.take(ctx, spec, people)
		},
	})
	if err != nil {
		return View{}, err
	}
	return s.view(ctx, item)
}

func archived(key string) error {
	return fault.New(fault.Conflict, "segment.archived", "the segment %q is archived; bring it back first", key)
}

// UpdateInput is what a segment is to be.
type UpdateInput struct {
	Title       string     `json:"title" minLength:"1" maxLength:"200"`
	Description string     `json:"description,omitempty" maxLength:"4000"`
	Rule        string     `json:"rule,omitempty" doc:"CEL; empty, and no tree: as it is"`
	Tree        *rule.Tree `json:"tree,omitempty"`
	Note        string     `json:"note,omitempty" maxLength:"1000"`
}

// Update changes a segment if version is in force (0: whichever is).
func (s *Service) Update(ctx context.Context, key string, in UpdateInput, version int64) (View, error) {
	item, err := s.shelf.Get(key)
	if err != nil {
		return View{}, err
	}
	spec := item.Spec
	spec.Title, spec.Description = strings.TrimSpace(in.Title), in.Description
	if in.Rule != "" || in.Tree != nil {
		r, err := s.o.Book.ParseInput(ctx, rulebook.Whose{Owner: standing.Segment, Key: key}, "body.rule", rulebook.Input{Text: in.Rule, Tree: in.Tree})
		if err != nil {
			return View{}, err
		}
		if spec.Mode == Static && r.Text() != spec.Rule {
			return View{}, fault.New(fault.Conflict, "segment.static", "the rule of a snapshot is the one of its moment; make a live segment for another")
		}
		spec.Rule = r.Text()
	}
	if item, err = s.shelf.Put(ctx, key, spec, version, in.Note); err != nil {
		return View{}, err
	}
	return s.view(ctx, item)
}

// SetState pauses, archives or activates a segment.
func (s *Service) SetState(ctx context.Context, key string, to rulebook.State, version int64) (View, error) {
	item, err := s.shelf.Get(key)
	if err != nil {
		return View{}, err
	}
	if item.Spec.Mode == Static && to == rulebook.Paused {
		return View{}, fault.New(fault.Conflict, "segment.static", "a snapshot stands still anyway")
	}
	spec := item.Spec
	spec.State = to
	if item, err = s.shelf.Put(ctx, key, spec, version, string(to)); err != nil {
		return View{}, err
	}
	return s.view(ctx, item)
}

// members are the people in a segment, as a set of the caller's own.
func (s *Service) members(key string) (*roaring64.Bitmap, error) {
	item, err := s.shelf.Get(key)
	if err != nil {
		return nil, err
	}
	if item.Spec.State == rulebook.Archived {
		return nil, archived(key)
	}
	set := s.o.Engine.Members(standing.Segment, key, "")
	if set == nil {
		set = roaring64.New() // it is on its way
	}
	return set, nil
}

// Members are the people in a segment now.
func (s *Service) Members(_ context.Context, key string) (*roaring64.Bitmap, error) {
	return s.members(key)
}

func in(level string) bool { return level != "" }

// Sizes of a segment day by day.
func (s *Service) Sizes(ctx context.Context, key string, r calendar.Range) ([]rulebook.Size, error) {
	set, err := s.members(key)
	if err != nil {
		return nil, err
	}
	cuts := rulebook.Cuts(r)
	if _, end := rulebook.Today(s.o.Clock.Now(), r.Zone); end > cuts[len(cuts)-1] {
		cuts = append(cuts, end)
	}
	moved, err := s.o.Engine.Spans(ctx, standing.Segment, key, cuts)
	if err != nil {
		return nil, err
	}
	return rulebook.Sizes(r, int64(set.GetCardinality()), moved, in), nil
}
