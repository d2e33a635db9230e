package tag

import (
	"context"
	"errors"
	"time"

	"github.com/RoaringBitmap/roaring/v2/roaring64"

	"github.com/huoshui/huoshui/internal/base/actor"
	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/httpapi/once"
	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/pool/rulebook"
	"github.com/huoshui/huoshui/internal/pool/standing"
)

const (
	// maxPeople is how many people a request may name one by one.
	maxPeople = 10_000
	// atOnce is how many people a request works on before it answers; more are done in the background.
	atOnce = 5_000
	// inTx is how many people one transaction works on: few enough that events do not wait long.
	inTx = 500
	// leftAfter is how old a small run is that nobody works on any more.
	leftAfter = 30 * time.Second
	// tick is how often the room looks for marks that end and runs that wait.
	tick = time.Second
)

// PeopleInput says what is done with a tag, and for whom: people, a segment or a rule.
type PeopleInput struct {
	Action  Action     `json:"action" enum:"add,remove"`
	People  []int64    `json:"people,omitempty" maxItems:"10000"`
	Segment string     `json:"segment,omitempty" maxLength:"64"`
	Rule    string     `json:"rule,omitempty" doc:"CEL"`
	Until   *time.Time `json:"until,omitempty" doc:"When the tag ends; by its own days if it is not said"`
	Note    string     `json:"note,omitempty" maxLength:"1000"`
}

// RunView is a run as the API shows it.
type RunView struct {
	ID       int64     `json:"id"`
	Tag      string    `json:"tag"`
	Action   Action    `json:"action"`
	State    string    `json:"state" enum:"running,done,failed"`
	Total    int64     `json:"total"`
	Done     int64     `json:"done"`
	Changed  int64     `json:"changed"`
	Already  int64     `json:"already" doc:"Had it, or had it not, before"`
	Replaced int64     `json:"replaced" doc:"Other tags of an exclusive group that went"`
	Unknown  int64     `json:"unknown" doc:"Numbers that nobody has"`
	Author   string    `json:"author"`
	At       time.Time `json:"at"`
	Error    string    `json:"error"`
}

// run is a row of tag_run.
type run struct {
	RunView
	people *roaring64.Bitmap
	next   int64
	until  int64
	source Source
	note   string
}

// Start begins a run. repeat is the idempotency key of the request, if it has one.
func (s *Service) Start(ctx context.Context, key string, in PeopleInput, repeat string) (RunView, error) {
	if _, err := s.manual(key); err != nil {
		return RunView{}, err
	}
	until, err := s.until(in.Until)
	if err != nil {
		return RunView{}, err
	}
	people, source, err := s.whom(ctx, in)
	if err != nil {
		return RunView{}, err
	}
	r := run{RunView: RunView{Tag: key, Action: in.Action}, people: people, until: until, source: source, note: in.Note}
	err = s.o.State.InTx(ctx, func(tx *state.Tx) error {
		id, err := once.Do(ctx, tx, "tag-people", repeat, struct {
			Tag string
			PeopleInput
		}{key, in}, func() (int64, error) { return s.store(ctx, tx, &r) })
		r.ID = id
		return err
	})
	if err != nil {
		return RunView{}, err
	}
	if people.GetCardinality() > atOnce {
		s.nudge()
		return s.FindRun(ctx, r.ID)
	}
	if err := s.work(ctx, r.ID); err != nil {
		return RunView{}, err
	}
	return s.FindRun(ctx, r.ID)
}

// whom gives the people that an input names.
func (s *Service) whom(ctx context.Context, in PeopleInput) (*roaring64.Bitmap, Source, error) {
	ways := 0
	for _, said := range []bool{len(in.People) > 0, in.Segment != "", in.Rule != ""} {
		if said {
			ways++
		}
	}
	if ways != 1 || len(in.People) > maxPeople {
		return nil, "", fault.New(fault.Invalid, "tag.too_many", "name at most %d people, or a segment, or a rule", maxPeople)
	}
	switch {
	case in.Segment != "":
		i := s.o.Engine.Members(standing.Segment, in.Segment, "")
		if i == nil {
			return nil, "", fault.New(fault.NotFound, "segment.not_found", "there is no segment %q with people in it", in.Segment)
		}
		return i, sourceOf(ctx, true), nil
	case in.Rule != "":
		r, err := s.o.Book.Parse(ctx, rulebook.Whose{}, "body.rule", in.Rule)
		if err != nil {
			return nil, "", err
		}
		set, err := s.o.Engine.Matching(ctx, r)
		return set, sourceOf(ctx, true), err
	}
	set := roaring64.New()
	for _, p := range in.People {
		if p > 0 {
			set.Add(uint64(p))
		}
	}
	return set, sourceOf(ctx, len(in.People) > 1), nil
}

