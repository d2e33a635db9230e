package eventlog

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/nats-io/nats.go/jetstream"
)

// The engine ends a block file at the first record that it cannot read, whatever comes behind. After a sudden end that is a record that
// was half written and never acknowledged; on a broken disk it may be more. So what it cuts off is put aside, and said.

// tail is the newest block file as it was before the engine opened it.
type tail struct {
	path string
	data []byte
}

// newestBlocks reads the two newest block files of the embedded log (the newest alone may hold no more than a mark).
func newestBlocks(dir string) ([]tail, error) {
	found, err := filepath.Glob(filepath.Join(dir, "jetstream", "*", "streams", "*", "msgs", "*.blk"))
	if err != nil {
		return nil, err
	}
	slices.SortFunc(found, func(a, b string) int { return cmp.Compare(blockNumber(b), blockNumber(a)) })
	var tails []tail
	for _, path := range found[:min(2, len(found))] {
		data, err := os.ReadFile(path) //nolint:gosec // in the data folder
		if err != nil {
			return nil, fmt.Errorf("read the event log: %w", err)
		}
		tails = append(tails, tail{path, data})
	}
	return tails, nil
}

func blockNumber(path string) int {
	n, err := strconv.Atoi(strings.TrimSuffix(filepath.Base(path), ".blk"))
	if err != nil {
		return -1 // not the engine's name
	}
	return n
}

// keepTorn puts aside what the engine cut off while it opened the blocks.
func keepTorn(ctx context.Context, dir string, tails []tail, log *slog.Logger) error {
	for _, t := range tails {
		var left int64
		if fi, err := os.Stat(t.path); err == nil {
			left = fi.Size()
		} else if !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("look at the event log: %w", err)
		}
		if left >= int64(len(t.data)) {
			continue
		}
		torn := t.data[left:]
		folder := filepath.Join(dir, "torn")
		if err := os.MkdirAll(folder, 0o700); err != nil {
			return fmt.Errorf("put a torn end of the event log aside: %w", err)
		}
		name := filepath.Join(folder, fmt.Sprintf("%s-from-%d", filepath.Base(t.path), left))
		if err := os.WriteFile(name, torn, 0o600); err != nil {
			return fmt.Errorf("put a torn end of the event log aside: %w", err)
		}
		log.WarnContext(ctx, "the event log ended in the middle of a record and was cut there; what was cut off is kept. "+
			"After a crash or a power failure that is a record that was never acknowledged", "bytes", len(torn), "file", name)
	}
	return nil
}

// mend tells of positions whose records are gone, and makes sure that the newest position can be read: a reader that waits for a record
// that is gone would wait for ever.
func (l *Log) mend(ctx context.Context) error {
	info, err := l.stream.Info(ctx, jetstream.WithDeletedDetails(true))
	if err != nil {
		return fmt.Errorf("ask the event log for its state: %w", err)
	}
	s := info.State
	if s.LastSeq == 0 {
		return nil
	}
	const rest = "what was applied before is in people and warehouse, the rest has to be sent again"
	if n := len(s.Deleted); n > 0 {
		l.log.ErrorContext(ctx, "the event log lost records because its files were damaged; "+rest, "records", n, "first", s.Deleted[0], "last", s.Deleted[n-1])
	}
	_, err = l.stream.GetMsg(ctx, s.LastSeq)
	if err == nil {
		return nil
	}
	if info.Config.MaxAge == 0 && !slices.Contains(s.Deleted, s.LastSeq) { // age removes the newest record too, when nothing came for long
		l.log.ErrorContext(ctx, "the event log lost records because its files were damaged or removed; "+rest, "records", max(1, s.LastSeq-s.Msgs), "last", s.LastSeq, "error", err)
	}
	if _, err := l.js.Publish(ctx, l.subject, encodeRecord(nil, 0)); err != nil {
		return fmt.Errorf("mend the event log: %w", err)
	}
	return nil
}
