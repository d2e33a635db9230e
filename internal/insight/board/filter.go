package board

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/huoshui/huoshui/internal/base/calendar"
	"github.com/huoshui/huoshui/internal/base/fault"
)

// Filters hold for every chart of a board. What is empty leaves a chart as it is.
type Filters struct {
	From    string `json:"from,omitempty" doc:"First day, as YYYY-MM-DD"`
	To      string `json:"to,omitempty" doc:"Last day; today if empty"`
	Last    int    `json:"last,omitempty" minimum:"0" maximum:"3660" doc:"Instead of from: so many days up to the last"`
	Compare bool   `json:"compare,omitempty" doc:"Ask about the days before, too"`
	People  string `json:"people,omitempty" maxLength:"10240" doc:"A rule: only people for whom it holds"`
	Channel string `json:"channel,omitempty" maxLength:"200" doc:"Only people who first came through this channel"`
}

func (f Filters) check(c *fault.Check, at string) {
	day := func(field, text string) {
		_, err := time.Parse(time.DateOnly, text)
		c.That(text == "" || err == nil, at+"."+field, "a day is written like 2026-03-31")
	}
	day("from", f.From)
	day("to", f.To)
	c.That(f.From == "" || f.To == "" || f.From <= f.To, at+".from", "the first day is after the last")
	c.That(f.Last >= 0 && f.Last <= maxDays, at+".last", "ask for at most %d days", maxDays)
	c.That(f.Last == 0 || f.From == "", at+".last", "give the first day or how many days, not both")
	c.That(f.From != "" || f.To == "" || f.Last > 0, at+".to", "give the first day, too, or how many days")
	c.That(len(f.People) <= maxPeople, at+".people", "the rule is too long")
	c.That(len(f.Channel) <= 200, at+".channel", "the channel is too long")
}

// Validate says what is wrong with the filters.
func (f Filters) Validate() error {
	var c fault.Check
	f.check(&c, "body.filters")
	return c.Err("board.filters_invalid", "these filters cannot be used; see errors")
}

// ranged says whether the filters name days.
func (f Filters) ranged() bool { return f.From != "" || f.Last > 0 }

// Merge gives a chart's query as the filters narrow it: their days instead of its own, and only those of its people whom they let through.
func (f Filters) Merge(query json.RawMessage) (json.RawMessage, error) {
	fields, err := object(query)
	if err != nil {
		return nil, err
	}
	if f.ranged() {
		days(fields, f.From, f.To, f.Last)
	}
	if f.Compare && ownComparison(text(fields["kind"])) && text(fields["compare"]) == "" {
		fields["compare"] = quoted("former")
	}
	rules := make([]string, 0, 3)
	for _, r := range []string{f.People, f.channelRule(), text(fields["people"])} {
		if r != "" {
			rules = append(rules, r)
		}
	}
	if len(rules) > 0 {
		fields["people"] = quoted(both(rules))
	}
	return json.Marshal(fields)
}

// ownComparison says whether a kind compares by itself, in its own chart.
func ownComparison(kind string) bool { return kind == "trend" }

// both is the rule that holds where all of them hold.
func both(rules []string) string {
	if len(rules) == 1 {
		return rules[0]
	}
	return "(" + strings.Join(rules, "\n) && (") + "\n)" // a rule may end in a comment
}

func (f Filters) channelRule() string {
	if f.Channel == "" {
		return ""
	}
	return "channel.first == " + strconv.Quote(f.Channel)
}

// Before gives the query over as many days before those that were answered.
func Before(query json.RawMessage, from, to string) (json.RawMessage, error) {
	fields, err := object(query)
	if err != nil {
		return nil, err
	}
	a, errA := time.Parse(time.DateOnly, from)
	b, errB := time.Parse(time.DateOnly, to)
	if errA != nil || errB != nil || a.After(b) {
		return nil, fault.New(fault.Invalid, "board.no_days", "this question has no days, so there are none before to compare with")
	}
	before := calendar.Range{From: a, To: b, Zone: time.UTC}.Before()
	days(fields, before.From.Format(time.DateOnly), before.To.Format(time.DateOnly), 0)
	return json.Marshal(fields)
}

func object(query json.RawMessage) (map[string]json.RawMessage, error) {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(query, &fields); err != nil || fields == nil {
		return nil, fault.New(fault.Invalid, "chart.invalid", "a query is a JSON object")
	}
	return fields, nil
}

func days(fields map[string]json.RawMessage, from, to string, last int) {
	delete(fields, "from")
	delete(fields, "to")
	delete(fields, "last")
	if from != "" {
		fields["from"] = quoted(from)
	}
	if to != "" {
		fields["to"] = quoted(to)
	}
	if last > 0 {
		fields["last"] = json.RawMessage(strconv.Itoa(last))
	}
}

func text(raw json.RawMessage) string {
	var s string
	_ = json.Unmarshal(raw, &s) // what is no text is none
	return s
}

func quoted(s string) json.RawMessage {
	b, err := json.Marshal(s)
	if err != nil {
		panic(fmt.Sprintf("a text that is no JSON: %v", err)) // every text is
	}
	return b
}
