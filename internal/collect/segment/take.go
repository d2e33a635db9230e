package segment

import (
	"context"
	"encoding/base64"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/collect/reject"
	"github.com/huoshui/huoshui/internal/pool/event"
)

// taken is what became of a request's events.
type taken struct {
	accepted, rejected int
	bytes              int
}

// take is the whole way of one request: read, take apart, judge, store.
func (in *Intake) take(rw http.ResponseWriter, req *http.Request, r route, now time.Time) (taken, error) {
	ctx := req.Context()
	env := Envelope{Received: now.UnixMicro(), Type: r.typ, Exact: r.exact}
	secret, given := basicUser(req)
	if given { // look before reading: a stranger's body is not worth the memory
		var err error
		if env.Source, err = in.o.WriteKey(ctx, secret); err != nil {
			return taken{}, err
		}
	}
	w := in.works.Get().(*work) //nolint:errcheck,forcetypeassert // only works are put
	defer in.put(w)
	release, err := in.read(rw, req, w)
	defer release()
	if err != nil {
		return taken{}, err
	}
	size := len(w.body)
	if err := w.parser.parse(clean(w.body), r.batch, in.o.MaxEvents); err != nil {
		return taken{}, malformed(err, in.o.MaxEvents)
	}
	top := &w.parser.top
	switch {
	case r.batch && !w.parser.hasBatch:
		return taken{}, fault.New(fault.Malformed, "intake.no_batch", "the body has no list \"batch\"; send {\"batch\": [ … ]}")
	case !r.batch && len(top.raw) > in.o.MaxEvent:
		return taken{}, fault.New(fault.TooLarge, "intake.too_large", "the event is larger than %d bytes; leave out what nobody needs", in.o.MaxEvent)
	}
	if at, sent, ok := readTime(top.sent); sent && ok {
		env.Sent = at
	}
	if r.batch && present(top.context) && object(top.context) {
		env.Defaults = top.context
	}
	env.IP = clientIP(req, in.o.TrustedProxies)
	env.Agent = clip(req.UserAgent(), maxAgent)

	messages := w.parser.batch
	if !r.batch {
		messages = []message{*top}
	}
	if !given {
		secret, _ = text(top.writeKey)
		given = secret != ""
		if given {
			if env.Source, err = in.o.WriteKey(ctx, secret); err != nil {
				return taken{}, err
			}
		}
	}
	items, err := in.judge(ctx, w, messages, env, given)
	if err != nil {
		return taken{}, err
	}
	// Rejected events first: if the log then refuses, the sender sends all again, and these are recognised as the same.
	if len(items) > 0 {
		if err := in.o.Rejects.Put(ctx, items); err != nil {
			return taken{}, err
		}
	}
	if err := in.append(ctx, w); err != nil {
		return taken{}, err
	}
	got := taken{accepted: len(messages) - len(items), rejected: len(items), bytes: size}
	in.rates.add(now, w.tally)
	in.meter.took(got, items, w.convert.problems)
	return got, nil
}

// judge converts messages and appends the good ones to w.out; it returns the others. Without a key for the whole request each message
// needs its own.
func (in *Intake) judge(ctx context.Context, w *work, messages []message, env Envelope, keyed bool) ([]reject.Item, error) {
	w.out, w.tally = w.out[:0], w.tally[:0]
	w.convert.kinds, w.convert.maxEvent, w.convert.problems = in.o.Kinds(), in.o.MaxEvent, w.convert.problems[:0]
	var refused []refusal
	var secret string // the last one looked up, and what came of it
	var source int64
	var keyErr error
	known := keyed
	for i := range messages {
		m := &messages[i]
		if !keyed {
			if own, _ := text(m.writeKey); i == 0 || own != secret {
				secret = own
				source, keyErr = in.source(ctx, own)
				if keyErr != nil && fault.KindOf(keyErr) != fault.NotSignedIn {
					return nil, keyErr
				}
			}
			if keyErr != nil {
				refused = append(refused, refusal{m, 0, reasonOf(keyErr)})
				continue
			}
			env.Source, known = source, true
		}
		if reason := w.convert.convert(m, &env, &w.event); reason != nil {
			refused = append(refused, refusal{m, env.Source, reason})
			w.count(env.Source, 0, 1)
			continue
		}
		w.out = event.Append(w.out, &w.event)
		w.count(env.Source, 1, 0)
	}
	if !known {
		if keyErr == nil {
			keyErr = noKey()
		}
		return nil, keyErr
	}
	return itemsOf(refused, &env, w)
}

type refusal struct {
	m      *message
	source int64 // 0 if the event had no valid key
	reason *reject.Reason
}

func itemsOf(refused []refusal, env *Envelope, w *work) ([]reject.Item, error) {
	if len(refused) == 0 {
		return nil, nil
	}
	envelope, err := env.encode()
	if err != nil {
		return nil, err
	}
	items := make([]reject.Item, len(refused))
	for i, r := range refused {
		if r.source == 0 { // came along in a request whose other events had a key
			r.source = env.Source
			w.count(r.source, 0, 1)
		}
		items[i] = reject.Item{Source: r.source, At: time.UnixMicro(env.Received).UTC(), Reason: *r.reason, Body: r.m.raw, Envelope: envelope}
	}
	return items, nil
}

func (w *work) count(source, accepted, rejected int64) {
	for i := range w.tally {
		if t := &w.tally[i]; t.source == source {
			t.accepted, t.rejected = t.accepted+accepted, t.rejected+rejected
			return
		}
	}
	w.tally = append(w.tally, count{source, accepted, rejected})
}

func (in *Intake) source(ctx context.Context, secret string) (int64, error) {
	if secret == "" {
		return 0, noKey()
	}
	return in.o.WriteKey(ctx, secret)
}

func noKey() error {
	return fault.New(fault.NotSignedIn, "intake.no_write_key", "the request has no write key; send it as the user name of Basic authentication or as \"writeKey\" in the body")
}

// append makes w.out durable.
func (in *Intake) append(ctx context.Context, w *work) error {
	if len(w.out) == 0 {
		return nil
	}
	_, err := in.o.Log.Append(ctx, w.out)
	if err != nil && fault.KindOf(err) != fault.TooMany {
		w.out = nil // the log may still be reading it
	}
	return err
}

func malformed(err error, limit int) error {
	switch {
	case errors.Is(err, errTooManyEvents):
		return fault.New(fault.TooLarge, "intake.too_many_events", "the batch has more than %d events; send fewer at once", limit)
	case errors.Is(err, errNotObject):
		return fault.Wrap(err, fault.Malformed, "intake.not_object", "the body is not a JSON object")
	}
	return fault.Wrap(err, fault.Malformed, "intake.malformed", "the body is not valid JSON")
}

// basicUser is the user name of Basic authentication. given is false if there is none.
func basicUser(req *http.Request) (user string, given bool) {
	scheme, rest, _ := strings.Cut(req.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Basic") {
		return "", false
	}
	b, err := base64.StdEncoding.DecodeString(strings.TrimSpace(rest))
	if err != nil {
		if b, err = base64.RawStdEncoding.DecodeString(strings.TrimSpace(rest)); err != nil {
			return "", false
		}
	}
	user, _, _ = strings.Cut(string(b), ":")
	return user, user != ""
}
