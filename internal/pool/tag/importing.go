package tag

import (
	"bytes"
	"cmp"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/RoaringBitmap/roaring/v2/roaring64"
	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/huoshui/huoshui/internal/base/calendar"
	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/httpapi/once"
	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/pool/event"
	"github.com/huoshui/huoshui/internal/pool/identity"
	"github.com/huoshui/huoshui/internal/pool/rulebook"
)

// Imported is what a file of tags came to. The runs put the tags on.
type Imported struct {
	Rows          int64           `json:"rows"`
	People        int64           `json:"people" doc:"Different people found"`
	UnknownPeople int64           `json:"unknown_people" doc:"Rows whose identity nobody has"`
	UnknownTags   int64           `json:"unknown_tags" doc:"Rows with a tag that is not there, or that nobody puts on by hand"`
	Problems      []ImportProblem `json:"problems" nullable:"false" doc:"The first 100"`
	Runs          []RunView       `json:"runs" nullable:"false"`
}

// ImportProblem is a row that could not be used.
type ImportProblem struct {
	Line    int    `json:"line"`
	Code    string `json:"code" enum:"person,tag,until,row"`
	Message string `json:"message"`
}

const (
	maxProblems = 100
	maxRuns     = 500 // different tags and ends in one file
)

func (im *Imported) problem(line int, code, format string, args ...any) {
	if len(im.Problems) < maxProblems {
		im.Problems = append(im.Problems, ImportProblem{line, code, fmt.Sprintf(format, args...)})
	}
}

// row is one line of the file.
type row struct {
	line  int
	keys  []string // of its identities, the most telling first
	tags  []string
	until int64
}

// Import reads a CSV file: a column "tag" (keys or titles, several with ";" between them), and columns named like identity kinds, or "kind",
// "value" and "scope"; "until" is the last day, if there is one. create makes manual tags that are missing. repeat is the idempotency key.
func (s *Service) Import(ctx context.Context, file []byte, create bool, repeat string) (Imported, error) {
	im := Imported{Problems: []ImportProblem{}, Runs: []RunView{}}
	rows, err := s.parse(file, &im)
	if err != nil {
		return im, err
	}
	found, err := s.find(ctx, rows)
	if err != nil {
		return im, err
	}
	type target struct {
		tag   string
		until int64
	}
	sets, all := map[target]*roaring64.Bitmap{}, roaring64.New()
	tags := s.lookup()
	for _, r := range rows {
		who := int64(0)
		for _, k := range r.keys {
			if who = found[k]; who != 0 {
				break
			}
		}
		if who == 0 {
			im.UnknownPeople++
			im.problem(r.line, "person", "nobody has this identity")
			continue
		}
		all.Add(uint64(who))
		for _, name := range r.tags {
			key, err := s.tagNamed(ctx, tags, name, create)
			if err != nil {
				f, ok := errors.AsType[*fault.Error](err)
				if !ok {
					return im, err
				}
				im.UnknownTags++
				im.problem(r.line, "tag", "%s", f.Message)
				continue
			}
			t := target{key, r.until}
			if sets[t] == nil {
				sets[t] = roaring64.New()
			}
			sets[t].Add(uint64(who))
		}
	}
	im.People = int64(all.GetCardinality())
	if len(sets) > maxRuns {
		return im, fault.New(fault.Invalid, "tag.too_many", "the file has more than %d different tags and ends; cut it into several", maxRuns)
	}
	targets := make([]target, 0, len(sets))
	for t := range sets {
		targets = append(targets, t)
	}
	slices.SortFunc(targets, func(a, b target) int { return cmp.Or(cmp.Compare(a.tag, b.tag), cmp.Compare(a.until, b.until)) })
	var ids []int64
	err = s.o.State.InTx(ctx, func(tx *state.Tx) error {
		ids, err = once.Do(ctx, tx, "tag-import", repeat, file, func() ([]int64, error) {
			var ids []int64
			for _, t := range targets {
				id, err := s.store(ctx, tx, &run{RunView: RunView{Tag: t.tag, Action: Add}, people: sets[t], until: t.until, source: Import})
				if err != nil {
					return nil, err
				}
				ids = append(ids, id)
			}
			return ids, s.o.Trail.Record(ctx, tx, "tag.import", "", map[string]any{"rows": im.Rows, "people": im.People, "tags": len(targets)})
		})
		return err
	})
	if err != nil {
		return im, err
	}
	for _, id := range ids {
		if all.GetCardinality() <= atOnce {
			if err := s.work(ctx, id); err != nil {
				return im, err
			}
		}
		r, err := s.FindRun(ctx, id)
		if err != nil {
			return im, err
		}
		im.Runs = append(im.Runs, r)
	}
	s.nudge()
	return im, nil
}

