// Package seen is the duplicate index: which message ids were accepted, and at which log position each was first.
//
// Message ids are random, and a B-tree takes random keys at 30–50 thousand a second. So the index is its own: 128-bit hashes in memory
// (the newest), then in sorted immutable runs on disk with a Bloom filter each, merged in the background. Because an entry holds the
// position of the accepted event, no transaction has to be shared with the state: after a crash the log is read again, and an event
// that finds itself (its own position) is the first, not a repeat. What was in memory at a crash is put back from the log (Position).
package seen

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/zeebo/xxh3"
)

// Key is the 128-bit hash of a message id. Two of 10^9 ids share one with a chance of about 10^-21.
type Key = xxh3.Uint128

// KeyOf hashes a message id.
func KeyOf(id string) Key { return xxh3.HashString128(id) }

type entry struct {
	key Key
	at  uint64
}

func compare(a, b entry) int { return compareKeys(a.key, b.key) }

func compareKeys(a, b Key) int {
	switch {
	case a.Hi != b.Hi:
		if a.Hi < b.Hi {
			return -1
		}
		return 1
	case a.Lo < b.Lo:
		return -1
	case a.Lo > b.Lo:
		return 1
	}
	return 0
}

// Options of an index.
type Options struct {
	// Dir holds the runs; it is made if absent.
	Dir string
	// Memory is how many entries are kept in memory before they become a run. 400,000 if 0 (about 25 MB).
	Memory int
}

// Index is an open duplicate index. One goroutine calls its methods; merging runs is behind a lock.
type Index struct {
	dir    string
	memory int
	fresh  map[Key]uint64

	mu       sync.RWMutex // guards what follows
	runs     []*run       // oldest first
	position uint64       // the log up to here is in the runs
	number   int          // of the newest run file

	merging sync.WaitGroup
	busy    bool  // a merge is under way
	failed  error // of the last merge
}

// Open reads the index in a folder. A run that is torn or damaged is dropped with all newer ones, and Position says from where the log
// has to be read again.
func Open(o Options) (*Index, error) {
	if o.Memory == 0 {
		o.Memory = 400_000
	}
	if err := os.MkdirAll(o.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the duplicate index folder: %w", err)
	}
	x := &Index{dir: o.Dir, memory: o.Memory, fresh: make(map[Key]uint64, o.Memory)}
	return x, x.load()
}

// Position is how far the log is in the index for good. After Open, add everything after it again.
func (x *Index) Position() uint64 {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return x.position
}

// First gives the position at which an id was first accepted, and whether it was.
func (x *Index) First(k Key) (uint64, bool, error) {
	if at, ok := x.fresh[k]; ok {
		return at, true, nil
	}
	x.mu.RLock()
	defer x.mu.RUnlock()
	for _, r := range slices.Backward(x.runs) {
		at, ok, err := r.find(k)
		if ok || err != nil {
			return at, ok, err
		}
	}
	return 0, false, nil
}

// Add notes that an id was first accepted at a position. Positions never decrease.
func (x *Index) Add(k Key, at uint64) { x.fresh[k] = at }

// Flush makes a run of what is in memory once there is enough (or always, if force). reached is the log position that memory is complete to.
func (x *Index) Flush(reached uint64, force bool) error {
	if len(x.fresh) < x.memory && (!force || len(x.fresh) == 0) {
		return nil
	}
	x.mu.RLock()
	err := x.failed
	x.mu.RUnlock()
	if err != nil {
		return err
	}
	entries := make([]entry, 0, len(x.fresh))
	for k, at := range x.fresh {
		entries = append(entries, entry{k, at})
	}
	slices.SortFunc(entries, compare)
	x.mu.Lock()
	x.number++
	name := fmt.Sprintf("%08d.run", x.number)
	x.mu.Unlock()
	r, err := writeRun(filepath.Join(x.dir, name), len(entries), reached, func(yield func(entry) bool) {
		for _, e := range entries {
			if !yield(e) {
				return
			}
		}
	})
	if err != nil {
		return fmt.Errorf("write the duplicate index: %w", err)
	}
	x.mu.Lock()
	x.runs = append(x.runs, r)
	x.position = reached
	err = x.writeManifest()
	x.mu.Unlock()
	clear(x.fresh)
	x.startMerge()
	return err
}

// Close waits for merges and closes the files. What is in memory is put back from the log next time.
func (x *Index) Close() error {
	x.merging.Wait()
	x.mu.Lock()
	defer x.mu.Unlock()
	var errs []error
	for _, r := range x.runs {
		errs = append(errs, r.file.Close())
	}
	return errors.Join(errs...)
}

// Size is the number of entries and the bytes on disk.
func (x *Index) Size() (entries, bytes int64) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	for _, r := range x.runs {
		entries += int64(r.n)
		bytes += r.bytes
	}
	return entries + int64(len(x.fresh)), bytes
}

const manifest = "MANIFEST"

// writeManifest names the runs that count, oldest first; it is replaced whole. Called with the lock held.
func (x *Index) writeManifest() error {
	var b strings.Builder
	for _, r := range x.runs {
		b.WriteString(filepath.Base(r.file.Name()) + "\n")
	}
	return replaceFile(filepath.Join(x.dir, manifest), []byte(b.String()))
}

func (x *Index) load() error {
	text, err := os.ReadFile(filepath.Join(x.dir, manifest))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("read the duplicate index: %w", err)
	}
	for name := range strings.FieldsSeq(string(text)) {
		r, err := openRun(filepath.Join(x.dir, filepath.Base(name)))
		if err != nil {
			break // torn or damaged: this and everything newer comes from the log again
		}
		x.runs = append(x.runs, r)
		x.position = max(x.position, r.reached)
	}
	return x.sweep()
}

// sweep removes files that no manifest names (left by a crash) and finds the next free number.
func (x *Index) sweep() error {
	files, err := filepath.Glob(filepath.Join(x.dir, "*.run*"))
	if err != nil {
		return err
	}
	for _, f := range files {
		var n int
		if _, err := fmt.Sscanf(filepath.Base(f), "%d.run", &n); err == nil {
			x.number = max(x.number, n)
		}
		if !slices.ContainsFunc(x.runs, func(r *run) bool { return r.file.Name() == f }) {
			if err := os.Remove(f); err != nil {
				return fmt.Errorf("tidy the duplicate index: %w", err)
			}
		}
	}
	return nil
}
