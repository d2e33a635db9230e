package define

import (
	"context"
	"encoding/json"
	"time"

	"github.com/huoshui/huoshui/internal/base/actor"
	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/httpapi"
)

type (
	keyInput struct {
		Kind string `path:"kind"`
		Key  string `path:"key"`
	}
	versionView struct {
		Version int64           `json:"version"`
		Author  string          `json:"author"`
		At      time.Time       `json:"at"`
		Note    string          `json:"note"`
		Spec    json.RawMessage `json:"spec"    doc:"An object, its shape depends on the kind"`
		Diff    []Change        `json:"diff"    doc:"Against the version before"               nullable:"false"`
	}
	versionsOutput struct {
		Body httpapi.Items[versionView] `nameHint:"DefinitionVersions"`
	}
	rollbackInput struct {
		Kind string `path:"kind"`
		Key  string `path:"key"`
		httpapi.IfMatch
		Body struct {
			Version int64  `json:"version"        minimum:"1"`
			Note    string `json:"note,omitempty"`
		} `nameHint:"RollbackInput"`
	}
	versionNumber struct {
		Version int64 `json:"version"`
	}
	rollbackOutput struct {
		ETag string        `header:"ETag"`
		Body versionNumber `nameHint:"DefinitionVersion"`
	}
)

// Routes registers the operations of this room.
func (s *Service) Routes(api *httpapi.API) {
	httpapi.Register(api, httpapi.Op{
		Method: "GET", Path: "/definitions/{kind}/{key}/versions", ID: "list-versions", Tag: "definitions", Permission: actor.Read,
		Summary: "History of a definition, the newest first",
	}, s.listVersions)
	httpapi.Register(api, httpapi.Op{
		Method: "POST", Path: "/definitions/{kind}/{key}/rollback", ID: "roll-back", Tag: "definitions", Permission: actor.Operate,
		Summary: "Bring an old version into force again, as a new one",
	}, s.rollback)
}

func (s *Service) listVersions(ctx context.Context, in *keyInput) (*versionsOutput, error) {
	versions, err := s.Versions(ctx, in.Kind, in.Key)
	views := make([]versionView, len(versions))
	for i, v := range versions {
		views[i] = versionView{Version: v.Version, Author: v.Author, At: v.At, Note: v.Note, Spec: v.Spec, Diff: append([]Change{}, v.Diff...)}
	}
	return &versionsOutput{Body: httpapi.List(views)}, err
}

func (s *Service) rollback(ctx context.Context, in *rollbackInput) (*rollbackOutput, error) {
	k, err := s.kind(in.Kind)
	if err != nil {
		return nil, err
	}
	if who := actor.From(ctx); !who.Can(k.Edit) {
		return nil, fault.New(fault.Forbidden, "auth.forbidden", "the role %s may not change this (it needs the permission %q); ask an owner", who.Role, k.Edit)
	}
	had, err := in.Version()
	if err != nil {
		return nil, err
	}
	d, err := s.Rollback(ctx, RollbackInput{Kind: in.Kind, Key: in.Key, Version: in.Body.Version, IfVersion: had, Note: in.Body.Note})
	return &rollbackOutput{ETag: httpapi.ETag(d.Version), Body: versionNumber{Version: d.Version}}, err
}
