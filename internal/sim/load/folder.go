package load

import (
	"io/fs"
	"path/filepath"
)

// size is how many bytes the files of a folder have. Files that go while it counts do not matter.
func size(folder string) int64 {
	var total int64
	_ = filepath.WalkDir(folder, func(_ string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return nil //nolint:nilerr // it went
		}
		if info, err := e.Info(); err == nil {
			total += info.Size()
		}
		return nil
	})
	return total
}
