package board

import (
	"context"
	"encoding/json"
	"fmt"
	"net/mail"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/pool/rulebook"
	"github.com/huoshui/huoshui/internal/pool/shelf"
)

// Bounds of what is saved.
const (
	Columns       = 12 // of the grid
	maxHeight     = 40 // of an item, in rows
	maxRow        = 2000
	maxItems      = 40
	maxText       = 8000
	maxQuery      = 32 << 10
	maxPeople     = 10240
	maxRecipients = 50
	maxDays       = 3660
)

// Drawing is how a chart is shown.
type Drawing string

// The drawings. Auto is what the kind's own page shows.
const (
	Auto      Drawing = ""
	AsTable   Drawing = "table"
	AsFigures Drawing = "figures" // numbers with their course; answers that are not over time are tables
)

// ChartSpec is what a definition of a chart holds.
type ChartSpec struct {
	Title       string          `json:"title"`
	Description string          `json:"description"`
	Query       json.RawMessage `json:"query"` // with its kind
	Draw        Drawing         `json:"draw,omitempty"`
	State       rulebook.State  `json:"state"`
	Origin      string          `json:"origin,omitempty"`
}

// MadeBy is the request that made the chart.
func (c ChartSpec) MadeBy() string { return c.Origin }

// kind of the question.
func (c ChartSpec) kind() string { return kindOf(c.Query) }

func kindOf(query json.RawMessage) string {
	var q struct {
		Kind string `json:"kind"`
	}
	_ = json.Unmarshal(query, &q) // what is no object has no kind
	return q.Kind
}

// Item is something on a board, at its place on the grid.
type Item struct {
	ID    string `json:"id" maxLength:"40"`
	X     int    `json:"x" minimum:"0" maximum:"11" doc:"Column of its left edge, of 12"`
	Y     int    `json:"y" minimum:"0" doc:"Row of its top edge"`
	W     int    `json:"w" minimum:"1" maximum:"12" doc:"Columns"`
	H     int    `json:"h" minimum:"1" maximum:"40" doc:"Rows"`
	Chart string `json:"chart,omitempty" maxLength:"64" doc:"Key of a saved chart"`
	Text  string `json:"text,omitempty" maxLength:"8000" doc:"Instead of a chart: paragraphs, \"# \" headings, \"- \" lists, **bold**"`
}

// Spec is what a definition of a board holds.
type Spec struct {
	Title       string         `json:"title"`
	Description string         `json:"description"`
	Items       []Item         `json:"items"`
	Filters     Filters        `json:"filters"` // what it opens with
	State       rulebook.State `json:"state"`
	Origin      string         `json:"origin,omitempty"`
}

// MadeBy is the request that made the board.
func (s Spec) MadeBy() string { return s.Origin }

// charts are the keys of the charts on the board.
func (s Spec) charts() []string {
	var keys []string
	for _, i := range s.Items {
		if i.Chart != "" {
			keys = append(keys, i.Chart)
		}
	}
	return keys
}

// Rhythm is how often a report is sent.
type Rhythm string

// The rhythms.
const (
	Daily   Rhythm = "daily"
	Weekly  Rhythm = "weekly"
	Monthly Rhythm = "monthly"
)

// Plan says when a report is due, in the pool's zone.
type Plan struct {
	Every   Rhythm `json:"every" enum:"daily,weekly,monthly"`
	Weekday int    `json:"weekday,omitempty" minimum:"0" maximum:"7" doc:"Of a weekly report: 1 Monday … 7 Sunday"`
	Day     int    `json:"day,omitempty" minimum:"0" maximum:"31" doc:"Of a monthly report: day of the month, the last one where a month is shorter"`
	Hour    int    `json:"hour" minimum:"0" maximum:"23"`
}

// ReportSpec is what a definition of a report holds.
type ReportSpec struct {
	Title string `json:"title"`
	Board string `json:"board"`
	Plan
	Recipients []string       `json:"recipients"`
	Lang       string         `json:"lang"` // zh-CN or en
	State      rulebook.State `json:"state"`
	Owner      string         `json:"owner"`             // who hears when it stops
	Address    string         `json:"address,omitempty"` // of the console, for the link in the mail
	Origin     string         `json:"origin,omitempty"`
}

