package roster

// Since is since when everybody stands where they stand, µs since 1970 UTC. Like a column it is filled by a scan, of the history, while changes
// go on coming in.
type Since struct {
	at      []int64 // by person, 0 for nowhere
	touched map[int64]bool
}

// NewSince makes an empty one that a scan may fill.
func NewSince() *Since { return &Since{touched: map[int64]bool{}} }

// At is since when a person stands there, 0 if nowhere.
func (s *Since) At(person int64) int64 {
	if s == nil || person >= int64(len(s.at)) {
		return 0
	}
	return s.at[person]
}

// Put takes in a change; 0 is for who stands nowhere now.
func (s *Since) Put(person, at int64) {
	if s.touched != nil {
		s.touched[person] = true
	}
	s.set(person, at)
}

// Load takes in what the history says, oldest first.
func (s *Since) Load(person, at int64) {
	if !s.touched[person] {
		s.set(person, at)
	}
}

// Loaded ends the scan.
func (s *Since) Loaded() { s.touched = nil }

func (s *Since) set(person, at int64) {
	if at == 0 && person >= int64(len(s.at)) {
		return
	}
	s.at = reach(s.at, person)
	s.at[person] = at
}
