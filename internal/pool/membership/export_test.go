package membership

// Alone makes the live evaluation decide each unit by itself, however many there are to decide.
func (e *Engine) Alone() { e.together = 0 }