// MadeBy is the request that made the report.
func (r ReportSpec) MadeBy() string { return r.Origin }

func checkChart(key string, raw json.RawMessage) error {
	var spec ChartSpec
	if err := json.Unmarshal(raw, &spec); err != nil {
		return fault.Wrap(err, fault.Invalid, "chart.invalid", "the chart cannot be read")
	}
	var c fault.Check
	rulebook.Text(&c, spec.Title, spec.Description)
	checkKey(&c, key)
	c.That(spec.Draw == Auto || spec.Draw == AsTable || spec.Draw == AsFigures, "body.draw", `a chart is drawn as its kind is (""), as a "table" or as "figures"`)
	c.That(spec.State == rulebook.Active || spec.State == rulebook.Archived, "body.state", "a chart is active or archived")
	c.That(spec.kind() != "", "body.query", `the query names its kind, such as {"kind": "trend", …}`)
	c.That(len(spec.Query) <= maxQuery, "body.query", "a query has at most %d bytes", maxQuery)
	return c.Err("chart.invalid", "the chart cannot be saved; see errors")
}

func checkKey(c *fault.Check, key string) {
	c.That(shelf.ValidKey(key), "body.key", `a key has 1 to 64 letters, digits, "_", "-" or "."`)
}

// chartFits asks the kind about the query, and keeps what is on a board from being archived.
func (s *Service) chartFits(ctx context.Context, key string, raw json.RawMessage) error {
	var spec ChartSpec
	if err := json.Unmarshal(raw, &spec); err != nil {
		return err
	}
	if spec.State == rulebook.Archived {
		if on := s.boardsWith(key); len(on) > 0 {
			return fault.New(fault.Conflict, "chart.in_use", "the chart is on a board (%s); take it off there first", strings.Join(on, ", "))
		}
		return nil
	}
	return s.o.Desk.Check(ctx, spec.Query)
}

func checkBoard(key string, raw json.RawMessage) error {
	var spec Spec
	if err := json.Unmarshal(raw, &spec); err != nil {
		return fault.Wrap(err, fault.Invalid, "board.invalid", "the board cannot be read")
	}
	var c fault.Check
	rulebook.Text(&c, spec.Title, spec.Description)
	checkKey(&c, key)
	c.That(spec.State == rulebook.Active || spec.State == rulebook.Archived, "body.state", "a board is active or archived")
	c.That(len(spec.Items) <= maxItems, "body.items", "a board has at most %d items", maxItems)
	seen := map[string]bool{}
	for n, i := range spec.Items {
		at := fmt.Sprintf("body.items[%d]", n)
		c.That(i.ID != "" && len(i.ID) <= 40 && !seen[i.ID], at+".id", "every item has an id of its own, of at most 40 bytes")
		seen[i.ID] = true
		c.That(i.X >= 0 && i.W >= 1 && i.X+i.W <= Columns, at+".w", "an item lies within the %d columns", Columns)
		c.That(i.Y >= 0 && i.Y <= maxRow && i.H >= 1 && i.H <= maxHeight, at+".h", "an item has 1 to %d rows", maxHeight)
		c.That((i.Chart != "") != (i.Text != ""), at, "an item is a chart or a text")
		c.That(len(i.Text) <= maxText, at+".text", "a text has at most %d bytes", maxText)
	}
	for a, i := range spec.Items {
		for _, j := range spec.Items[:a] {
			c.That(!overlap(i, j), fmt.Sprintf("body.items[%d]", a), "it lies over %q", j.ID)
		}
	}
	spec.Filters.check(&c, "body.filters")
	return c.Err("board.invalid", "the board cannot be saved; see errors")
}

// overlap says whether two items share a cell of the grid.
func overlap(a, b Item) bool {
	return a.X < b.X+b.W && b.X < a.X+a.W && a.Y < b.Y+b.H && b.Y < a.Y+a.H
}

