package tag

import (
	"context"
	"encoding/json"
	"errors"
)

// actionParams are the parameters of the actions tag.add and tag.remove.
type actionParams struct {
	Tag string `json:"tag"`
}

// CheckAction says what is wrong with the parameters of tag.add and tag.remove.
func (s *Service) CheckAction(params json.RawMessage) error {
	var p actionParams
	if json.Unmarshal(params, &p) != nil || p.Tag == "" {
		return errors.New(`the action takes a tag: {"tag":"key"}`)
	}
	_, err := s.manual(p.Tag)
	return err
}

// AddAction puts a tag on a person, as the context's actor.
func (s *Service) AddAction(ctx context.Context, person int64, params json.RawMessage, note string) error {
	return s.act(ctx, Add, person, params, note)
}

// RemoveAction takes a tag off a person, as the context's actor.
func (s *Service) RemoveAction(ctx context.Context, person int64, params json.RawMessage, note string) error {
	return s.act(ctx, Remove, person, params, note)
}

func (s *Service) act(ctx context.Context, action Action, person int64, params json.RawMessage, note string) error {
	var p actionParams
	if err := json.Unmarshal(params, &p); err != nil {
		return err
	}
	in := PersonInput{Note: note, Add: []string{p.Tag}}
	if action == Remove {
		in.Add, in.Remove = nil, []string{p.Tag}
	}
	_, err := s.Change(ctx, person, in)
	return err
}
