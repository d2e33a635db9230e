package app

import (
	"context"
	"fmt"
)

// demoBoards gives the demo brand the ready-made boards. Made twice, they are made once.
func (a *App) demoBoards(ctx context.Context) error {
	for _, t := range a.Boards.Templates(ctx) {
		if _, err := a.Boards.FromTemplate(ctx, t.Name, "zh-CN", "demo-board-"+t.Name); err != nil {
			return fmt.Errorf("make the demo's board %s: %w", t.Name, err)
		}
	}
	return nil
}
