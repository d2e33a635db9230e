// Package datadir guards the folder that holds a pool's data: one process at a time, and never a program older than the data.
//
//	DIR/format.json   what wrote it
//	DIR/lock          held by the running process
//	DIR/state.db …    SQLite
//	DIR/log/          the event log
//	DIR/warehouse.duckdb
//	DIR/seen/         the duplicate index
//	DIR/imports/      uploaded files and their rejects
package datadir

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"github.com/huoshui/huoshui/internal/base/fault"
)

// Format is the layout that this program writes. A folder of a later one is refused.
const Format = 1

// Dir is an open, locked data folder.
type Dir struct {
	Path string
	lock *os.File
}

type format struct {
	Format  int    `json:"format"`
	Program string `json:"program"`
}

// Open makes the folder if it is absent, takes its lock and checks its format. version is the program's, noted for people.
func Open(path, version string) (*Dir, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("find the data folder %s: %w", path, err)
	}
	if err := os.MkdirAll(abs, 0o700); err != nil {
		return nil, fault.Wrap(err, fault.Unavailable, "datadir.make", "the data folder %s cannot be made; check its parent's permissions or choose another with --data", abs)
	}
	lock, err := os.OpenFile(filepath.Join(abs, "lock"), os.O_RDWR|os.O_CREATE, 0o600) //nolint:gosec // the folder is the operator's choice
	if err != nil {
		return nil, fault.Wrap(err, fault.Unavailable, "datadir.write", "the data folder %s cannot be written; check its permissions and the free space on its disk", abs)
	}
	d := &Dir{Path: abs, lock: lock}
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		holder, _ := os.ReadFile(lock.Name()) // only to name it
		return nil, errors.Join(fault.Wrap(err, fault.Conflict, "datadir.locked", "another Huoshui process%s has the data folder %s open; stop it first, or use --server to work through it",
			named(holder), abs), lock.Close())
	}
	if err := d.check(version); err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	if err := errors.Join(lock.Truncate(0), writeAt(lock, strconv.Itoa(os.Getpid()))); err != nil {
		return nil, errors.Join(fault.Wrap(err, fault.Unavailable, "datadir.write", "the data folder %s cannot be written; check the free space on its disk", abs), lock.Close())
	}
	return d, nil
}

func named(holder []byte) string {
	if pid := strings.TrimSpace(string(holder)); pid != "" {
		return " (number " + pid + ")"
	}
	return ""
}

func writeAt(f *os.File, text string) error {
	_, err := f.WriteAt([]byte(text+"\n"), 0)
	return err
}

func (d *Dir) check(version string) error {
	path := filepath.Join(d.Path, "format.json")
	text, err := os.ReadFile(path) //nolint:gosec // in the data folder
	if errors.Is(err, os.ErrNotExist) {
		b, err := json.Marshal(format{Format, version})
		if err != nil {
			return err
		}
		if err := os.WriteFile(path, append(b, '\n'), 0o600); err != nil {
			return fault.Wrap(err, fault.Unavailable, "datadir.write", "the data folder %s cannot be written; check the free space on its disk", d.Path)
		}
		return nil
	}
	if err != nil {
		return fmt.Errorf("read %s: %w", path, err)
	}
	var f format
	if err := json.Unmarshal(text, &f); err != nil || f.Format < 1 {
		return fault.New(fault.Conflict, "datadir.format", "%s is damaged; restore it from a backup, or write {\"format\":%d} into it if you know the data is this program's", path, Format)
	}
	if f.Format > Format {
		return fault.New(fault.Conflict, "datadir.newer", "the data folder %s was written by a newer Huoshui (%s, format %d; this program knows %d); use that version or a newer one, nothing was changed", d.Path, f.Program, f.Format, Format)
	}
	return nil
}

// Join is a path inside the folder.
func (d *Dir) Join(parts ...string) string {
	return filepath.Join(append([]string{d.Path}, parts...)...)
}

// Close lets the next process in.
func (d *Dir) Close() error { return d.lock.Close() }

// Size is how many bytes the files in the folder take.
func (d *Dir) Size() int64 {
	var n int64
	_ = filepath.WalkDir(d.Path, func(_ string, e os.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			if fi, err := e.Info(); err == nil {
				n += fi.Size()
			}
		}
		return nil // files come and go while we count
	})
	return n
}
