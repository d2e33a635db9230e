package tag

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/pool/rule"
	"github.com/huoshui/huoshui/internal/pool/rulebook"
	"github.com/huoshui/huoshui/internal/pool/standing"
)

// fits looks at a tag among everything else.
func (s *Service) fits(ctx context.Context, key string, raw json.RawMessage) error {
	var spec Spec
	if err := json.Unmarshal(raw, &spec); err != nil {
		return err
	}
	old, known := s.tags.Find(key)
	if known && old.Spec.Mode != spec.Mode {
		return fault.New(fault.Conflict, "tag.by_rule", "whether a tag is put on by hand or by rule cannot be changed; make a new one")
	}
	if spec.State == rulebook.Archived {
		return s.o.Book.Free(ctx, standing.Tag, key)
	}
	if spec.Group != "" {
		group, err := s.groups.Get(spec.Group)
		if err != nil {
			return err
		}
		if group.Spec.Exclusive && spec.Mode == ByRule {
			return exclusiveRule(group.Spec.Title)
		}
		if group.Spec.Exclusive && known && old.Spec.Group != spec.Group {
			if err := s.apart(ctx, group.Spec.Title, append(s.in(spec.Group), key)); err != nil {
				return err
			}
		}
	}
	if spec.Mode == Manual {
		return nil
	}
	_, err := s.o.Book.Parse(ctx, rulebook.Whose{Owner: standing.Tag, Key: key}, "body.rule", spec.Rule)
	return err
}

// groupFits looks at a group among the tags.
func (s *Service) groupFits(ctx context.Context, key string, raw json.RawMessage) error {
	var spec GroupSpec
	if err := json.Unmarshal(raw, &spec); err != nil {
		return err
	}
	tags := s.in(key)
	if spec.State == rulebook.Archived && len(tags) > 0 {
		return fault.New(fault.Conflict, "tag_group.in_use", "%d tags are in the group; move or archive them first", len(tags))
	}
	if old, known := s.groups.Find(key); !spec.Exclusive || known && old.Spec.Exclusive {
		return nil
	}
	for _, t := range tags {
		if i, ok := s.tags.Find(t); ok && i.Spec.Mode == ByRule {
			return exclusiveRule(spec.Title)
		}
	}
	return s.apart(ctx, spec.Title, tags)
}

func exclusiveRule(group string) error {
	return fault.New(fault.Invalid, "tag.exclusive_rule", "the group %q is exclusive, and two rules may fit one person; make a tier dimension, whose levels are tried in order", group)
}

// in are the tags of a group that are not archived.
func (s *Service) in(group string) []string {
	var out []string
	if s.tags == nil {
		return nil
	}
	for _, i := range s.tags.All() {
		if i.Spec.Group == group && i.Spec.State != rulebook.Archived {
			out = append(out, i.Key)
		}
	}
	return out
}

// apart refuses if somebody has two of the tags.
func (s *Service) apart(ctx context.Context, group string, tags []string) error {
	if len(tags) < 2 {
		return nil
	}
	args := make([]any, len(tags))
	for i, t := range tags {
		args[i] = t
	}
	var n int64
	err := s.o.State.QueryRow(ctx, `SELECT count(*) FROM (SELECT i.person FROM tag_on t JOIN identity i ON i.id = t.node WHERE t.tag IN `+state.Marks(1, len(tags))+`
		GROUP BY i.person HAVING count(DISTINCT t.tag) > 1) twice`, args...).Scan(&n)
	if err == nil && n > 0 {
		err = fault.New(fault.Conflict, "tag.not_exclusive", "%d people have more than one tag of the group %q; take the surplus off first", n, group)
	}
	return err
}

// tell gives the engine whatever has changed since it was told.
func (s *Service) tell(ctx context.Context) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, i := range s.tags.All() {
		token := rulebook.Token(string(i.Spec.State), i.Spec.Rule)
		if i.Spec.Mode == Manual || s.applied[i.Key] == token {
			continue
		}
		if err := s.apply(ctx, i.Key, i.Spec); err != nil {
			s.o.Logger.WarnContext(ctx, "a tag could not be put into force", "tag", i.Key, "err", err)
			continue
		}
		s.applied[i.Key] = token
	}
}

func (s *Service) apply(ctx context.Context, key string, spec Spec) error {
	switch spec.State {
	case rulebook.Archived:
		return s.o.Engine.Remove(ctx, standing.Tag, key)
	case rulebook.Paused:
		return s.o.Engine.Pause(ctx, standing.Tag, key)
	case rulebook.Active:
	}
	r, problems := rule.Parse(spec.Rule, nil)
	if r == nil {
		return fmt.Errorf("rule of tag %s: %s", key, problems[0].Message)
	}
	return s.o.Engine.Apply(ctx, standing.Spec{Owner: standing.Tag, Key: key, Version: rulebook.Token(spec.Rule), Rules: []*rule.Rule{r}})
}
