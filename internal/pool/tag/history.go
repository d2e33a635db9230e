package tag

import (
	"context"
	"math"
	"slices"

	"github.com/huoshui/huoshui/internal/base/httpapi"
)

// mixed is the cursor of a history that is put together from two: by hand and by rule.
type mixed struct {
	Hand int64 `json:"h"`
	Rule int64 `json:"r"` // 0 from the newest
}

// TagHistory gives a page of what happened to a tag, of one person if person is not 0.
func (s *Service) TagHistory(ctx context.Context, key string, person int64, page httpapi.Paging) (httpapi.Page[ChangeView], error) {
	if _, err := s.tags.Get(key); err != nil {
		return httpapi.Page[ChangeView]{}, err
	}
	return s.history(ctx, HistoryInput{Tag: key, Person: person}, page)
}

// PersonHistory gives a page of what happened to the tags of a person, by its present number.
func (s *Service) PersonHistory(ctx context.Context, person int64, page httpapi.Paging) (httpapi.Page[ChangeView], error) {
	return s.history(ctx, HistoryInput{Person: person}, page)
}

func (s *Service) history(ctx context.Context, in HistoryInput, page httpapi.Paging) (httpapi.Page[ChangeView], error) {
	at := mixed{Hand: math.MaxInt64}
	none := httpapi.Page[ChangeView]{}
	if _, err := httpapi.DecodeCursor(page.Cursor, &at); err != nil {
		return none, err
	}
	in.Limit = page.Limit + 1
	in.Before = at.Hand
	hand, err := s.History(ctx, in)
	if err != nil {
		return none, err
	}
	in.Before = at.Rule
	ruled, err := s.byRule(ctx, in)
	if err != nil {
		return none, err
	}
	both := append(slices.Clone(hand), ruled...)
	slices.SortStableFunc(both, func(a, b ChangeView) int { return b.At.Compare(a.At) })
	shown := both[:min(len(both), page.Limit)]
	for _, c := range shown {
		if c.Source == Rule {
			at.Rule = c.ID
		} else {
			at.Hand = c.ID
		}
	}
	if err := s.named(ctx, shown); err != nil {
		return none, err
	}
	return httpapi.PageOf(both, page.Limit, func(ChangeView) string { return httpapi.EncodeCursor(at) }), nil
}
