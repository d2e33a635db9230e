package importer

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/collect/importer/shape"
	"github.com/huoshui/huoshui/internal/collect/importer/sheet"
	"github.com/huoshui/huoshui/internal/pool/event"
)

const (
	// maxBatch bounds the bytes of one append; a single larger event goes alone.
	maxBatch = 480 << 10
	// ahead is how many batches may wait for the log while the file is read on.
	ahead = 4
	// checkpointEvery is how much work a kill can cost at most, beside one append.
	checkpointEvery = time.Second
	// showEvery is how often an observer hears of progress.
	showEvery = 100 * time.Millisecond
)

// feed is the sink of a run: it makes batches of events and sends those behind the checkpoint, in one goroutine of its own, while the
// file is read on.
type feed struct {
	s       *Service
	ctx     context.Context //nolint:containedctx // lives as long as the run
	i       *Import
	m       *meter
	observe func(Progress)
	reader  *sheet.Reader
	rejects *rejects

	began time.Time
	shown time.Time
	hear  sync.Mutex // one call of observe at a time

	batch   []byte
	events  int64
	one     []byte
	made    int64 // batches so far
	skip    int64 // of them are in the log already
	queue   chan sending
	spare   chan []byte
	stopped chan struct{}
	failed  chan struct{} // closed when sendErr is set
	sendErr error
}

// sending is a batch on its way to the log.
type sending struct {
	body   []byte
	number int64
	events int64
}

func (s *Service) newFeed(ctx context.Context, i *Import, m *meter, observe func(Progress)) *feed {
	f := &feed{
		s: s, ctx: ctx, i: i, m: m, observe: observe, skip: i.batches, began: s.o.Clock.Now(),
		queue: make(chan sending, ahead), spare: make(chan []byte, ahead+1), stopped: make(chan struct{}), failed: make(chan struct{}),
	}
	go f.send()
	return f
}

// Event adds an event to the batch.
func (f *feed) Event(e *event.Event) error {
	e.Import = f.i.ID
	f.one = event.Append(f.one[:0], e)
	if len(f.batch) > 0 && len(f.batch)+len(f.one) > maxBatch {
		if err := f.flush(); err != nil {
			return err
		}
	}
	f.batch = append(f.batch, f.one...)
	f.events++
	return nil
}

// flush ends the batch and hands it to the sender, unless the log has it.
func (f *feed) flush() error {
	if len(f.batch) == 0 {
		return nil
	}
	f.made++
	next := sending{f.batch, f.made, f.events}
	f.events = 0
	if f.made <= f.skip {
		f.batch = f.batch[:0]
		return nil
	}
	select {
	case f.queue <- next:
	case <-f.failed:
		return f.sendErr
	case <-f.ctx.Done():
		return f.ctx.Err()
	}
	select {
	case f.batch = <-f.spare:
	default:
		f.batch = make([]byte, 0, maxBatch+maxBatch/8)
	}
	return nil
}

// Reject writes a refused row.
func (f *feed) Reject(line int64, why shape.Reject, cells []string) error {
	return f.rejects.write(line, why, cells)
}

// Read notes how far the file was read.
func (f *feed) Read(rows int64) error {
	done := f.reader.Done()
	f.show(func(p *Progress) {
		p.Rows, p.Rejected, p.BytesDone = rows, f.rejects.n, done
	})
	return nil
}

// show changes the progress and tells the observer, not too often.
func (f *feed) show(change func(*Progress)) {
	now := f.s.o.Clock.Now()
	var phase Phase
	p := f.m.update(func(p *Progress) {
		phase = p.Phase
		change(p)
		p.Elapsed = now.Sub(f.began)
	})
	if f.observe == nil {
		return
	}
	f.hear.Lock()
	defer f.hear.Unlock()
	if p.Phase == phase && now.Sub(f.shown) < showEvery {
		return
	}
	f.shown = now
	f.observe(p)
}

// send appends the batches in their order and stores the checkpoint now and then.
func (f *feed) send() {
	defer close(f.stopped)
	stored := f.began
	for b := range f.queue {
		position, err := f.append(b.body)
		if err != nil {
			f.sendErr = err
			close(f.failed)
			return
		}
		p := f.m.update(func(p *Progress) { p.Sent += b.events })
		f.i.batches, f.i.position = b.number, position
		if now := f.s.o.Clock.Now(); now.Sub(stored) >= checkpointEvery {
			stored = now
			at := *f.i
			at.Rows, at.Rejected, at.BytesDone = p.Rows, p.Rejected, p.BytesDone
			if err := checkpoint(f.ctx, f.s.o.State, &at); err != nil {
				f.sendErr = err
				close(f.failed)
				return
			}
		}
		f.show(func(*Progress) {})
		select {
		case f.spare <- b.body[:0]:
		default:
		}
	}
}

// append waits and tries again while the log has more to do than it can: an import is in no hurry.
func (f *feed) append(body []byte) (uint64, error) {
	for wait := 20 * time.Millisecond; ; wait = min(2*wait, time.Second) {
		position, err := f.s.o.Log.Append(f.ctx, body)
		if fault.KindOf(err) != fault.TooMany || err == nil {
			return position, err
		}
		timer := time.NewTimer(wait/2 + time.Duration(rand.Int64N(int64(wait)))) //nolint:gosec // only spreads retries
		select {
		case <-timer.C:
		case <-f.ctx.Done():
			timer.Stop()
			return 0, f.ctx.Err()
		}
	}
}

// close ends the sender after what is queued, and the list of rejected rows. err is how reading ended; sending may have ended it.
func (f *feed) close(err error) error {
	f.show(func(p *Progress) {
		if err == nil {
			p.Phase, p.BytesDone = Sending, p.Bytes
		}
	})
	close(f.queue)
	<-f.stopped
	if f.sendErr != nil && !errors.Is(err, f.sendErr) {
		err = errors.Join(err, f.sendErr)
	}
	if f.rejects != nil {
		f.i.Rejected = f.rejects.n
		err = errors.Join(err, f.rejects.close())
	}
	return err
}
