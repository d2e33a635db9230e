package insighttest

import (
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/money"
	"github.com/huoshui/huoshui/internal/insight"
)

// Cases runs the case files that a pattern finds. Everything begins at the margin with a word; indented lines go on with it; # begins a comment.
//
//	case two steps                                   a pool of its own; what follows is about it
//	zone America/New_York                            before load; Asia/Shanghai if not said
//	load                                             people and what they did, in order of arrival
//	  ann  2026-03-01 10:00  "Page Viewed"  page="/" channel=wechat
//	  ann  2026-03-01 10:05  "Order Completed"  revenue=30
//	  ann  is city="杭州" first=wechat last=ads tag=vip segment=buyers tier.activity=core
//	  bob  2026-03-02 09:00  "Page Viewed"
//	  bob joins ann                                  they are one person: ann
//	at 2026-03-10 12:00                              the present moment
//	ask funnel {"steps": [{"event": "Page Viewed"},  the query as JSON, without its kind
//	  {"event": "Order Completed"}]}
//	expect                                           the whole answer as rows, as its CSV in English has them
//	  step | people
//	  1    | 1
//	people {"step": 2}: ann                          who is behind a number, sorted by name; nothing for nobody
//	refused insight.range                            instead of expect: the code of the fault
func Cases(t *testing.T, pattern string, register func(d *insight.Desk)) {
	t.Helper()
	files, err := filepath.Glob(pattern)
	require.NoError(t, err)
	require.NotEmpty(t, files, "no case files at %s", pattern)
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		cases, err := parse(string(text))
		require.NoError(t, err, file)
		for _, c := range cases {
			t.Run(filepath.Base(file)+"/"+c.title, func(t *testing.T) {
				t.Parallel()
				c.run(t, file, register)
			})
		}
	}
}

// block is a word with all that belongs to it.
type block struct {
	line int
	word string
	rest string
	more []string
}

type testCase struct {
	title  string
	blocks []block
}

func parse(text string) (cases []testCase, _ error) {
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimRight(uncommented(line), " \t\r")
		switch {
		case strings.TrimSpace(line) == "":
		case line[0] == ' ' || line[0] == '\t':
			if len(cases) == 0 || len(cases[len(cases)-1].blocks) == 0 {
				return nil, fmt.Errorf("line %d: nothing to go on with", i+1)
			}
			blocks := cases[len(cases)-1].blocks
			last := &blocks[len(blocks)-1]
			last.more = append(last.more, strings.TrimSpace(line))
		default:
			word, rest, _ := strings.Cut(line, " ")
			if word == "case" {
				cases = append(cases, testCase{title: strings.TrimSpace(rest)})
				continue
			}
			if len(cases) == 0 {
				return nil, fmt.Errorf("line %d: begin with a case", i+1)
			}
			c := &cases[len(cases)-1]
			c.blocks = append(c.blocks, block{line: i + 1, word: word, rest: strings.TrimSpace(rest)})
		}
	}
	return cases, nil
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

// running is a case being run.
type running struct {
	*testing.T
	o      Options
	pool   *Pool
	nodes  map[string]int64
	known  map[string]Person
	events []Event
	joins  [][2]string
	at     string
	query  json.RawMessage
	reg    func(d *insight.Desk)
	where  string
}

func (c *testCase) run(t *testing.T, file string, register func(d *insight.Desk)) {
	t.Helper()
	r := &running{T: t, nodes: map[string]int64{}, known: map[string]Person{}, reg: register}
	for _, b := range c.blocks {
		r.where = fmt.Sprintf("%s:%d", file, b.line)
		r.do(b)
	}
}

func (r *running) do(b block) {
	r.Helper()
	switch b.word {
	case "zone":
		zone, err := time.LoadLocation(b.rest)
		require.NoError(r, err, r.where)
		r.o.Zone = zone
	case "currency":
		r.o.Currency = b.rest
	case "load":
		for _, line := range b.more {
			r.load(line)
		}
	case "at":
		r.at = b.rest
	case "ask":
		r.ask(b)
	case "expect":
		r.expect(b)
	case "people":
		r.behind(b)
	case "refused":
		r.open()
		_, err := r.pool.Desk.Ask(r.Context(), r.query)
		require.Error(r, err, r.where)
		require.Equal(r, b.rest, fault.CodeOf(err), "%s: %v", r.where, err)
	default:
		require.Fail(r, "unknown word", "%s: %s", r.where, b.word)
	}
}

func (r *running) node(name string) int64 {
	if r.nodes[name] == 0 {
		r.nodes[name] = int64(len(r.nodes) + 1)
	}
	return r.nodes[name]
}

// load reads one line of people and events.
func (r *running) load(line string) {
	r.Helper()
	words := tokens(line)
	name := words[0]
	node := r.node(name)
	switch {
	case len(words) == 3 && words[1] == "joins":
		r.node(words[2])
		r.joins = append(r.joins, [2]string{name, words[2]})
	case len(words) > 1 && words[1] == "is":
		r.known[name] = r.person(r.known[name], words[2:])
	case len(words) >= 3:
		if !strings.Contains(words[1], "T") { // not RFC 3339
			require.GreaterOrEqual(r, len(words), 4, "%s: %s", r.where, line)
			words = append([]string{name, words[1] + " " + words[2]}, words[3:]...)
		}
		e := Event{Node: node, At: words[1], Name: unquoted(words[2])}
		for _, w := range words[3:] {
			key, value, ok := strings.Cut(w, "=")
			require.True(r, ok, "%s: %q is no key=value", r.where, w)
			switch key {
			case "channel":
				e.Channel = unquoted(value)
			case "revenue":
				amount, err := strconv.ParseFloat(value, 64)
				require.NoError(r, err, r.where)
				scale := 1.0
				for range money.Digits(cmp.Or(r.o.Currency, "CNY")) {
					scale *= 10
				}
				e.Amount, e.HasAmount = int64(amount*scale+0.5), true
			default:
				if e.Properties == nil {
					e.Properties = map[string]any{}
				}
				e.Properties[key] = scalar(value)
			}
		}
		r.events = append(r.events, e)
	default:
		require.Fail(r, "cannot be read", "%s: %s", r.where, line)
	}
}

