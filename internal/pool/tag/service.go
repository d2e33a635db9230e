package tag

import (
	"context"
	"strings"

	"github.com/huoshui/huoshui/internal/pool/rule"
	"github.com/huoshui/huoshui/internal/pool/rulebook"
	"github.com/huoshui/huoshui/internal/pool/shelf"
	"github.com/huoshui/huoshui/internal/pool/standing"
)

// CreateInput is a new tag.
type CreateInput struct {
	Key         string     `json:"key,omitempty" doc:"Made from the title if empty" maxLength:"64"`
	Title       string     `json:"title" minLength:"1" maxLength:"200"`
	Description string     `json:"description,omitempty" maxLength:"4000"`
	Group       string     `json:"group,omitempty" maxLength:"64"`
	Color       string     `json:"color,omitempty" maxLength:"7"`
	Mode        Mode       `json:"mode,omitempty" enum:"manual,rule" default:"manual"`
	Rule        string     `json:"rule,omitempty" doc:"CEL, of a tag by rule"`
	Tree        *rule.Tree `json:"tree,omitempty" doc:"Instead of rule"`
	ExpiresDays int        `json:"expires_days,omitempty" doc:"Calendar days that a manual tag stays, the first included; 0 for ever" minimum:"0" maximum:"3650"`
	Note        string     `json:"note,omitempty" maxLength:"1000"`
}

// Create makes a tag. repeat is the idempotency key of the request, if it has one.
func (s *Service) Create(ctx context.Context, in CreateInput, repeat string) (View, error) {
	item, err := s.tags.Create(ctx, shelf.CreateInput[Spec]{
		Key: in.Key, Title: in.Title, Note: in.Note, Repeat: repeat, Request: in,
		Make: func(key, origin string) (Spec, error) {
			spec := Spec{
				Title: strings.TrimSpace(in.Title), Description: in.Description, Group: in.Group, Color: in.Color, Mode: Manual,
				ExpiresDays: in.ExpiresDays, State: rulebook.Active, Origin: origin,
			}
			if in.Mode == ByRule {
				spec.Mode = ByRule
			}
			return s.ruled(ctx, key, spec, in.Rule, in.Tree)
		},
	})
	if err != nil {
		return View{}, err
	}
	return s.view(ctx, item)
}

// ruled puts a rule into a spec that is to have one.
func (s *Service) ruled(ctx context.Context, key string, spec Spec, text string, tree *rule.Tree) (Spec, error) {
	if spec.Mode == Manual {
		spec.Rule = text // refused by check if there is one
		if tree != nil {
			spec.Rule = "tree"
		}
		return spec, nil
	}
	r, err := s.o.Book.ParseInput(ctx, rulebook.Whose{Owner: standing.Tag, Key: key}, "body.rule", rulebook.Input{Text: text, Tree: tree})
	if err != nil {
		return spec, err
	}
	spec.Rule = r.Text()
	return spec, nil
}

// UpdateInput is what a tag is to be.
type UpdateInput struct {
	Title       string     `json:"title" minLength:"1" maxLength:"200"`
	Description string     `json:"description,omitempty" maxLength:"4000"`
	Group       string     `json:"group,omitempty" maxLength:"64"`
	Color       string     `json:"color,omitempty" maxLength:"7"`
	Rule        string     `json:"rule,omitempty" doc:"CEL; empty, and no tree: as it is"`
	Tree        *rule.Tree `json:"tree,omitempty"`
	ExpiresDays int        `json:"expires_days,omitempty" minimum:"0" maximum:"3650"`
	Note        string     `json:"note,omitempty" maxLength:"1000"`
}

// Update changes a tag if version is in force (0: whichever is). Marks that are on keep the end they have.
func (s *Service) Update(ctx context.Context, key string, in UpdateInput, version int64) (View, error) {
	item, err := s.tags.Get(key)
	if err != nil {
		return View{}, err
	}
	spec := item.Spec
	spec.Title, spec.Description, spec.Group, spec.Color, spec.ExpiresDays = strings.TrimSpace(in.Title), in.Description, in.Group, in.Color, in.ExpiresDays
	if in.Rule != "" || in.Tree != nil {
		if spec, err = s.ruled(ctx, key, spec, in.Rule, in.Tree); err != nil {
			return View{}, err
		}
	}
	if item, err = s.tags.Put(ctx, key, spec, version, in.Note); err != nil {
		return View{}, err
	}
	return s.view(ctx, item)
}

// SetState pauses, archives or activates a tag.
func (s *Service) SetState(ctx context.Context, key string, to rulebook.State, version int64) (View, error) {
	item, err := s.tags.Get(key)
	if err != nil {
		return View{}, err
	}
	spec := item.Spec
	spec.State = to
	if item, err = s.tags.Put(ctx, key, spec, version, string(to)); err != nil {
		return View{}, err
	}
	return s.view(ctx, item)
}

// GroupInput is what a group is to be.
type GroupInput struct {
	Key         string `json:"key,omitempty" doc:"Only of a new one; made from the title if empty" maxLength:"64"`
	Title       string `json:"title" minLength:"1" maxLength:"200"`
	Description string `json:"description,omitempty" maxLength:"4000"`
	Color       string `json:"color,omitempty" maxLength:"7"`
	Exclusive   bool   `json:"exclusive,omitempty" doc:"A person has at most one of its tags, the one put on last"`
	Note        string `json:"note,omitempty" maxLength:"1000"`
}

// CreateGroup makes a group. repeat is the idempotency key of the request, if it has one.
func (s *Service) CreateGroup(ctx context.Context, in GroupInput, repeat string) (GroupView, error) {
	item, err := s.groups.Create(ctx, shelf.CreateInput[GroupSpec]{
		Key: in.Key, Title: in.Title, Note: in.Note, Repeat: repeat, Request: in,
		Make: func(_, origin string) (GroupSpec, error) {
			return GroupSpec{
				Title: strings.TrimSpace(in.Title), Description: in.Description, Color: in.Color, Exclusive: in.Exclusive, State: rulebook.Active, Origin: origin,
			}, nil
		},
	})
	return s.groupView(item), err
}

// UpdateGroup changes a group if version is in force (0: whichever is).
func (s *Service) UpdateGroup(ctx context.Context, key string, in GroupInput, version int64) (GroupView, error) {
	item, err := s.groups.Get(key)
	if err != nil {
		return GroupView{}, err
	}
	spec := item.Spec
	spec.Title, spec.Description, spec.Color, spec.Exclusive = strings.TrimSpace(in.Title), in.Description, in.Color, in.Exclusive
	item, err = s.groups.Put(ctx, key, spec, version, in.Note)
	return s.groupView(item), err
}

// SetGroupState archives or activates a group.
func (s *Service) SetGroupState(ctx context.Context, key string, to rulebook.State, version int64) (GroupView, error) {
	item, err := s.groups.Get(key)
	if err != nil {
		return GroupView{}, err
	}
	spec := item.Spec
	spec.State = to
	item, err = s.groups.Put(ctx, key, spec, version, string(to))
	return s.groupView(item), err
}
