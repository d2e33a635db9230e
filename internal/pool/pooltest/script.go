package pooltest

import (
	"bufio"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/huoshui/huoshui/internal/pool/event"
)

// Case is a text that an operator can read: what happened in a pool, then questions with the answers expected.
//
//	# what it shows
//	zone Asia/Shanghai        (UTC if it is not said)
//	active 3 days             (30 if it is not said)
//	load
//	  2026-03-01        mei  Product Viewed
//	  2026-03-02 23:30  li   Order Completed  19900 CNY
//	  2026-03-02 23:30  mei  People Merged    (an operator's act)
//	li is mei
//	at 2026-03-01 .. 2026-03-10 by day
//	expect stock
//	  2026-03-01  people 1  active 1 …
//
// Moments are in the pool's zone, noon if no time is said. "li is mei" merges: li's events are mei's.
type Case struct {
	Name   string
	Zone   *time.Location
	Active int
	Events []Event
	Moved  map[int64]int64
	Asks   []Ask
	people map[string]int64
}

// Ask is one question.
type Ask struct {
	Line int
	At   []string // the words after "at"
	What []string // the words after "expect"
	Want []string // the answer, line by line, its words one blank apart
}

// Scripts runs a test for every case in testdata.
func Scripts(t *testing.T, run func(t *testing.T, c Case)) {
	t.Helper()
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases in testdata: %v", err)
	}
	for _, f := range files {
		t.Run(strings.TrimSuffix(filepath.Base(f), ".txt"), func(t *testing.T) {
			t.Parallel()
			run(t, read(t, f))
		})
	}
}

func read(t testing.TB, path string) Case {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close() //nolint:errcheck // reading
	c := Case{Name: path, Zone: time.UTC, Active: 30, Moved: map[int64]int64{}, people: map[string]int64{}}
	lines := bufio.NewScanner(f)
	var at []string
	part := ""
	for n := 1; lines.Scan(); n++ {
		text, _, _ := strings.Cut(lines.Text(), "#")
		words := strings.Fields(text)
		if len(words) == 0 {
			continue
		}
		if strings.HasPrefix(text, " ") && part == "load" {
			err = c.load(words)
		} else if strings.HasPrefix(text, " ") && part == "expect" {
			a := &c.Asks[len(c.Asks)-1]
			a.Want = append(a.Want, strings.Join(words, " "))
		} else if part = words[0]; part == "at" {
			at = words[1:]
		} else if part == "expect" {
			c.Asks = append(c.Asks, Ask{Line: n, At: at, What: words[1:]})
		} else {
			err = c.set(words)
		}
		if err != nil {
			t.Fatalf("%s:%d: %v", path, n, err)
		}
	}
	if err := lines.Err(); err != nil || len(c.Asks) == 0 {
		t.Fatalf("%s: nothing is asked (%v)", path, err)
	}
	return c
}

func (c *Case) set(words []string) (err error) {
	switch {
	case words[0] == "load" && len(words) == 1:
	case words[0] == "zone" && len(words) == 2:
		c.Zone, err = time.LoadLocation(words[1])
	case words[0] == "active" && len(words) == 3:
		c.Active, err = strconv.Atoi(words[1])
	case len(words) == 3 && words[1] == "is":
		c.Moved[c.person(words[0])] = c.person(words[2])
	default:
		err = fmt.Errorf("what does %q mean?", strings.Join(words, " "))
	}
	return err
}

func (c *Case) person(name string) int64 {
	if c.people[name] == 0 {
		c.people[name] = int64(len(c.people) + 1)
	}
	return c.people[name]
}

// People are the names of everybody, sorted.
func (c *Case) People() []string { return slices.Sorted(maps.Keys(c.people)) }

func (c *Case) load(words []string) error {
	layout, text := time.DateOnly, words[0]
	words = words[1:]
	if len(words) > 0 && strings.Contains(words[0], ":") {
		layout, text, words = "2006-01-02 15:04", text+" "+words[0], words[1:]
	}
	at, err := time.ParseInLocation(layout, text, c.Zone)
	if err != nil {
		return err
	}
	if layout == time.DateOnly {
		at = at.Add(12 * time.Hour)
	}
	if len(words) < 2 {
		return fmt.Errorf("%q: who did what?", text)
	}
	e := Event{At: at, Person: c.person(words[0]), Type: event.Track}
	words = words[1:]
	if n := len(words); n > 2 {
		if amount, err := strconv.ParseInt(words[n-2], 10, 64); err == nil {
			e.Amount, e.Currency, words = amount, words[n-1], words[:n-2]
		}
	}
	e.Name = strings.Join(words, " ")
	switch e.Name {
	case event.PeopleMerged, event.PeopleUnmerged, event.Quarantined, event.Released:
		e.Type = event.Command
	case event.Identified:
		e.Type = event.Identify
	}
	c.Events = append(c.Events, e)
	return nil
}
