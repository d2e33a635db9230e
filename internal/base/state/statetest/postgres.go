//go:build unix

package statetest

import (
	"context"
	"database/sql"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // driver "pgx"

	"github.com/huoshui/huoshui/internal/base/id"
)

// The script is the cluster's keeper. It lives as long as its standard input is open, which is as long as the test binary lives:
// also after a panic, a time-out or a SIGKILL it sees the end of file, stops the server and removes the folder.
//
//go:embed cluster.sh
var script string //nolint:gochecknoglobals // a file, compiled in

// cluster is started once per test binary. The server is kept here, so that nothing closes its keeper's input before the end.
var cluster = sync.OnceValues(startCluster) //nolint:gochecknoglobals // one server per test binary is the point

type server struct {
	dir  string // data, log and socket
	life io.WriteCloser
}

// PostgresURL makes an empty PostgreSQL database that ends with the test, and names it. The test fails if there is no PostgreSQL.
func PostgresURL(t testing.TB) string {
	t.Helper()
	srv, err := cluster()
	if err != nil {
		t.Fatalf("PostgreSQL for the tests: %v", err)
	}
	name := "t_" + id.Token(8)
	if err := admin(t.Context(), srv.dir, "CREATE DATABASE "+name); err != nil {
		t.Fatalf("create a test database: %v", err)
	}
	t.Cleanup(func() {
		if err := admin(context.WithoutCancel(t.Context()), srv.dir, "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
			t.Errorf("drop the test database: %v", err)
		}
	})
	return url(srv.dir, name)
}

func url(dir, database string) string { return "postgres://huoshui@/" + database + "?host=" + dir }

func admin(ctx context.Context, dir, statement string) error {
	db, err := sql.Open("pgx", url(dir, "postgres"))
	if err != nil {
		return err
	}
	_, err = db.ExecContext(ctx, statement)
	return errors.Join(err, db.Close())
}

func startCluster() (*server, error) {
	bin, err := programs()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "huoshui-pg-") // not t.TempDir: it outlives the first test, and a socket's path must be short
	if err != nil {
		return nil, err
	}
	attr := &syscall.SysProcAttr{Setpgid: true} // Ctrl-C is for the test; the keeper follows by itself
	if os.Getuid() == 0 {
		if attr.Credential, err = nobody(); err != nil {
			return nil, err
		}
		if err := os.Chown(dir, int(attr.Credential.Uid), int(attr.Credential.Gid)); err != nil {
			return nil, err
		}
	}
	cmd := exec.Command("/bin/sh", "-c", script, "cluster.sh", bin, dir) //nolint:gosec,noctx // our own script; it outlives every test's context
	cmd.Dir, cmd.SysProcAttr, cmd.Env = dir, attr, []string{"PATH=" + "/usr/bin:/bin", "LC_ALL=C", "TZ=UTC"}
	life, err := cmd.StdinPipe() // kept open by this process, never written
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	word := make([]byte, len("ready\n"))
	if _, err := io.ReadFull(out, word); err != nil || string(word) != "ready\n" {
		rest, _ := io.ReadAll(out)
		return nil, fmt.Errorf("the server in %s did not start:\n%s%s", bin, strings.TrimRight(string(word), "\x00"), rest)
	}
	return &server{dir: dir, life: life}, nil
}

// programs finds the folder with initdb and postgres: HUOSHUI_PG_BIN, the PATH, or the newest where Debian keeps them.
func programs() (string, error) {
	if dir := os.Getenv("HUOSHUI_PG_BIN"); dir != "" { //nolint:forbidigo // a setting of the test, not of the program
		if hasServer(dir) {
			return dir, nil
		}
		return "", fmt.Errorf("HUOSHUI_PG_BIN is %q, but there is no initdb and postgres in it; point it at the folder that holds both", dir)
	}
	if p, err := exec.LookPath("initdb"); err == nil && hasServer(filepath.Dir(p)) {
		return filepath.Dir(p), nil
	}
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin")
	slices.SortFunc(found, func(a, b string) int { return major(b) - major(a) })
	for _, dir := range found {
		if hasServer(dir) {
			return dir, nil
		}
	}
	return "", errors.New("no PostgreSQL server programs found; run scripts/need.sh postgres (Debian: apt-get install postgresql), " +
		"or set HUOSHUI_PG_BIN to the folder that holds initdb and postgres")
}

func hasServer(dir string) bool {
	for _, name := range []string{"initdb", "postgres", "pg_isready"} {
		if _, err := exec.LookPath(filepath.Join(dir, name)); err != nil {
			return false
		}
	}
	return true
}

func major(dir string) int {
	n, _ := strconv.Atoi(filepath.Base(filepath.Dir(dir)))
	return n
}

// nobody is who runs the server when the tests run as root, which PostgreSQL refuses.
func nobody() (*syscall.Credential, error) {
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err := strconv.ParseUint(u.Uid, 10, 32)
		if err != nil {
			return nil, err
		}
		gid, err := strconv.ParseUint(u.Gid, 10, 32)
		if err != nil {
			return nil, err
		}
		return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
	}
	return nil, errors.New("PostgreSQL does not run as root, and there is no user postgres or nobody; add one, or run the tests as another user")
}
