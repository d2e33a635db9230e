package seen

import (
	"fmt"
	"iter"
	"os"
	"path/filepath"
)

// width is how many runs of about one size are merged into one.
const width = 6

// startMerge merges the newest runs of one size class in the background, one merge at a time.
func (x *Index) startMerge() {
	x.mu.Lock()
	first, n := x.pick()
	if n == 0 || x.busy {
		x.mu.Unlock()
		return
	}
	x.busy = true
	old := append([]*run(nil), x.runs[first:first+n]...)
	x.number++
	// The merged run takes the place of its last part in the order of numbers only by the manifest, so any new name does.
	name := filepath.Join(x.dir, fmt.Sprintf("%08d.run", x.number))
	x.mu.Unlock()
	x.merging.Go(func() {
		err := x.merge(old, first, name)
		x.mu.Lock()
		x.failed, x.busy = err, false
		x.mu.Unlock()
	})
}

// pick finds width adjacent runs of which none is much larger than the rest together.
func (x *Index) pick() (first, n int) {
	if len(x.runs) < width {
		return 0, 0
	}
	first = len(x.runs) - width
	var sum, biggest int
	for _, r := range x.runs[first:] {
		sum += r.n
		biggest = max(biggest, r.n)
	}
	if biggest > sum/2 {
		return 0, 0 // a young class behind an old run: wait until it has grown
	}
	for first > 0 && x.runs[first-1].n <= sum {
		first--
		sum += x.runs[first].n
	}
	return first, len(x.runs) - first
}

func (x *Index) merge(old []*run, first int, name string) error {
	n := 0
	for _, r := range old {
		n += r.n
	}
	var fail error
	merged, err := writeRun(name, n, old[len(old)-1].reached, mergeRuns(old, &fail))
	if err == nil {
		err = fail
	}
	if err != nil {
		return fmt.Errorf("merge the duplicate index: %w", err)
	}
	x.mu.Lock()
	rest := append([]*run{merged}, x.runs[first+len(old):]...)
	x.runs = append(append([]*run(nil), x.runs[:first]...), rest...)
	err = x.writeManifest()
	x.mu.Unlock()
	if err != nil {
		return err
	}
	for _, r := range old {
		if err := r.file.Close(); err != nil {
			return err
		}
		if err := os.Remove(r.file.Name()); err != nil {
			return err
		}
	}
	return nil
}

// mergeRuns goes through several runs as one. An id is in one run only, so there is nothing to reconcile.
func mergeRuns(runs []*run, fail *error) iter.Seq[entry] {
	return func(yield func(entry) bool) {
		type head struct {
			next func() (entry, bool)
			e    entry
		}
		var heads []head
		for _, r := range runs {
			next, stop := iter.Pull(r.entries(fail))
			defer stop()
			if e, ok := next(); ok {
				heads = append(heads, head{next, e})
			}
		}
		for len(heads) > 0 {
			least := 0
			for i := 1; i < len(heads); i++ {
				if compare(heads[i].e, heads[least].e) < 0 {
					least = i
				}
			}
			if !yield(heads[least].e) {
				return
			}
			e, ok := heads[least].next()
			if !ok {
				heads = append(heads[:least], heads[least+1:]...)
				continue
			}
			heads[least].e = e
		}
	}
}
