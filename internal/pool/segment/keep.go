package segment

import (
	"context"
	"strings"

	"github.com/RoaringBitmap/roaring/v2/roaring64"

	"github.com/huoshui/huoshui/internal/pool/rulebook"
	"github.com/huoshui/huoshui/internal/pool/shelf"
)

// KeepInput is a snapshot of people that no rule describes, for example those behind a number.
type KeepInput struct {
	Key, Title, Description, Note string
	Request                       any // what was asked for, to know a repetition by
	// People is asked only if the request is new. The set becomes the segment's.
	People func() (*roaring64.Bitmap, error)
}

// Keep makes a static segment of people. repeat is the idempotency key of the request, if it has one.
func (s *Service) Keep(ctx context.Context, in KeepInput, repeat string) (View, error) {
	item, err := s.shelf.Create(ctx, shelf.CreateInput[Spec]{
		Key: in.Key, Title: in.Title, Note: in.Note, Repeat: repeat, Request: in.Request,
		Make: func(_, origin string) (Spec, error) {
			people, err := in.People()
			if err != nil {
				return Spec{}, err
			}
			return s.take(ctx, Spec{Title: strings.TrimSpace(in.Title), Description: in.Description, State: rulebook.Active, Origin: origin}, people.Clone())
		},
	})
	if err != nil {
		return View{}, err
	}
	return s.view(ctx, item)
}