func (r *running) person(is Person, facts []string) Person {
	r.Helper()
	for _, w := range facts {
		key, value, ok := strings.Cut(w, "=")
		require.True(r, ok, "%s: %q is no key=value", r.where, w)
		dimension, isTier := strings.CutPrefix(key, "tier.")
		switch {
		case key == "first":
			is.First = unquoted(value)
		case key == "last":
			is.Last = unquoted(value)
		case key == "tag":
			is.Tags = append(is.Tags, unquoted(value))
		case key == "segment":
			is.Segments = append(is.Segments, unquoted(value))
		case isTier:
			if is.Tiers == nil {
				is.Tiers = map[string]string{}
			}
			is.Tiers[dimension] = unquoted(value)
		default:
			if is.Traits == nil {
				is.Traits = map[string]any{}
			}
			is.Traits[key] = scalar(value)
		}
	}
	return is
}

// open makes the pool of what was loaded, once.
func (r *running) open() {
	r.Helper()
	if r.pool == nil {
		r.pool = Open(r.T, r.o)
		r.reg(r.pool.Desk)
		for i, e := range r.events {
			if r.pool.Add(e); i == len(r.events)/2 {
				r.pool.Flush() // some lie on disk, some in memory
			}
		}
		for name := range r.nodes {
			if !slices.ContainsFunc(r.events, func(e Event) bool { return e.Node == r.nodes[name] }) {
				r.pool.Join(r.nodes[name], r.nodes[name])
			}
		}
		for _, j := range r.joins {
			r.pool.Join(r.nodes[j[0]], r.nodes[j[1]])
		}
		for name, is := range r.known {
			r.pool.Know(r.nodes[name], is)
		}
	}
	if r.at != "" {
		now, err := Moment(r.at, r.pool.o.Zone)
		require.NoError(r, err, r.where)
		r.pool.Clock.Set(now)
	}
}

func (r *running) ask(b block) {
	r.Helper()
	kind, query, _ := strings.Cut(strings.Join(append([]string{b.rest}, b.more...), " "), " ")
	var fields map[string]json.RawMessage
	require.NoError(r, json.Unmarshal([]byte(cmp.Or(strings.TrimSpace(query), "{}")), &fields), r.where)
	fields["kind"] = json.RawMessage(strconv.Quote(kind))
	var err error
	r.query, err = json.Marshal(fields)
	require.NoError(r, err)
}

func (r *running) expect(b block) {
	r.Helper()
	r.open()
	_, table, err := r.pool.Desk.Tabulate(r.Context(), r.query, insight.English)
	require.NoError(r, err, r.where)
	got := [][]string{table.Columns}
	for _, row := range table.Rows {
		cells := make([]string, len(row))
		for i, cell := range row {
			cells[i] = insight.Cell(cell, r.pool.o.Zone)
		}
		got = append(got, cells)
	}
	var want [][]string
	for _, line := range b.more {
		cells := strings.Split(line, "|")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		want = append(want, cells)
	}
	require.Equal(r, aligned(want), aligned(got), r.where)
}

// aligned is rows as people read them, which also makes a difference easy to see.
func aligned(rows [][]string) string {
	var b strings.Builder
	for _, row := range rows {
		b.WriteString(strings.TrimSpace(strings.Join(row, " | ")) + "\n")
	}
	return b.String()
}

func (r *running) behind(b block) {
	r.Helper()
	r.open()
	text := strings.Join(append([]string{b.rest}, b.more...), " ")
	cut := strings.LastIndex(text, "}:")
	require.Positive(r, cut, "%s: people {…}: names", r.where)
	set, err := r.pool.Desk.Behind(r.Context(), r.query, json.RawMessage(text[:cut+1]))
	require.NoError(r, err, r.where)
	got, want := []string{}, append([]string{}, strings.Fields(text[cut+2:])...)
	for name, node := range r.nodes {
		if set.Contains(uint64(node)) {
			got = append(got, name)
		}
	}
	slices.Sort(got)
	slices.Sort(want)
	require.Equal(r, want, got, r.where)
	require.Equal(r, len(want), int(set.GetCardinality()), r.where)
}

// tokens parts a line at spaces outside of quotation marks.
func tokens(line string) (out []string) {
	inside, from := false, -1
	for i := 0; i < len(line); i++ {
		c := line[i]
		switch {
		case c == '\\' && inside:
			i++
		case c == '"':
			inside = !inside
			if from < 0 {
				from = i
			}
		case (c == ' ' || c == '\t') && !inside:
			if from >= 0 {
				out = append(out, line[from:i])
				from = -1
			}
		case from < 0:
			from = i
		}
	}
	if from >= 0 {
		out = append(out, line[from:])
	}
	return out
}

func unquoted(word string) string {
	if s, err := strconv.Unquote(word); err == nil {
		return s
	}
	return word
}

// scalar reads a value as JSON; what is no JSON is a text.
func scalar(word string) any {
	var v any
	if json.Unmarshal([]byte(word), &v) == nil {
		return v
	}
	return word
}
