package segment

import (
	"errors"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/klauspost/compress/gzip"

	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/pool/event"
)

// work is what one request needs to be worked on; it is reused.
type work struct {
	parser  parser
	convert converter
	body    []byte
	out     []byte
	event   event.Event
	gzip    *gzip.Reader
	tally   []count
}

// count is how many events of a source a request brought.
type count struct {
	source             int64
	accepted, rejected int64
}

func newWork() *work { return &work{} }

// keepAtMost bounds the buffers that wait in the pool for their next request.
const keepAtMost = 1 << 20

func (in *Intake) put(w *work) {
	if cap(w.body) > keepAtMost || cap(w.out) > keepAtMost || cap(w.convert.scratch) > keepAtMost {
		return
	}
	in.works.Put(w)
}

func tooLarge(limit int) error {
	return fault.New(fault.TooLarge, "intake.too_large", "the request is larger than %d bytes; send fewer events at once", limit)
}

// reserve takes n bytes of the room for bodies.
func (in *Intake) reserve(n int64) error {
	if in.inFlight.Add(n) > in.o.MaxInFlight {
		in.inFlight.Add(-n)
		return fault.New(fault.TooMany, "intake.overload", "the server is working on as much as it can hold; send again a little later")
	}
	return nil
}

// read reads the request's body into w.body, unpacked. The bytes it holds of the room for bodies are given back by release.
func (in *Intake) read(rw http.ResponseWriter, req *http.Request, w *work) (release func(), err error) {
	limit := in.o.MaxBody
	packed := false
	switch strings.ToLower(strings.TrimSpace(req.Header.Get("Content-Encoding"))) {
	case "", "identity":
	case "gzip", "x-gzip":
		packed = true
	default:
		return func() {}, fault.New(fault.Malformed, "intake.encoding", "the Content-Encoding is not known; send gzip or none")
	}
	if req.ContentLength > int64(limit) {
		return func() {}, tooLarge(limit)
	}
	hold := int64(limit)
	if !packed && req.ContentLength >= 0 {
		hold = req.ContentLength
	}
	if err := in.reserve(hold); err != nil {
		return func() {}, err
	}
	release = func() { in.inFlight.Add(-hold) }

	// A sender that dribbles its body would hold the room for ever. Not every ResponseWriter can do this (tests), which does no harm.
	// After an error the deadline stays: the server would wait for the rest of the body before it answers.
	ctl := http.NewResponseController(rw)
	_ = ctl.SetReadDeadline(in.o.Clock.Now().Add(in.o.ReadTimeout))
	defer func() {
		if err == nil {
			_ = ctl.SetReadDeadline(time.Time{})
		}
	}()

	var r io.Reader = req.Body
	if packed {
		// What is packed may be no larger either: empty blocks unpack to nothing, for ever.
		packedBody := io.LimitReader(req.Body, int64(limit)+1024)
		if w.gzip == nil {
			w.gzip, err = gzip.NewReader(packedBody)
		} else {
			err = w.gzip.Reset(packedBody)
		}
		if err != nil {
			return release, unreadable(err, "the body is not gzip, as its Content-Encoding says")
		}
		r = w.gzip
	}
	w.body, err = readAll(w.body[:0], r, limit, req.ContentLength)
	switch {
	case errors.Is(err, errLimit):
		return release, tooLarge(limit)
	case err != nil:
		return release, unreadable(err, "the body ended too early or is not what its headers say")
	}
	return release, nil
}

const codeSlow = "intake.slow"

func unreadable(err error, message string) error {
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return fault.Wrap(err, fault.Malformed, codeSlow, "the body did not arrive in time; send again")
	}
	return fault.Wrap(err, fault.Malformed, "intake.body", "%s", message)
}

var errLimit = errors.New("over the limit")

// readAll appends all of r to b, at most limit bytes.
func readAll(b []byte, r io.Reader, limit int, expected int64) ([]byte, error) {
	if want := int(min(max(expected, 4<<10), int64(limit))) + 1; cap(b) < want {
		b = make([]byte, 0, want)
	}
	for {
		if len(b) == cap(b) {
			b = append(b, 0)[:len(b)]
		}
		n, err := r.Read(b[len(b):min(cap(b), limit+1)])
		b = b[:len(b)+n]
		switch {
		case len(b) > limit:
			return b, errLimit
		case errors.Is(err, io.EOF):
			return b, nil
		case err != nil:
			return b, err
		}
	}
}
