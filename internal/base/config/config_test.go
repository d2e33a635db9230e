package config_test

import (
	"errors"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/kong"
	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/base/config"
	"github.com/huoshui/huoshui/internal/base/fault"
)

type cli struct {
	Serve struct {
		config.Place  `embed:""`
		config.Server `embed:""`
	} `cmd:""`
	Other struct {
		config.Place `embed:""`
		Only         string
	} `cmd:""`
}

func parse(t *testing.T, args ...string) (cli, error) {
	t.Helper()
	var c cli
	k, err := kong.New(&c, config.Sources()...)
	require.NoError(t, err)
	_, err = k.Parse(args)
	return c, err
}

func write(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "huoshui.yaml")
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	return path
}

// A new installation needs no settings at all.
func TestDefaults(t *testing.T) {
	t.Parallel()
	c, err := parse(t, "serve")
	require.NoError(t, err)
	require.NoError(t, c.Serve.Place.Validate())
	require.NoError(t, c.Serve.Server.Validate())
	require.Equal(t, "127.0.0.1:8080", c.Serve.Listen)
	require.True(t, filepath.IsAbs(c.Serve.Data), c.Serve.Data)
}

// Flag before variable before file before default.
func TestPrecedence(t *testing.T) { //nolint:paralleltest // sets variables
	path := write(t, `
listen: 0.0.0.0:1
log_level: warn        # underscores do as well
log-max-age: 8760h
warehouse-mb: 512
trusted-proxy: [10.0.0.0/8, "192.0.2.7"]
admin_email: from@file.example
only: a setting of another command
`)
	t.Setenv("HUOSHUI_LISTEN", "0.0.0.0:2")
	t.Setenv("HUOSHUI_LOG_LEVEL", "error")
	t.Setenv("HUOSHUI_ADMIN_PASSWORD", "by variable")
	c, err := parse(t, "serve", "--config", path, "--listen", "0.0.0.0:3")
	require.NoError(t, err)
	s := c.Serve
	require.Equal(t, "0.0.0.0:3", s.Listen)
	require.Equal(t, "error", s.LogLevel)
	require.Equal(t, 8760*time.Hour, s.LogMaxAge)
	require.Equal(t, 512, s.WarehouseMB)
	require.Equal(t, "text", s.LogFormat)
	require.Equal(t, []string{"from@file.example", "by variable"}, []string{s.AdminEmail, s.AdminPassword})
	nets, err := s.Proxies()
	require.NoError(t, err)
	require.Equal(t, []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("192.0.2.7/32")}, nets)

	t.Setenv("HUOSHUI_CONFIG", path)
	c, err = parse(t, "serve")
	require.NoError(t, err)
	require.Equal(t, []any{"0.0.0.0:2", 512}, []any{c.Serve.Listen, c.Serve.WarehouseMB})
}

// A file that cannot be meant is refused with the line.
func TestFileRefuses(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ text, says string }{
		"mistyped":    {"log-level: info\nlisen: x\n", `line 2: there is no setting "lisen"`},
		"twice":       {"listen: a\n\nlisten: b\n", `line 3: "listen" is there twice`},
		"not a map":   {"- listen\n", "line 1"},
		"nested":      {"listen:\n  host: x\n", "line 2: listen: give a plain value"},
		"not YAML":    {"listen: [", "settings file"},
		"not allowed": {"log-level: loud\n", "log-level"},
		"not a file":  {"", "no such file"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "none")
			if c.text != "" {
				path = write(t, c.text)
			}
			_, err := parse(t, "serve", "--config", path)
			require.ErrorContains(t, err, c.says)
		})
	}
	_, err := parse(t, "serve", "--config", write(t, "# nothing but a comment\n"))
	require.NoError(t, err)
}

// Settings that cannot work are named, all at once.
func TestValidate(t *testing.T) {
	t.Parallel()
	fields := func(err error) (names []string) {
		var f *fault.Error
		require.True(t, errors.As(err, &f), "%v", err)
		require.Equal(t, "config.invalid", f.Code)
		for _, v := range f.Violations {
			names = append(names, v.Field)
		}
		return names
	}
	require.Equal(t, []string{"data", "state-url", "log-url", "log-prefix", "log-max-age", "warehouse-mb"}, fields(config.Place{
		StateURL: "mysql://x", LogURL: "kafka://x", LogPrefix: "a b", LogMaxAge: time.Hour,
	}.Validate()))
	require.Equal(t, []string{"listen", "trusted-proxy", "allow-outgoing", "admin-email", "max-event-kb", "max-batch-kb"}, fields(config.Server{
		Listen: "8080", TrustedProxy: []string{"10.0.0"}, AllowOutgoing: []string{"home"}, AdminEmail: "mei@example.com", MaxBatchKB: 5000,
	}.Validate()))
}

// No file makes the reader panic.
func FuzzFile(f *testing.F) {
	f.Add("a: b\nc: [1, 2]\n")
	f.Add("&a [*a]")
	f.Add("? {x: y}\n: z")
	f.Fuzz(func(t *testing.T, text string) {
		r, err := config.File(strings.NewReader(text))
		if err == nil {
			require.NotNil(t, r)
		}
	})
}
