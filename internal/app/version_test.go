package app

import (
	"runtime/debug"
	"testing"

	"github.com/stretchr/testify/require"
)

// The build's word counts; without it, the module's version, then the commit; a program always has some version to name.
func TestVersion(t *testing.T) {
	t.Parallel()
	info := func(module string, settings ...debug.BuildSetting) *debug.BuildInfo {
		return &debug.BuildInfo{Main: debug.Module{Version: module}, Settings: settings}
	}
	commit := debug.BuildSetting{Key: "vcs.revision", Value: "0123456789abcdef0123"}
	changed := debug.BuildSetting{Key: "vcs.modified", Value: "true"}
	for _, c := range []struct {
		name, said string
		info       *debug.BuildInfo
		want       string
	}{
		{"the build said it", "1.2.3", info("v0.9.0", commit), "1.2.3"},
		{"installed as a module", "", info("v0.9.0"), "v0.9.0"},
		{"built from a commit", "", info("(devel)", commit), "0123456789ab"},
		{"built from a changed tree", "", info("", commit, changed), "0123456789ab-dirty"},
		{"nothing is known", "", info("(devel)"), "dev"},
		{"no notes at all", "", nil, "dev"},
	} {
		require.Equal(t, c.want, versionOf(c.said, c.info), c.name)
	}
	require.NotEmpty(t, Version())
}