// parse reads the rows of a file and notes those that cannot be used.
func (s *Service) parse(file []byte, im *Imported) ([]row, error) {
	file = bytes.TrimPrefix(file, []byte("\xef\xbb\xbf"))
	if !utf8.Valid(file) {
		decoded, err := simplifiedchinese.GB18030.NewDecoder().Bytes(file)
		if err != nil {
			return nil, fault.Wrap(err, fault.Invalid, "tag.import_columns", "the file is neither UTF-8 nor GB18030 text")
		}
		file = decoded
	}
	r := csv.NewReader(bytes.NewReader(file))
	r.FieldsPerRecord = -1
	header, err := r.Read()
	if err != nil {
		return nil, fault.Wrap(err, fault.Invalid, "tag.import_columns", "the file has no line of column names")
	}
	columns, err := s.columns(header)
	if err != nil {
		return nil, err
	}
	var out []row
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		line, _ := r.FieldPos(0)
		im.Rows++
		if err != nil {
			im.problem(line, "row", "the line is no CSV")
			continue
		}
		one := row{line: line, keys: s.identities(columns, cells), until: -1}
		cell := func(i int) string {
			if i < 0 || i >= len(cells) {
				return ""
			}
			return strings.TrimSpace(cells[i])
		}
		for name := range strings.FieldsFuncSeq(cell(columns.tag), func(r rune) bool { return r == ';' || r == '；' || r == '|' }) {
			if name = strings.TrimSpace(name); name != "" {
				one.tags = append(one.tags, name)
			}
		}
		if until := cell(columns.until); until != "" {
			day, err := time.Parse(time.DateOnly, until)
			zone := s.o.Zone()
			if err == nil {
				one.until = calendar.Midnight(day.AddDate(0, 0, 1), zone).UnixMicro()
			}
			if err != nil || one.until <= state.Micros(s.o.Clock.Now()) {
				im.problem(line, "until", "the last day must be written like 2027-03-31 and be today or later")
				continue
			}
		}
		if len(one.tags) == 0 {
			im.UnknownTags++
			im.problem(line, "tag", "the line has no tag")
			continue
		}
		out = append(out, one)
	}
}

// columns say where things are in a line; -1 for what there is not.
type columns struct {
	tag, until, kind, value, scope int
	kinds                          map[int]string
}

func (s *Service) columns(header []string) (columns, error) {
	c := columns{-1, -1, -1, -1, -1, map[int]string{}}
	kinds := s.o.Kinds()
	for i, name := range header {
		switch name = strings.ToLower(strings.TrimSpace(name)); name {
		case "tag", "tags", "标签":
			c.tag = i
		case "until", "到期":
			c.until = i
		case "kind":
			c.kind = i
		case "value":
			c.value = i
		case "scope":
			c.scope = i
		default:
			for _, k := range kinds.All() {
				if name == k.Kind || name == strings.ToLower(k.TitleZH) || name == strings.ToLower(k.Title) {
					c.kinds[i] = k.Kind
				}
			}
		}
	}
	if c.tag < 0 || len(c.kinds) == 0 && (c.kind < 0 || c.value < 0) {
		return c, fault.New(fault.Invalid, "tag.import_columns", `the file needs a column "tag" and one named like an identity kind (phone, user_id …), or "kind" and "value"`)
	}
	return c, nil
}

// identities are the keys of a line's identities.
func (s *Service) identities(c columns, cells []string) []string {
	var ids []event.Identity
	cell := func(i int) string {
		if i < 0 || i >= len(cells) {
			return ""
		}
		return strings.TrimSpace(cells[i])
	}
	if v := cell(c.value); v != "" {
		ids = append(ids, event.Identity{Kind: cell(c.kind), Scope: cell(c.scope), Value: v})
	}
	for i, kind := range c.kinds {
		if v := cell(i); v != "" {
			ids = append(ids, event.Identity{Kind: kind, Scope: cell(c.scope), Value: v})
		}
	}
	kinds := s.o.Kinds()
	rank := func(i event.Identity) int {
		k, _ := kinds.Find(i.Kind)
		return k.Rank
	}
	slices.SortFunc(ids, func(a, b event.Identity) int { return cmp.Or(cmp.Compare(rank(a), rank(b)), a.Compare(b)) })
	keys := make([]string, 0, len(ids))
	for _, i := range ids {
		if v, err := identity.Normalize(i.Kind, i.Value, s.o.Region()); err == nil {
			i.Value = v
		}
		if k := i.Key(); utf8.ValidString(k) && strings.IndexByte(k, 0) < 0 {
			keys = append(keys, k)
		}
	}
	return keys
}

// find gives the present person of each identity in the rows.
func (s *Service) find(ctx context.Context, rows []row) (map[string]int64, error) {
	out := map[string]int64{}
	var keys []string
	for _, r := range rows {
		for _, k := range r.keys {
			if _, known := out[k]; !known {
				out[k] = 0
				keys = append(keys, k)
			}
		}
	}
	for part := range slices.Chunk(keys, peopleAtOnce) {
		if err := s.findSome(ctx, part, out); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (s *Service) findSome(ctx context.Context, keys []string, into map[string]int64) (err error) {
	args := make([]any, len(keys))
	for i, k := range keys {
		args[i] = k
	}
	rows, err := s.o.State.Query(ctx, "SELECT key, person FROM identity WHERE key IN "+state.Marks(1, len(keys)), args...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var key string
		var who int64
		if err := rows.Scan(&key, &who); err != nil {
			return err
		}
		into[key] = who
	}
	return rows.Err()
}

// lookup are the tags by key and by title in lower case; a key goes before a title.
func (s *Service) lookup() map[string]string {
	out := map[string]string{}
	for _, i := range s.tags.All() {
		if i.Spec.State != rulebook.Archived {
			out[strings.ToLower(i.Spec.Title)] = i.Key
		}
	}
	for _, i := range s.tags.All() {
		out[strings.ToLower(i.Key)] = i.Key
	}
	return out
}

func (s *Service) tagNamed(ctx context.Context, known map[string]string, name string, create bool) (string, error) {
	key, ok := known[strings.ToLower(name)]
	if !ok && !create {
		return "", fault.New(fault.NotFound, "tag.not_found", "there is no tag %q", name)
	}
	if !ok {
		v, err := s.Create(ctx, CreateInput{Title: name, Note: "import"}, "")
		if err != nil {
			return "", err
		}
		key = v.Key
		known[strings.ToLower(name)] = key
	}
	_, err := s.manual(key)
	return key, err
}
