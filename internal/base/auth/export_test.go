package auth

// Cheap makes password hashing fast, for tests that are about something else. passes tells costs apart.
func (s *Service) Cheap(passes uint32) *Service {
	s.hasher = newHasher(cost{memory: 8, time: passes, threads: 1})
	return s
}