func (s *Service) store(ctx context.Context, tx *state.Tx, r *run) (int64, error) {
	r.people.RunOptimize()
	text, err := r.people.MarshalBinary()
	if err != nil {
		return 0, err
	}
	r.Author, r.Total = actor.From(ctx).Label(), int64(r.people.GetCardinality())
	id, err := tx.Insert(ctx, `INSERT INTO tag_run (tag, action, state, people, next, until, source, author, note, at, total, done, changed, already, replaced, unknown, error)
		VALUES (?, ?, 'running', ?, 0, ?, ?, ?, ?, ?, ?, 0, 0, 0, 0, 0, '')`,
		r.Tag, string(r.Action), text, r.until, string(r.source), r.Author, r.note, state.Micros(tx.Now), r.Total)
	if err != nil {
		return 0, err
	}
	return id, s.o.Trail.Record(ctx, tx, "tag."+string(r.Action), r.Tag, map[string]any{"people": r.Total, "source": r.source, "note": r.note, "run": id})
}

// FindRun gives a run.
func (s *Service) FindRun(ctx context.Context, id int64) (RunView, error) {
	runs, err := s.runs(ctx, "WHERE id = ?", id)
	if err == nil && len(runs) == 0 {
		err = fault.New(fault.NotFound, "tag.run_not_found", "there is no run %d", id)
	}
	if err != nil {
		return RunView{}, err
	}
	return runs[0].RunView, nil
}

func (s *Service) runs(ctx context.Context, where string, args ...any) (out []run, err error) {
	rows, err := s.o.State.Query(ctx, `SELECT id, tag, action, state, people, next, until, source, author, note, at, total, done, changed, already, replaced, unknown, error
		FROM tag_run `+where, args...)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		r := run{people: roaring64.New()}
		var text []byte
		var at int64
		if err := rows.Scan(&r.ID, &r.Tag, &r.Action, &r.State, &text, &r.next, &r.until, &r.source, &r.Author, &r.note, &at, &r.Total, &r.Done,
			&r.Changed, &r.Already, &r.Replaced, &r.Unknown, &r.Error); err != nil {
			return nil, err
		}
		r.At = state.Time(at)
		if err := r.people.UnmarshalBinary(text); err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, rows.Err()
}

func (s *Service) nudge() {
	select {
	case s.wake <- struct{}{}:
	default: // somebody is on his way
	}
}

// Run takes off what has ended and does the runs that wait, those that a crash left too, until ctx ends.
func (s *Service) Run(ctx context.Context) error {
	every := time.NewTicker(tick)
	defer every.Stop()
	for {
		s.tell(ctx)
		for _, do := range []func(context.Context) error{s.Expire, s.rest} {
			if err := do(ctx); err != nil && ctx.Err() == nil && fault.KindOf(err) != fault.Unavailable {
				s.o.Logger.WarnContext(ctx, "tags could not be changed, trying again", "err", err)
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-every.C:
		case <-s.wake:
		}
	}
}

// rest does the runs that are not done.
func (s *Service) rest(ctx context.Context) error {
	// A request works on a small run itself; if it is here for longer than that takes, a crash left it.
	left := state.Micros(s.o.Clock.Now().Add(-leftAfter))
	runs, err := s.runs(ctx, "WHERE state = 'running' AND (total > ? OR at < ?) ORDER BY id LIMIT 10", atOnce, left)
	if err != nil {
		return err
	}
	for _, r := range runs {
		err = errors.Join(err, s.work(ctx, r.ID))
	}
	return err
}

// claim keeps two from working on one run.
func (s *Service) claim(id int64) (release func(), ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.running[id] {
		return nil, false
	}
	s.running[id] = true
	return func() {
		s.mu.Lock()
		delete(s.running, id)
		s.mu.Unlock()
	}, true
}

// work does what is left of a run.
func (s *Service) work(ctx context.Context, id int64) error {
	release, ok := s.claim(id)
	if !ok {
		return nil
	}
	defer release()
	runs, err := s.runs(ctx, "WHERE id = ? AND state = 'running'", id)
	if err != nil || len(runs) == 0 {
		return err
	}
	r := runs[0]
	it := r.people.Iterator()
	it.AdvanceIfNeeded(uint64(r.next))
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		var part []int64
		for it.HasNext() && len(part) < inTx {
			part = append(part, int64(it.Next()))
		}
		done, err := s.some(ctx, r, part, !it.HasNext())
		if err != nil {
			return s.failed(ctx, r, err)
		}
		done()
		if !it.HasNext() {
			return nil
		}
	}
}

