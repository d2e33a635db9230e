//go:build e2e

// Package e2e holds the tests of the built binary from outside: they start it, load it, kill it, take its disk away and ask it over
// HTTP what is there.
//
// The binary is HUOSHUI_BIN; without it one is built into a temporary folder. The public data sets are in HUOSHUI_DATASETS, or beside
// the repository.
package e2e

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// binary is built once per test run.
var binary = sync.OnceValues(func() (string, error) {
	if path := os.Getenv("HUOSHUI_BIN"); path != "" {
		if _, err := os.Stat(path); err != nil {
			return "", fmt.Errorf("HUOSHUI_BIN: %w; build it with `make build`", err)
		}
		return path, nil
	}
	dir, err := os.MkdirTemp("", "huoshui-e2e-bin-")
	if err != nil {
		return "", err
	}
	builtIn = dir
	path := filepath.Join(dir, "huoshui")
	if out, err := exec.Command("go", "build", "-o", path, "../cmd/huoshui").CombinedOutput(); err != nil {
		return "", fmt.Errorf("build the binary: %w\n%s", err, out)
	}
	return path, nil
})

// builtIn is the folder of a binary that this run built.
var builtIn string

func TestMain(m *testing.M) {
	code := m.Run()
	if builtIn != "" {
		_ = os.RemoveAll(builtIn)
	}
	os.Exit(code)
}

// dataset finds a file of the public data sets.
func dataset(t *testing.T, name string) string {
	t.Helper()
	dir := os.Getenv("HUOSHUI_DATASETS")
	if dir == "" {
		dir = "../../shared/data"
	}
	path, err := filepath.Abs(filepath.Join(dir, name))
	require.NoError(t, err)
	_, err = os.Stat(path)
	require.NoError(t, err, "the data set %s is missing: put the folder of public data sets at ../shared/data beside the repository, or name it in HUOSHUI_DATASETS", name)
	return path
}

// The first administrator of every pool here.
const (
	ownerEmail    = "owner@example.com"
	ownerPassword = "a long enough one"
)

// pool is a data folder and how to run the binary on it.
type pool struct {
	dir string
	env []string
}

// newPool is a pool on a folder that does not exist yet.
func newPool(t *testing.T, env ...string) *pool {
	t.Helper()
	return &pool{dir: filepath.Join(t.TempDir(), "data"), env: env}
}

// result is how a command ended.
type result struct {
	code     int
	out, err string
}

// command prepares a command on the pool's folder.
func (p *pool) command(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	bin, err := binary()
	require.NoError(t, err)
	cmd := exec.Command(bin, append(args, "--data", p.dir)...) //nolint:noctx // it ends with the test binary, and some are killed
	cmd.Env = append(append(os.Environ(), "HUOSHUI_ADMIN_EMAIL="+ownerEmail, "HUOSHUI_ADMIN_PASSWORD="+ownerPassword), p.env...)
	cmd.SysProcAttr = endWithUs()
	return cmd
}

// try runs a command to its end.
func (p *pool) try(t *testing.T, args ...string) result {
	t.Helper()
	var out, problems bytes.Buffer
	cmd := p.command(t, args...)
	cmd.Stdout, cmd.Stderr = &out, &problems
	err := cmd.Run()
	if exit := new(exec.ExitError); err != nil && !errors.As(err, &exit) {
		require.NoError(t, err)
	}
	return result{cmd.ProcessState.ExitCode(), strings.TrimSpace(out.String()), problems.String()}
}

// run runs a command that has to succeed.
func (p *pool) run(t *testing.T, args ...string) string {
	t.Helper()
	r := p.try(t, args...)
	require.Zero(t, r.code, "huoshui %s\n%s", strings.Join(args, " "), r.err)
	return r.out
}

// read runs a command and reads the JSON object it ends with.
func (p *pool) read(t *testing.T, into any, args ...string) {
	t.Helper()
	out := p.run(t, append(args, "--json")...)
	require.NoError(t, json.Unmarshal([]byte(out), into), out)
}

// refused runs a command that has to fail with a message for people: a code in brackets and these words, and no crash.
func (p *pool) refused(t *testing.T, code string, words []string, args ...string) {
	t.Helper()
	r := p.try(t, args...)
	require.NotZero(t, r.code, "huoshui %s went through:\n%s%s", strings.Join(args, " "), r.out, r.err)
	refusal(t, r.err, code, words...)
}

// refusal checks what a command said when it failed.
func refusal(t *testing.T, said, code string, words ...string) {
	t.Helper()
	require.Contains(t, said, "["+code+"]")
	for _, w := range words {
		require.Contains(t, said, w)
	}
	require.NotContains(t, said, "panic")
	require.NotContains(t, said, "goroutine ")
}

// totals are what `huoshui totals --json` and GET /totals say.
type totals struct {
	People    int64 `json:"people"`
	Buyers    int64 `json:"buyers"`
	Events    int64 `json:"events"`
	Orders    int64 `json:"orders"`
	Cancelled int64 `json:"cancelled"`
	Revenue   money `json:"revenue"`
}

type money struct {
	Amount   int64  `json:"amount"`
	Currency string `json:"currency"`
}

func (p *pool) totals(t *testing.T, args ...string) totals {
	t.Helper()
	var got totals
	p.read(t, &got, append([]string{"totals"}, args...)...)
	return got
}

// imported is what `huoshui import --json` ends with.
type imported struct {
	Rows       int64   `json:"rows"`
	Accepted   int64   `json:"accepted"`
	Rejected   int64   `json:"rejected"`
	Duplicates int64   `json:"duplicates"`
	Seconds    float64 `json:"seconds"`
}

func (p *pool) load(t *testing.T, file, preset string, args ...string) imported {
	t.Helper()
	var got imported
	p.read(t, &got, append([]string{"import", file, "--as", preset}, args...)...)
	require.Equal(t, got.Rows, got.Accepted+got.Rejected+got.Duplicates)
	return got
}

func readJSON(t *testing.T, from io.Reader, into any) {
	t.Helper()
	b, err := io.ReadAll(from)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(b, into), string(b))
}
