package datadir_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/base/datadir"
	"github.com/huoshui/huoshui/internal/base/fault"
)

// A second opener is refused and told who has it; after Close the next one gets in.
func TestOneAtATime(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "pool")
	d, err := datadir.Open(dir, "1.0")
	require.NoError(t, err)
	_, err = datadir.Open(dir, "1.0")
	require.Equal(t, "datadir.locked", fault.CodeOf(err))
	require.Contains(t, err.Error(), "number ")
	require.NoError(t, d.Close())
	d, err = datadir.Open(dir, "1.0")
	require.NoError(t, err)
	require.NoError(t, d.Close())
}

// A folder of a newer program is refused and not changed; a damaged note is not guessed at.
func TestNewerAndDamaged(t *testing.T) {
	t.Parallel()
	for code, text := range map[string]string{"datadir.newer": `{"format":99,"program":"9.0"}`, "datadir.format": `{"form`} {
		dir := t.TempDir()
		path := filepath.Join(dir, "format.json")
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		_, err := datadir.Open(dir, "1.0")
		require.Equal(t, code, fault.CodeOf(err))
		after, err := os.ReadFile(path)
		require.NoError(t, err)
		require.Equal(t, text, string(after))
	}
}
