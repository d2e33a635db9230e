package membership

import "context"

// Alone makes the live evaluation decide each unit by itself, however many there are to decide.
func (e *Engine) Alone() { e.together = 0 }

// SaveAll is what Run does at its end.
func (e *Engine) SaveAll(ctx context.Context) error { return e.saveAll(ctx) }
