package app

import (
	"cmp"
	"runtime/debug"
)

// version is what the build says: -ldflags "-X github.com/huoshui/huoshui/internal/app.version=1.2.3".
var version string //nolint:gochecknoglobals // the linker sets a variable of a package, and nothing else

// apiVersion is the version of the API's description, which changes with the API and not with every commit.
const apiVersion = "0.1.0"

// Version of the program: what the build said, or else what Go noted of the module and its commit.
func Version() string {
	info, _ := debug.ReadBuildInfo()
	return versionOf(version, info)
}

func versionOf(said string, info *debug.BuildInfo) string {
	if said != "" || info == nil {
		return cmp.Or(said, "dev")
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return v
	}
	var commit, changed string
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			commit = s.Value[:min(len(s.Value), 12)]
		case s.Key == "vcs.modified" && s.Value == "true":
			changed = "-dirty"
		}
	}
	if commit == "" {
		return "dev"
	}
	return commit + changed
}
