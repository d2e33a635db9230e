package ltv

import "context"

// Work does a run's work as its job does.
func (s *Service) Work(ctx context.Context, run int64) error { return s.work(ctx, run) }
