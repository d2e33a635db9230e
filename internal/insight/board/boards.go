package board

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/id"
	"github.com/huoshui/huoshui/internal/pool/rulebook"
	"github.com/huoshui/huoshui/internal/pool/shelf"
)

// Board is a board as it is shown.
type Board struct {
	Key         string         `json:"key"`
	Title       string         `json:"title"`
	Description string         `json:"description"`
	Items       []Item         `json:"items" nullable:"false"`
	Filters     Filters        `json:"filters"`
	State       rulebook.State `json:"state"`
	Charts      []Chart        `json:"charts" nullable:"false" doc:"What its items show; without the boards that show them, too"`
	rulebook.About
}

// Input is a board to make.
type Input struct {
	Key         string  `json:"key,omitempty" maxLength:"64" doc:"Made from the title if empty"`
	Title       string  `json:"title" minLength:"1" maxLength:"200"`
	Description string  `json:"description,omitempty" maxLength:"4000"`
	Items       []Item  `json:"items,omitempty" nullable:"false" maxItems:"40"`
	Filters     Filters `json:"filters,omitzero"`
	Note        string  `json:"note,omitempty" maxLength:"1000"`
}

// Update is what a board becomes.
type Update struct {
	Title       string  `json:"title" minLength:"1" maxLength:"200"`
	Description string  `json:"description,omitempty" maxLength:"4000"`
	Items       []Item  `json:"items" nullable:"false" maxItems:"40"`
	Filters     Filters `json:"filters"`
	Note        string  `json:"note,omitempty" maxLength:"1000"`
}

// ListBoards gives boards by title.
func (s *Service) ListBoards(query string, archived bool) []Board {
	query = strings.ToLower(strings.TrimSpace(query))
	var out []Board
	for _, i := range s.boards.All() {
		found := query == "" || strings.Contains(strings.ToLower(i.Key+"\n"+i.Spec.Title+"\n"+i.Spec.Description), query)
		if found && archived == i.Spec.State.Gone() {
			out = append(out, s.boardView(i))
		}
	}
	slices.SortStableFunc(out, func(a, b Board) int { return cmp.Compare(a.Title, b.Title) })
	return out
}

// GetBoard gives a board.
func (s *Service) GetBoard(key string) (Board, error) {
	i, err := s.boards.Get(key)
	return s.boardView(i), err
}

// activeBoard gives a board that is not archived.
func (s *Service) activeBoard(key string) (shelf.Item[Spec], error) {
	i, err := s.boards.Get(key)
	if err == nil && i.Spec.State.Gone() {
		err = fault.New(fault.Conflict, "board.archived", "the board %q is archived; bring it back first", i.Spec.Title)
	}
	return i, err
}

func (s *Service) boardView(i shelf.Item[Spec]) Board {
	b := Board{
		Key: i.Key, Title: i.Spec.Title, Description: i.Spec.Description, Items: append([]Item{}, i.Spec.Items...), Filters: i.Spec.Filters, State: i.Spec.State,
		Charts: []Chart{}, About: rulebook.About{Version: i.Version, Author: i.Author, CreatedAt: i.Created, UpdatedAt: i.Updated},
	}
	keys := i.Spec.charts()
	slices.Sort(keys)
	for _, key := range slices.Compact(keys) {
		if c, ok := s.charts.Find(key); ok {
			view := s.chartView(c)
			view.Boards = []Named{}
			b.Charts = append(b.Charts, view)
		}
	}
	return b
}

// CreateBoard makes a board. repeat is the idempotency key of the request, if it has one.
func (s *Service) CreateBoard(ctx context.Context, in Input, repeat string) (Board, error) {
	item, err := s.boards.Create(ctx, shelf.CreateInput[Spec]{
		Key: in.Key, Title: in.Title, Note: in.Note, Repeat: repeat, Request: in,
		Make: func(_, origin string) (Spec, error) {
			return Spec{
				Title: strings.TrimSpace(in.Title), Description: in.Description, Items: append([]Item{}, in.Items...), Filters: in.Filters, State: rulebook.Active, Origin: origin,
			}, nil
		},
	})
	return s.boardView(item), err
}

// UpdateBoard changes a board whose version is in force (0: whichever is).
func (s *Service) UpdateBoard(ctx context.Context, key string, in Update, version int64) (Board, error) {
	old, err := s.activeBoard(key)
	if err != nil {
		return Board{}, err
	}
	spec := old.Spec
	spec.Title, spec.Description, spec.Items, spec.Filters = strings.TrimSpace(in.Title), in.Description, append([]Item{}, in.Items...), in.Filters
	item, err := s.boards.Put(ctx, key, spec, version, in.Note)
	return s.boardView(item), err
}

// SetBoardState archives a board or brings it back. Its reports rest and its links show nothing while it is archived.
func (s *Service) SetBoardState(ctx context.Context, key string, to rulebook.State, version int64) (Board, error) {
	old, err := s.boards.Get(key)
	if err != nil {
		return Board{}, err
	}
	spec := old.Spec
	spec.State = to
	item, err := s.boards.Put(ctx, key, spec, version, "")
	return s.boardView(item), err
}

// Duplicate makes a board with the same charts, places and filters under another title.
func (s *Service) Duplicate(ctx context.Context, key, title, repeat string) (Board, error) {
	from, err := s.activeBoard(key)
	if err != nil {
		return Board{}, err
	}
	return s.CreateBoard(ctx, Input{Title: title, Description: from.Spec.Description, Items: from.Spec.Items, Filters: from.Spec.Filters}, repeat)
}

// The size that a chart has when it is put on a board.
const (
	newWidth  = 6
	newHeight = 8
)

// putOn puts a chart at the end of a board. Somebody may be editing the board: it is tried again on his version.
func (s *Service) putOn(ctx context.Context, board, chart string) error {
	var stale error
	for range 3 {
		b, err := s.activeBoard(board)
		if err != nil {
			return err
		}
		if slices.Contains(b.Spec.charts(), chart) {
			return nil // the same request came before
		}
		spec := b.Spec
		spec.Items = append(slices.Clone(spec.Items), free(spec.Items, Item{ID: id.Token(5), W: newWidth, H: newHeight, Chart: chart}))
		_, err = s.boards.Put(ctx, board, spec, b.Version, "")
		var f *fault.Error
		if !errors.As(err, &f) || f.Kind != fault.Stale {
			return err
		}
		stale = err
	}
	return stale
}

// free gives an item the first place, read row by row from below the lowest top edge, where nothing is in its way.
func free(items []Item, i Item) Item {
	top := 0
	for _, j := range items {
		top = max(top, j.Y)
	}
	for i.Y = top; ; i.Y++ {
		for i.X = 0; i.X+i.W <= Columns; i.X += newWidth {
			if !slices.ContainsFunc(items, func(j Item) bool { return overlap(i, j) }) {
				return i
			}
		}
	}
}