// boardFits looks whether what the board shows is there.
func (s *Service) boardFits(ctx context.Context, _ string, raw json.RawMessage) error {
	var spec Spec
	if err := json.Unmarshal(raw, &spec); err != nil {
		return err
	}
	if spec.State == rulebook.Archived {
		return nil
	}
	var c fault.Check
	for n, i := range spec.Items {
		if i.Chart == "" {
			continue
		}
		chart, ok := s.charts.Find(i.Chart)
		c.That(ok && chart.Spec.State == rulebook.Active, fmt.Sprintf("body.items[%d].chart", n), "there is no chart %q", i.Chart)
	}
	if err := c.Err("board.invalid", "the board cannot be saved; see errors"); err != nil {
		return err
	}
	return s.peopleFit(ctx, spec.Filters.People)
}

func (s *Service) peopleFit(ctx context.Context, rule string) error {
	if rule == "" {
		return nil
	}
	return s.o.CheckPeople(ctx, rule)
}

func checkReport(key string, raw json.RawMessage) error {
	var spec ReportSpec
	if err := json.Unmarshal(raw, &spec); err != nil {
		return fault.Wrap(err, fault.Invalid, "report.invalid", "the report cannot be read")
	}
	var c fault.Check
	rulebook.Text(&c, spec.Title, "")
	checkKey(&c, key)
	c.That(spec.State.Valid(), "body.state", "a report is active, paused or archived")
	c.That(spec.Lang == "zh-CN" || spec.Lang == "en", "body.lang", "a report is in zh-CN or en")
	c.That(spec.Every == Daily || spec.Every == Weekly || spec.Every == Monthly, "body.every", "a report is daily, weekly or monthly")
	c.That(spec.Hour >= 0 && spec.Hour <= 23, "body.hour", "an hour is 0 to 23")
	c.That(spec.Every != Weekly || spec.Weekday >= 1 && spec.Weekday <= 7, "body.weekday", "a day of the week is 1 (Monday) to 7 (Sunday)")
	c.That(spec.Every != Monthly || spec.Day >= 1 && spec.Day <= 31, "body.day", "a day of the month is 1 to 31")
	c.That(len(spec.Recipients) >= 1 && len(spec.Recipients) <= maxRecipients, "body.recipients", "name 1 to %d recipients", maxRecipients)
	c.That(validAddress(spec.Address), "body.address", "the address of the console is like https://pool.example.com")
	for n, r := range spec.Recipients {
		at, err := mail.ParseAddress(r)
		c.That(err == nil && at.Address == r && len(r) <= 254, fmt.Sprintf("body.recipients[%d]", n), "%q is no e-mail address", r)
		c.That(slices.Index(spec.Recipients, r) == n, fmt.Sprintf("body.recipients[%d]", n), "%s is named twice", r)
	}
	return c.Err("report.invalid", "the report cannot be saved; see errors")
}

// validAddress says whether it is where a console may be; empty is nowhere.
func validAddress(text string) bool {
	if text == "" {
		return true
	}
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && u.Path == "" && u.RawQuery == "" && u.Fragment == "" && u.User == nil && len(text) <= 300
}

// reportFits looks whether the board is there.
func (s *Service) reportFits(_ context.Context, _ string, raw json.RawMessage) error {
	var spec ReportSpec
	if err := json.Unmarshal(raw, &spec); err != nil {
		return err
	}
	if spec.State != rulebook.Active {
		return nil
	}
	_, err := s.activeBoard(spec.Board)
	return err
}

// Next is the first moment after now at which a report is due. Where clocks jump over its hour it is due at the jump, where they strike it
// twice, once.
func (p Plan) Next(now time.Time, zone *time.Location) time.Time {
	local := now.In(zone)
	day := time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, time.UTC)
	for { // at most 63 days: until the day of the month after next
		if p.on(day) {
			if at := time.Date(day.Year(), day.Month(), day.Day(), p.Hour, 0, 0, 0, zone); at.After(now) {
				return at.UTC()
			}
		}
		day = day.AddDate(0, 0, 1)
	}
}

// on says whether the report is due on a calendar day.
func (p Plan) on(day time.Time) bool {
	switch p.Every {
	case Daily:
		return true
	case Weekly:
		return (int(day.Weekday())+6)%7+1 == p.Weekday
	case Monthly:
		last := time.Date(day.Year(), day.Month()+1, 0, 0, 0, 0, 0, time.UTC).Day()
		return day.Day() == min(p.Day, last)
	}
	return true // cannot be: see checkReport
}
