package job

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"

	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/rivermigrate"

	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/state"
)

// migrate brings River's tables up to date, and refuses those of a newer River.
func migrate(ctx context.Context, db *state.DB, driver riverdriver.Driver[*sql.Tx], log *slog.Logger) error {
	m, err := rivermigrate.New(driver, &rivermigrate.Config{Logger: log})
	if err != nil {
		return fmt.Errorf("read migrations of the job queue: %w", err)
	}
	known := 0
	for _, v := range m.AllVersions() {
		known = max(known, v.Version)
	}
	unlock, err := db.LockSchema(ctx)
	if err != nil {
		return fmt.Errorf("wait for other nodes before migrating the job queue: %w", err)
	}
	defer unlock()
	there, err := m.ExistingVersions(ctx)
	if err != nil { // River does not say why; a version that it does not know is one reason
		var at int
		if scan := db.QueryRow(ctx, "SELECT MAX(version) FROM river_migration").Scan(&at); scan == nil && at > known {
			return fault.Wrap(err, fault.Conflict, "state.newer", "the data was written by a newer version of Huoshui (job tables at %d, this program knows %d); use that version or a newer one, nothing was changed", at, known)
		}
		return fmt.Errorf("read the schema version of the job queue: %w", err)
	}
	if len(there) >= known {
		return nil
	}
	if _, err := m.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return fmt.Errorf("migrate the job queue: %w", err)
	}
	return nil
}
