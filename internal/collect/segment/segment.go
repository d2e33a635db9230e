// Package segment is the intake: the Segment HTTP tracking API, as its official libraries speak it.
//
// A request carries one event (POST /v1/track, /v1/identify …) or a batch (/v1/batch, /v1/import); the browser library posts to short
// paths (/v1/t, /v1/b …). Its events are taken apart without decoding what nobody needs yet (properties, traits and context stay raw
// JSON), checked, stamped and appended to the log in one append. The answer 200 means that the log has synced.
//
// Terms: a message is an event as it was sent; the envelope is what its request says about it (when, by whom, from where); a rejected
// event is a message that breaks a rule. Rejected events never cost the others: they are kept, with the reason, in room reject, and
// they too are durable before the answer.
//
// Invariants: accepted + rejected = messages in the request. What is appended is valid JSON without repeated member names, without
// NUL and without broken Unicode, whatever was sent. An overload is answered with 429 and Retry-After, never by dropping silently.
package segment

import (
	"cmp"
	"context"
	"log/slog"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/huoshui/huoshui/internal/base/clock"
	"github.com/huoshui/huoshui/internal/collect/reject"
	"github.com/huoshui/huoshui/internal/pool/event"
)

// Log is the durable log: Append returns once the bodies are on disk.
type Log interface {
	Append(ctx context.Context, bodies ...[]byte) (uint64, error)
}

// Rejects keeps rejected events; they are durable when Put returns.
type Rejects interface {
	Put(ctx context.Context, items []reject.Item) error
}

// Kinds are the identity kinds declared in this pool.
type Kinds interface {
	// Known says whether the kind is declared.
	Known(kind string) bool
	// Normal is the value in the one form in which it is compared; the error says what is wrong with it.
	Normal(kind, value string) (string, error)
	// FromTraits finds the identities among the traits; problems are codes of traits that should be identities but are not.
	FromTraits(traits []byte) (ids []event.Identity, problems []string)
}

// WriteKey gives the id of the source that a write key belongs to; fault.NotSignedIn if the key is unknown or revoked.
type WriteKey func(ctx context.Context, secret string) (source int64, err error)

// Options are what the intake needs, and its limits; a limit that is 0 has its default.
type Options struct {
	Log      Log
	Rejects  Rejects
	WriteKey WriteKey
	Kinds    func() Kinds // asked once a request, so that a new declaration counts at once
	Clock    clock.Clock
	Logger   *slog.Logger
	Metrics  prometheus.Registerer // nil: not published

	MaxEvent    int           // bytes of one event; 32 KiB
	MaxBody     int           // bytes of one request after decompression; 500 KiB
	MaxEvents   int           // events of one batch; 2,500
	MaxInFlight int64         // bytes of all bodies being worked on; 64 MiB
	ReadTimeout time.Duration // for one body; 30 s

	// TrustedProxies may say in X-Forwarded-For whom they speak for.
	TrustedProxies []netip.Prefix
}

// Intake answers tracking requests. It is safe for concurrent use.
type Intake struct {
	o        Options
	inFlight atomic.Int64
	works    sync.Pool
	meter    *meter
	rates    *rates
}

// New makes an intake.
func New(o Options) *Intake {
	o.MaxEvent = cmp.Or(o.MaxEvent, 32<<10)
	o.MaxBody = cmp.Or(o.MaxBody, 500<<10)
	o.MaxEvents = cmp.Or(o.MaxEvents, 2500)
	o.MaxInFlight = cmp.Or(o.MaxInFlight, 64<<20)
	o.ReadTimeout = cmp.Or(o.ReadTimeout, 30*time.Second)
	in := &Intake{o: o, meter: newMeter(), rates: newRates()}
	in.works.New = func() any { return newWork() }
	if o.Metrics != nil {
		in.meter.register(o.Metrics, &in.inFlight)
	}
	return in
}

// Stats are the rates and totals since the start.
func (in *Intake) Stats() Stats { return in.rates.stats(in.o.Clock.Now()) }
