package rulebench

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"strings"

	"github.com/duckdb/duckdb-go/v2"
)

// memoryMB is how much memory DuckDB may take while data is made and when it is asked as a peer: enough to sort in, and no reason to spill
// while it answers.
const memoryMB = 4096

// openDuckDB opens a DuckDB file with everything allowed, for making data and for asking it as a peer.
func openDuckDB(ctx context.Context, path string, threads int, ordered bool) (*sql.DB, error) {
	set := []string{
		"SET temp_directory=" + quoted(path+".tmp"), fmt.Sprintf("SET memory_limit='%dMB'", memoryMB), fmt.Sprintf("SET threads=%d", threads), "SET TimeZone='UTC'",
		fmt.Sprintf("SET preserve_insertion_order=%v", ordered),
	}
	connector, err := duckdb.NewConnector(path, func(ex driver.ExecerContext) error {
		_, err := ex.ExecContext(ctx, strings.Join(set, ";"), nil)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	return sql.OpenDB(connector), nil
}
