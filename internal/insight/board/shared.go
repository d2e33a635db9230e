package board

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"maps"
	"net/netip"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/huoshui/huoshui/internal/base/actor"
	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/httpapi"
	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/pool/shelf"
)

// What those who come by a link may ask for.
const (
	sharedTurns   = 2                // questions at a time, over all links: outsiders must not weigh on the pool
	sharedFresh   = time.Minute      // so long an answer is shown again
	sharedKept    = 500              // answers kept
	passLife      = 12 * time.Hour   // one password is enough for so long
	callsInMinute = 240              // of one address
	freePasswords = 5                // wrong ones that cost no waiting, per link
	freeAddresses = 20               // and per address
	callWindow    = time.Minute      // in which calls are counted
	askTimeout    = 30 * time.Second // of one question
)

// Shared is a board as an outsider sees it.
type Shared struct {
	Title       string       `json:"title"`
	Description string       `json:"description"`
	Pool        string       `json:"pool" doc:"Name of the pool"`
	TimeZone    string       `json:"time_zone"`
	Currency    string       `json:"currency"`
	Items       []SharedItem `json:"items" nullable:"false"`
	Filters     Filters      `json:"filters" doc:"Only the days and whether it compares"`
	ExpiresAt   time.Time    `json:"expires_at"`
	Pass        string       `json:"pass" doc:"To be sent with each further request, instead of the password"`
}

// SharedItem is an item of a shared board.
type SharedItem struct {
	Item
	Title       string `json:"title" doc:"Of the chart"`
	Description string `json:"description"`
	Kind        string `json:"kind" doc:"Of its question; empty for a text"`
}

var errNoShare = fault.New(fault.NotFound, "share.not_found", "this link is not valid, or not any more; ask whoever gave it to you for a new one")

// Visit is what comes with every request of an outsider.
type Visit struct {
	Token    string `json:"token" maxLength:"200"`
	Password string `json:"password,omitempty" maxLength:"500"`
	Pass     string `json:"pass,omitempty" maxLength:"200"`
}

// enter finds the link of a visit that may be answered. A link that is unknown, revoked or expired, or whose board is archived, is told alike.
func (s *Service) enter(ctx context.Context, v Visit, from netip.Addr) (Share, shelf.Item[Spec], error) {
	none := shelf.Item[Spec]{}
	if !s.callers.may(network(from), s.o.Clock.Now()) {
		return Share{}, none, fault.Wrap(httpapi.RetryAfter(callWindow), fault.TooMany, "share.throttled", "too many requests; try again in a minute")
	}
	if !s.signed(v.Token) {
		return Share{}, none, errNoShare
	}
	one, err := scanShare(s.o.State.QueryRow(ctx, "SELECT "+shareColumns+" FROM board_share WHERE hash = ?", digest(v.Token)))
	if errors.Is(err, sql.ErrNoRows) {
		return Share{}, none, errNoShare
	}
	if err != nil {
		return Share{}, none, err
	}
	now := s.o.Clock.Now()
	if one.RevokedAt != nil || !now.Before(one.ExpiresAt) {
		return Share{}, none, errNoShare
	}
	b, err := s.activeBoard(one.Board)
	if err != nil {
		return Share{}, none, errNoShare
	}
	return one, b, s.unlock(ctx, one, v, from, now)
}

// unlock asks for the password of a link that has one.
func (s *Service) unlock(ctx context.Context, one Share, v Visit, from netip.Addr, now time.Time) error {
	if !one.Password || s.passes(one, v.Pass, now) {
		return nil
	}
	if v.Password == "" {
		return fault.New(fault.Forbidden, "share.password_needed", "this link asks for a password")
	}
	link, address := "link "+strconv.FormatInt(one.ID, 10), "link from "+network(from)
	if err := s.o.Guard.Attempt(ctx, address, freeAddresses); err != nil {
		return err
	}
	if err := s.o.Guard.Attempt(ctx, link, freePasswords); err != nil {
		return err
	}
	ok, err := s.o.Guard.Fits(ctx, one.sealed, v.Password)
	if err != nil {
		return err
	}
	if !ok {
		return fault.New(fault.Forbidden, "share.wrong_password", "this is not the link's password")
	}
	return errors.Join(s.o.Guard.Forgive(ctx, link), s.o.Guard.Forgive(ctx, address))
}

// network is the address, or for IPv6 the /64 that one machine has for itself.
func network(a netip.Addr) string {
	if a.Is6() && !a.Is4In6() {
		if p, err := a.Prefix(64); err == nil {
			return p.String()
		}
	}
	return a.String()
}

