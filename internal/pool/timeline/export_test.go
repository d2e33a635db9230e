package timeline

import "context"

// Tend does what the background does, at once.
func Tend(ctx context.Context, s *Store) error { return s.tend(ctx, true) }

// ColumnsOf are the columns that a store knows.
func ColumnsOf(s *Store) (all []Column) {
	for _, c := range s.columns {
		all = append(all, c.Column)
	}
	return all
}

// RunsOf is how many runs a store has.
func RunsOf(s *Store) int { return len(s.runs) }
