package rule

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/huoshui/huoshui/internal/base/money"
	"github.com/huoshui/huoshui/internal/pool/event"
)

// check is one expectation of a case file, with all that it needs.
type check struct {
	title    string
	line     int
	zone     *time.Location
	currency string
	people   map[string]*human
	at       int64
	asked    bool // an at was given
	rule     string
	word     string // expect, says, normal, text, refused
	want     string
}

// caseFile reads a case file; testdata/README.md describes the form.
type caseFile struct {
	check
	arrivals int64
	block    string // load or rule, that an indented line continues
	checks   []check
}

func parseCases(text string) ([]check, error) {
	if len(text) > 1<<20 {
		return nil, errors.New("too long")
	}
	f := caseFile{check: check{zone: time.FixedZone("Asia/Shanghai", 8*3600), currency: "CNY", people: map[string]*human{}}}
	for i, line := range strings.Split(text, "\n") {
		f.line = i + 1
		line = uncommented(line)
		if strings.TrimSpace(line) == "" {
			continue
		}
		if err := f.read(line); err != nil {
			return nil, fmt.Errorf("line %d: %w", i+1, err)
		}
	}
	return f.checks, nil
}

// uncommented is a line without its comment.
func uncommented(line string) string {
	inside := false
	for i := 0; i < len(line); i++ {
		switch line[i] {
		case '\\':
			i++
		case '"':
			inside = !inside
		case '#':
			if !inside {
				return line[:i]
			}
		}
	}
	return line
}

func (f *caseFile) read(line string) error {
	if line[0] == ' ' || line[0] == '\t' {
		switch f.block {
		case "load":
			return f.fact(tokens(strings.TrimSpace(line)))
		case "rule":
			f.rule += "\n" + strings.TrimRight(line, " \t")
			return nil
		}
		return errors.New("an indented line continues nothing")
	}
	word, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
	rest = strings.TrimSpace(rest)
	f.block = word
	switch word {
	case "zone":
		zone, err := time.LoadLocation(rest)
		if err != nil || rest == "" || rest == "Local" {
			return fmt.Errorf("no zone %q", rest)
		}
		f.zone = zone
	case "currency":
		if !money.ValidCurrency(rest) {
			return fmt.Errorf("no currency %q", rest)
		}
		f.currency = rest
	case "case":
		f.title, f.people, f.arrivals, f.asked, f.rule = rest, map[string]*human{}, 0, false, ""
	case "load":
		if rest != "" {
			return errors.New("facts stand on lines of their own")
		}
	case "at":
		day, clock, _ := strings.Cut(rest, " ")
		at, err := f.moment(day, clock)
		f.at, f.asked = at, true
		return err
	case "rule":
		f.rule = rest
	case "expect", "says", "normal", "text", "refused":
		if f.rule == "" || f.title == "" || word == "expect" && !f.asked {
			return fmt.Errorf("%s needs a case, a rule and a moment before it", word)
		}
		c := f.check
		c.word, c.want = word, rest
		f.checks = append(f.checks, c)
	default:
		return fmt.Errorf("%q begins no line", word)
	}
	return nil
}

func (f *caseFile) moment(day, clock string) (int64, error) {
	for _, layout := range []string{"2006-01-02 15:04", "2006-01-02 15:04:05", "2006-01-02 15:04:05.000000"} {
		if at, err := time.ParseInLocation(layout, day+" "+clock, f.zone); err == nil {
			return at.UnixMicro(), nil
		}
	}
	return 0, fmt.Errorf("no moment %q", day+" "+clock)
}

// tokens are the words of a line; quotation marks and brackets keep theirs together.
func tokens(line string) []string {
	var list []string
	var b strings.Builder
	inside, depth := false, 0
	for i := 0; i < len(line); i++ {
		c := line[i]
		switch {
		case c == '\\' && inside && i+1 < len(line):
			b.WriteByte(c)
			i++
			c = line[i]
		case c == '"':
			inside = !inside
		case c == '[' && !inside:
			depth++
		case c == ']' && !inside:
			depth--
		case (c == ' ' || c == '\t') && !inside && depth <= 0:
			if b.Len() > 0 {
				list = append(list, b.String())
				b.Reset()
			}
			continue
		}
		b.WriteByte(c)
	}
	if b.Len() > 0 {
		list = append(list, b.String())
	}
	return list
}

// fact reads one line of load.
func (f *caseFile) fact(words []string) error {
	if len(words) < 2 {
		return errors.New("a fact has a person and something about them")
	}
	h := f.people[words[0]]
	if h == nil {
		h = newHuman(int64(len(f.people) + 1))
		f.people[words[0]] = h
	}
	since, words, err := f.since(words[1:])
	if err != nil {
		return err
	}
	if words[0] == "exists" {
		return nil
	}
	if len(words) < 2 {
		return fmt.Errorf("%s of what?", words[0])
	}
	switch words[0] {
	case "trait":
		return pairs(words[1:], func(name string, v event.Value) error { h.traits[name] = v; return nil })
	case "tag":
		h.tags[words[1]] = since
	case "segment":
		h.segments[words[1]] = since
	case "identity":
		h.identities[words[1]] = true
	case "consent":
		h.consents[words[1]] = true
	case "tier":
		dimension, level, _ := strings.Cut(words[1], "=")
		h.tiers[dimension] = stand{level, since}
	case "channel":
		return pairs(words[1:], func(name string, v event.Value) error {
			if name == "first" {
				h.first = v.Text
			} else {
				h.last = v.Text
			}
			return nil
		})
	default:
		return f.event(h, words)
	}
	return nil
}

// since takes "since day time" off the end of a fact.
func (f *caseFile) since(words []string) (int64, []string, error) {
	n := len(words)
	if n < 4 || words[n-3] != "since" {
		return 0, words, nil
	}
	at, err := f.moment(words[n-2], words[n-1])
	return at, words[:n-3], err
}

func (f *caseFile) event(h *human, words []string) error {
	if len(words) < 3 {
		return errors.New("an event has a day, a time and a name")
	}
	at, err := f.moment(words[0], words[1])
	if err != nil {
		return err
	}
	f.arrivals++
	e := happened{time: at, node: h.id, arrival: f.arrivals, name: unquoted(words[2]), properties: map[string]event.Value{}}
	err = pairs(words[3:], func(name string, v event.Value) error {
		switch name {
		case "node":
			e.node = int64(v.Num)
		case revenue:
			a, err := money.Parse(strconv.FormatFloat(v.Num, 'f', -1, 64), f.currency)
			e.amount = &a.Minor
			return err
		default:
			e.properties[name] = v
		}
		return nil
	})
	h.events = append(h.events, e)
	return err
}

func pairs(words []string, set func(string, event.Value) error) error {
	for _, w := range words {
		name, raw, ok := strings.Cut(w, "=")
		if !ok {
			return fmt.Errorf("%q is no name=value", w)
		}
		if err := set(unquoted(name), readValue(raw)); err != nil {
			return err
		}
	}
	return nil
}

func unquoted(s string) string {
	if u, err := strconv.Unquote(s); err == nil {
		return u
	}
	return s
}

func readValue(raw string) event.Value {
	switch {
	case raw == "true" || raw == "false":
		return event.BoolValue(raw == "true")
	case strings.HasPrefix(raw, "["):
		return event.Value{Kind: event.Other, Text: raw}
	}
	if n, err := strconv.ParseFloat(raw, 64); err == nil && !math.IsInf(n, 0) && !math.IsNaN(n) {
		return event.NumberValue(n)
	}
	return event.TextValue(unquoted(raw))
}
