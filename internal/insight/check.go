package insight

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/pool/rule"
)

// checked runs a check against the schema. A name that is not known may have been seen a moment ago, so the warehouse is asked before the query is
// refused.
func (d *Desk) checked(ctx context.Context, check func(*rule.Schema) error) (*rule.Schema, error) {
	schema, err := d.o.Book.Schema(ctx)
	if err != nil {
		return nil, err
	}
	refused := check(schema)
	var f *fault.Error
	if refused == nil || !errors.As(refused, &f) || !strings.HasPrefix(f.Code, "insight.") {
		return schema, refused
	}
	fresh, err := d.o.Book.Look(ctx)
	if err != nil {
		return nil, err
	}
	if !fresh {
		return nil, refused
	}
	if schema, err = d.o.Book.Schema(ctx); err != nil {
		return nil, err
	}
	return schema, check(schema)
}

// check holds the names of a need against a schema.
func (p *Plan) check(s *rule.Schema) error {
	p.wheres, p.split = make([]*rule.Where, len(p.need.Steps)), nil
	for i, step := range p.need.Steps {
		if step.Event != "" && s.Events != nil && !slices.Contains(s.Events, step.Event) {
			return unknown("event", place("%s[%d].event", p.need.Field, i), step.Event, s.Events)
		}
		if strings.TrimSpace(step.Where) == "" {
			continue
		}
		field := place("%s[%d].where", p.need.Field, i)
		if step.Event == "" {
			return invalid("insight.where_invalid", "a condition needs an event: choose one, or leave the condition out", field, "there is no event here")
		}
		where, problems := rule.ParseWhere(step.Event, step.Where, s)
		if where == nil {
			return whereInvalid(field, problems)
		}
		p.wheres[i] = where
	}
	for _, c := range p.need.Columns {
		if c.Property == revenue || s.Properties == nil {
			continue
		}
		if fields := s.Properties(c.Event); fields != nil && !has(fields, c.Property) {
			return unknown("property", "property", c.Property, names(fields))
		}
	}
	return p.checkBreakdown(s)
}

func whereInvalid(field string, problems []rule.Problem) error {
	e := &fault.Error{Kind: fault.Invalid, Code: "insight.where_invalid", Message: "a condition cannot be understood; see errors"}
	for _, p := range problems {
		e.Violations = append(e.Violations, fault.Violation{Field: field, Message: p.String()})
	}
	return e
}

func (p *Plan) checkBreakdown(s *rule.Schema) error {
	b := p.need.Breakdown
	if b == nil {
		return nil
	}
	switch b.By {
	case ByProperty:
		return p.checkProperty(s)
	case ByTrait:
		if s.Traits != nil && !has(s.Traits, b.Name) {
			return unknown("trait", "breakdown.name", b.Name, names(s.Traits))
		}
	case ByTier:
		var keys []string
		for _, d := range s.Tiers {
			keys = append(keys, d.Key)
		}
		if !slices.Contains(keys, b.Name) {
			return unknown("tier", "breakdown.name", b.Name, keys)
		}
	case BySegment, ByTag:
		list, word := s.Segments, "segment"
		if b.By == ByTag {
			list, word = s.Tags, "tag"
		}
		if len(b.Names) == 0 {
			return invalid("insight.breakdown", "say which ones to put side by side", "breakdown.names", "name at least one "+word)
		}
		for i, key := range b.Names {
			if !slices.Contains(list, key) {
				return unknown(word, place("breakdown.names[%d]", i), key, list)
			}
			if slices.Contains(b.Names[:i], key) {
				return invalid("insight.breakdown", "name each only once", place("breakdown.names[%d]", i), "is named twice")
			}
		}
	case ByEventChannel, ByFirstChannel:
	default:
		return invalid("insight.breakdown", "an answer can be split by property, channel, first_channel, trait, tier, segment or tag", "breakdown.by", fmt.Sprintf("%q is none of these", b.By))
	}
	return nil
}

// checkProperty finds the events that have the property of the breakdown.
func (p *Plan) checkProperty(s *rule.Schema) error {
	b := p.need.Breakdown
	var all []string
	named := false
	for _, step := range p.need.Steps {
		if step.Event == "" || slices.Contains(p.split, step.Event) {
			continue
		}
		named = true
		if s.Properties == nil || b.Name == revenue {
			p.split = append(p.split, step.Event)
			continue
		}
		fields := s.Properties(step.Event)
		if fields == nil || has(fields, b.Name) {
			p.split = append(p.split, step.Event)
		}
		all = append(all, names(fields)...)
	}
	switch {
	case b.Name == "":
		return invalid("insight.breakdown", "say which property to split by", "breakdown.name", "name a property")
	case !named:
		return invalid("insight.breakdown", "any activity has no property of its own; choose an event, or split by something of the person", "breakdown.by", "there is no event with properties here")
	case len(p.split) == 0:
		slices.Sort(all)
		return unknown("property", "breakdown.name", b.Name, slices.Compact(all))
	}
	return nil
}

func has(fields []rule.Field, name string) bool {
	return slices.ContainsFunc(fields, func(f rule.Field) bool { return f.Name == name })
}

func names(fields []rule.Field) []string {
	out := make([]string, 0, len(fields))
	for _, f := range fields {
		out = append(out, f.Name)
	}
	return out
}