// some does a run for some people, and keeps in the same transaction how far it has come.
func (s *Service) some(ctx context.Context, r run, numbers []int64, last bool) (done func(), err error) {
	i, err := s.manual(r.Tag)
	if err != nil {
		return nil, err
	}
	o := order{tag: i, action: r.Action, until: r.until, source: r.source, author: r.Author, note: r.note}
	return done, s.o.State.InTx(ctx, func(tx *state.Tx) error {
		people, unknown, err := present(ctx, tx, numbers)
		if err != nil {
			return err
		}
		n, steps, err := s.carry(ctx, tx, o, people)
		if err != nil {
			return err
		}
		state, next := "running", r.next
		if len(numbers) > 0 {
			next = numbers[len(numbers)-1] + 1
		}
		if last {
			state = "done"
		}
		if _, err := tx.Exec(ctx, `UPDATE tag_run SET state = ?, next = ?, done = done + ?, changed = changed + ?, already = already + ?, replaced = replaced + ?, unknown = unknown + ?
			WHERE id = ?`, state, next, len(numbers), n.changed, n.already, n.replaced, unknown, r.ID); err != nil {
			return err
		}
		done, err = s.record(ctx, tx, steps)
		return err
	})
}

// failed ends a run that can never be done, because its tag was archived; anything else is tried again.
func (s *Service) failed(ctx context.Context, r run, cause error) error {
	if kind := fault.KindOf(cause); kind != fault.Conflict && kind != fault.NotFound {
		return cause
	}
	message := cause.Error()
	if f, ok := errors.AsType[*fault.Error](cause); ok {
		message = f.Message
	}
	return s.o.State.InTx(ctx, func(tx *state.Tx) error {
		_, err := tx.Exec(ctx, "UPDATE tag_run SET state = 'failed', error = ? WHERE id = ?", message, r.ID)
		return err
	})
}

// Expire takes off the marks whose time has come.
func (s *Service) Expire(ctx context.Context) error {
	for {
		n, done, err := 0, func() {}, error(nil)
		err = s.o.State.InTx(ctx, func(tx *state.Tx) error {
			n, done, err = s.expireSome(ctx, tx)
			return err
		})
		if err != nil {
			return err
		}
		done()
		if n < inTx {
			return nil
		}
	}
}

func (s *Service) expireSome(ctx context.Context, tx *state.Tx) (int, func(), error) {
	over, err := readMarks(ctx, tx, "WHERE t.until > 0 AND t.until <= ? ORDER BY t.until LIMIT ?", state.Micros(tx.Now), inTx)
	if err != nil || len(over) == 0 {
		return 0, func() {}, err
	}
	people := make([]int64, len(over))
	for i, m := range over {
		people[i] = m.person
	}
	before, err := marksOf(ctx, tx, people)
	if err != nil {
		return 0, nil, err
	}
	gone := map[mark]bool{}
	for _, m := range over {
		gone[m] = true
		if _, err := tx.Exec(ctx, "DELETE FROM tag_on WHERE node = ? AND tag = ?", m.node, m.tag); err != nil {
			return 0, nil, err
		}
	}
	var steps []step
	for who, marks := range before {
		var left []mark
		for _, m := range marks {
			if !gone[m] {
				left = append(left, m)
			}
		}
		steps = append(steps, differ(who, s.settle(marks), s.settle(left))...)
	}
	sortSteps(steps)
	done, err := s.record(ctx, tx, steps)
	return len(over), done, err
}
