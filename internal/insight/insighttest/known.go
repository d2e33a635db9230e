package insighttest

import (
	"context"
	"encoding/json"
	"maps"
	"slices"

	"github.com/RoaringBitmap/roaring/v2/roaring64"

	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/insight"
	"github.com/huoshui/huoshui/internal/pool/event"
	"github.com/huoshui/huoshui/internal/pool/membership"
	"github.com/huoshui/huoshui/internal/pool/rule"
	"github.com/huoshui/huoshui/internal/pool/rulebook"
	"github.com/huoshui/huoshui/internal/pool/timeline"
)

// book knows the names of what has happened and of what was set.
type book struct{ p *Pool }

// Schema is everything that was named so far.
func (b book) Schema(context.Context) (*rule.Schema, error) {
	events, traits, tiers := map[string]map[string]bool{}, map[string]bool{}, map[string]map[string]bool{}
	tags, segments := map[string]bool{}, map[string]bool{}
	all, _ := b.p.world.copy()
	for i := range all {
		r := &all[i]
		if events[r.Name] == nil {
			events[r.Name] = map[string]bool{}
		}
		var properties map[string]json.RawMessage
		if len(r.Properties) > 0 && json.Unmarshal(r.Properties, &properties) == nil {
			for name := range properties {
				events[r.Name][name] = true
			}
		}
	}
	b.p.mu.Lock()
	defer b.p.mu.Unlock()
	for _, who := range b.p.people {
		for name := range who.Traits {
			traits[name] = true
		}
		for dimension, level := range who.Tiers {
			if tiers[dimension] == nil {
				tiers[dimension] = map[string]bool{}
			}
			tiers[dimension][level] = true
		}
		for _, key := range who.Tags {
			tags[key] = true
		}
		for _, key := range who.Segments {
			segments[key] = true
		}
	}
	fields := func(names map[string]bool) []rule.Field {
		out := []rule.Field{}
		for _, name := range slices.Sorted(maps.Keys(names)) {
			out = append(out, rule.Field{Name: name})
		}
		return out
	}
	s := &rule.Schema{
		Events: slices.AppendSeq([]string{}, maps.Keys(events)), Traits: fields(traits), Tags: slices.AppendSeq([]string{}, maps.Keys(tags)),
		Segments: slices.AppendSeq([]string{}, maps.Keys(segments)), Tiers: []rule.Dimension{},
		Properties: func(event string) []rule.Field {
			if events[event] == nil {
				return nil
			}
			return fields(events[event])
		},
		Words: rule.Words{Currency: b.p.o.Currency},
	}
	slices.Sort(s.Events)
	for _, dimension := range slices.Sorted(maps.Keys(tiers)) {
		s.Tiers = append(s.Tiers, rule.Dimension{Key: dimension, Levels: slices.Sorted(maps.Keys(tiers[dimension]))})
	}
	return s, nil
}

// Look finds nothing that Schema does not know.
func (book) Look(context.Context) (bool, error) { return false, nil }

// Parse reads a rule.
func (b book) Parse(ctx context.Context, _ rulebook.Whose, field, text string) (*rule.Rule, error) {
	schema, err := b.Schema(ctx)
	if err != nil {
		return nil, err
	}
	r, problems := rule.Parse(text, schema)
	if r == nil {
		return nil, &fault.Error{Kind: fault.Invalid, Code: "rule.invalid", Message: "the rule cannot be understood; see errors", Violations: []fault.Violation{{Field: field, Message: problems[0].String()}}}
	}
	return r, nil
}

// engine asks everybody one by one.
type engine struct{ p *Pool }

func (engine) Ready() bool { return true }

func (e engine) Version() int64 {
	e.p.mu.Lock()
	defer e.p.mu.Unlock()
	return e.p.version
}

func (e engine) Matching(ctx context.Context, r *rule.Rule) (*roaring64.Bitmap, error) {
	if err := e.p.Timeline.Want(ctx, r.Refs().Columns); err != nil {
		return nil, err
	}
	out := roaring64.New()
	var err error
	at := rule.NewCalendar(e.p.o.Zone).At(e.p.Clock.Now().UnixMicro())
	e.p.Timeline.Read(func(reader *timeline.Reader) {
		var program *rule.Program
		if program, err = r.Compile(reader, e.p.o.Currency); err != nil {
			return
		}
		scratch := timeline.NewScratch()
		for who := range reader.People() {
			f := &facts{refs: program.Refs(), number: who, is: e.p.of(who), q: reader.Sequence(scratch, who, 0)}
			if program.Eval(f, at) {
				out.Add(uint64(who))
			}
		}
	})
	return out, err
}

func (e engine) Known(_ context.Context, ask membership.Ask) (insight.Known, error) {
	return known{e.p, ask}, nil
}

// known tells what was set by hand.
type known struct {
	p   *Pool
	ask membership.Ask
}

func (k known) Trait(slot int, person int64) event.Value {
	return valueOf(k.p.of(person).Traits[k.ask.Traits[slot]])
}

func (k known) Channel(last bool, person int64) string {
	if last {
		return k.p.of(person).Last
	}
	return k.p.of(person).First
}

func (k known) Tier(slot int, person int64) string { return k.p.of(person).Tiers[k.ask.Tiers[slot]] }

func (k known) Segment(slot int, person int64) bool {
	return slices.Contains(k.p.of(person).Segments, k.ask.Segments[slot])
}

func (k known) Tag(slot int, person int64) bool {
	return slices.Contains(k.p.of(person).Tags, k.ask.Tags[slot])
}

// facts are one person for a rule.
type facts struct {
	refs   rule.Refs
	number int64
	is     Person
	q      *timeline.Sequence
}

func (f *facts) Person() int64 { return f.number }
func (f *facts) Events() rule.Events {
	return rule.Events{Times: f.q.Times, Names: f.q.Names, Rows: f.q}
}
func (f *facts) Trait(slot int) event.Value { return valueOf(f.is.Traits[f.refs.Traits[slot]]) }
func (f *facts) Tag(slot int) bool          { return slices.Contains(f.is.Tags, f.refs.Tags[slot]) }
func (f *facts) Tier(slot int) string       { return f.is.Tiers[f.refs.Tiers[slot]] }
func (f *facts) Segment(slot int) bool      { return slices.Contains(f.is.Segments, f.refs.Segments[slot]) }
func (f *facts) Since(int) (int64, bool)    { return 0, false }
func (f *facts) Identity(int) bool          { return false }
func (f *facts) Consent(int) bool           { return false }
func (f *facts) Channel(last bool) string {
	if last {
		return f.is.Last
	}
	return f.is.First
}

func valueOf(v any) event.Value {
	text, err := json.Marshal(v)
	if err != nil {
		return event.Value{}
	}
	return event.ValueOf(text)
}
