package importer

import (
	"context"
	"encoding/json"
	"time"

	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/money"
	"github.com/huoshui/huoshui/internal/pool/event"
)

// eventView is an event as it would be.
type eventView struct {
	ID         string           `json:"id"`
	Type       string           `json:"type"`
	Name       string           `json:"name"`
	Time       time.Time        `json:"time"`
	Identities []event.Identity `json:"identities" nullable:"false"`
	Properties json.RawMessage  `json:"properties"`
	Traits     json.RawMessage  `json:"traits"`
	Context    json.RawMessage  `json:"context"`
	Rows       int64            `json:"rows"       doc:"How many rows of the file it stands for"`
	Amount     *money.Amount    `json:"amount"`
}

type problemView struct {
	Field   string `json:"field"`
	Message string `json:"message"`
}

type trialView struct {
	Events   []eventView   `json:"events"   nullable:"false"`
	Rejects  []TrialReject `json:"rejects"  nullable:"false"`
	Problems []problemView `json:"problems" nullable:"false"`
	Mapping  mappingView   `json:"mapping"  doc:"As it was sent, or guessed where none was"`
}

func (s *Service) preview(ctx context.Context, in *startIn) (*out[trialView], error) {
	start, err := in.input(ctx)
	if err != nil {
		return nil, err
	}
	t, err := s.Try(ctx, start)
	if err != nil {
		return nil, err
	}
	return &out[trialView]{viewTrial(t)}, nil
}

func viewTrial(t Trial) trialView {
	v := trialView{Events: []eventView{}, Rejects: []TrialReject{}, Problems: []problemView{}, Mapping: viewMapping(t.Mapping)}
	for i := range t.Events {
		v.Events = append(v.Events, viewEvent(&t.Events[i]))
	}
	v.Rejects = append(v.Rejects, t.Rejects...)
	for _, p := range t.Problems {
		v.Problems = append(v.Problems, problemOf(p))
	}
	return v
}

func problemOf(p fault.Violation) problemView { return problemView{Field: p.Field, Message: p.Message} }

func viewEvent(e *event.Event) eventView {
	v := eventView{
		ID: e.ID, Type: e.Type.String(), Name: e.Name, Time: time.UnixMicro(e.Time).UTC(), Identities: e.Identities, Rows: e.Rows,
		Properties: orEmpty(e.Properties), Traits: orEmpty(e.Traits), Context: orEmpty(e.Context),
	}
	var paid struct {
		Revenue  json.Number `json:"revenue"`
		Currency string      `json:"currency"`
	}
	if json.Unmarshal(e.Properties, &paid) == nil && paid.Revenue != "" && money.ValidCurrency(paid.Currency) {
		if amount, err := money.Parse(paid.Revenue.String(), paid.Currency); err == nil {
			v.Amount = &amount
		}
	}
	return v
}

func orEmpty(raw []byte) json.RawMessage {
	if len(raw) == 0 {
		return json.RawMessage("{}")
	}
	return raw
}