// Open shows the board behind a link.
func (s *Service) Open(ctx context.Context, v Visit, from netip.Addr) (Shared, error) {
	one, b, err := s.enter(ctx, v, from)
	if err != nil {
		return Shared{}, err
	}
	pool := s.o.Pool()
	out := Shared{
		Title: b.Spec.Title, Description: b.Spec.Description, Pool: pool.Name, TimeZone: pool.TimeZone, Currency: pool.Currency, Items: []SharedItem{}, ExpiresAt: one.ExpiresAt,
		Filters: Filters{From: one.Filters.From, To: one.Filters.To, Last: one.Filters.Last, Compare: one.Filters.Compare},
	}
	for _, i := range b.Spec.Items {
		item := SharedItem{Item: i}
		item.Chart = ""
		if i.Chart != "" {
			c, err := s.activeChart(i.Chart)
			if err != nil {
				continue
			}
			item.Title, item.Description, item.Kind = c.Spec.Title, c.Spec.Description, c.Spec.kind()
		}
		out.Items = append(out.Items, item)
	}
	if one.Password {
		out.Pass = s.pass(one, s.o.Clock.Now().Add(passLife))
	}
	return out, s.o.State.InTx(ctx, func(tx *state.Tx) error {
		if _, err := tx.Exec(ctx, "UPDATE board_share SET opened = opened + 1, opened_at = ? WHERE id = ?", state.Micros(tx.Now), one.ID); err != nil {
			return err
		}
		visitor := actor.With(ctx, actor.Actor{Kind: actor.System, Name: "system", Role: actor.Analyst})
		return s.o.Trail.Record(visitor, tx, "share.open", "board/"+one.Board, map[string]any{"share": one.ID, "title": one.Title, "address": from.String()})
	})
}

// AskShared answers a chart of a shared board: under the link's filters.
func (s *Service) AskShared(ctx context.Context, v Visit, item string, in Ask, from netip.Addr) (Drawn, error) {
	one, b, err := s.enter(ctx, v, from)
	if err != nil {
		return Drawn{}, err
	}
	at := slices.IndexFunc(b.Spec.Items, func(i Item) bool { return i.ID == item && i.Chart != "" })
	if at < 0 {
		return Drawn{}, fault.New(fault.NotFound, "share.item_not_found", "this chart is not on the board any more; reload the page")
	}
	c, err := s.activeChart(b.Spec.Items[at].Chart)
	if err != nil {
		return Drawn{}, err
	}
	in.Filters = one.Filters
	name, err := json.Marshal([]any{c.Key, c.Version, in})
	if err != nil {
		return Drawn{}, err
	}
	// An outsider is nobody of the team: he sees what an analyst sees, numbers.
	ctx = actor.With(ctx, actor.Actor{Kind: actor.System, Name: "system", Role: actor.Analyst})
	d, err := s.shown.get(ctx, string(name), s.o.Clock.Now(), func(ctx context.Context) (Drawn, error) {
		select {
		case s.asking <- struct{}{}:
			defer func() { <-s.asking }()
		case <-ctx.Done():
			return Drawn{}, ctx.Err()
		}
		ctx, cancel := context.WithTimeout(ctx, askTimeout)
		defer cancel()
		return s.draw(ctx, c, in)
	})
	if err != nil {
		return Drawn{}, err
	}
	d.Query, err = withoutPeople(d.Query)
	return d, err
}

// withoutPeople is a question as outsiders may know it, which its chart may need: not by which rule people were chosen.
func withoutPeople(query json.RawMessage) (json.RawMessage, error) {
	fields, err := object(query)
	if err != nil {
		return nil, err
	}
	delete(fields, "people")
	return json.Marshal(fields)
}

// answers keeps what was shown to outsiders for a moment, so that a link that many open costs one question.
type answers struct {
	mu   sync.Mutex
	kept map[string]*shownAnswer
}

type shownAnswer struct {
	ready chan struct{} // closed once it is there
	at    time.Time
	drawn Drawn
	err   error
}

func (a *answers) get(ctx context.Context, name string, now time.Time, ask func(context.Context) (Drawn, error)) (Drawn, error) {
	a.mu.Lock()
	one, ok := a.kept[name]
	if ok && now.Sub(one.at) < sharedFresh {
		a.mu.Unlock()
		select {
		case <-one.ready:
			return one.drawn, one.err
		case <-ctx.Done():
			return Drawn{}, ctx.Err()
		}
	}
	for key, old := range a.kept {
		if now.Sub(old.at) >= sharedFresh || len(a.kept) >= sharedKept {
			delete(a.kept, key)
		}
	}
	one = &shownAnswer{ready: make(chan struct{}), at: now}
	a.kept[name] = one
	a.mu.Unlock()
	// Others wait for this answer, so it is not given up when the first who asked goes away; it has its own limit of time.
	one.drawn, one.err = ask(context.WithoutCancel(ctx))
	if one.err != nil {
		a.mu.Lock()
		if a.kept[name] == one {
			delete(a.kept, name)
		}
		a.mu.Unlock()
	}
	close(one.ready)
	return one.drawn, one.err
}

// callers counts the calls of each address in the running minute.
type callers struct {
	mu    sync.Mutex
	swept time.Time
	seen  map[string]calls
}

type calls struct {
	since time.Time
	n     int
}

func (c *callers) may(address string, now time.Time) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if now.Sub(c.swept) >= callWindow {
		c.swept = now
		maps.DeleteFunc(c.seen, func(_ string, old calls) bool { return now.Sub(old.since) >= callWindow })
	}
	one := c.seen[address]
	if now.Sub(one.since) >= callWindow {
		one = calls{since: now}
	}
	one.n++
	c.seen[address] = one
	return one.n <= callsInMinute
}
