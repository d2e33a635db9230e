package person

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/huoshui/huoshui/internal/base/actor"
	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/state"
)

// maxColumns bounds what an export shows of a person.
const maxColumns = 200

// columnsOf reads a list of columns: a line of CSV, so that a trait's name may have a comma in it.
func columnsOf(text string) ([]string, error) {
	known := []string{"id", "name", "email", "phone", "channel", "first_seen", "last_seen", "events", "orders", "revenue"}
	if text == "" {
		return known, nil
	}
	r := csv.NewReader(strings.NewReader(text))
	r.LazyQuotes = true
	cols, err := r.Read()
	if err != nil || len(cols) > maxColumns || !storable(text) {
		return nil, fault.New(fault.Invalid, "people.columns", "name at most %d columns, with commas between them", maxColumns)
	}
	for _, c := range cols {
		if trait, ok := strings.CutPrefix(c, "trait."); !slices.Contains(known, c) && (!ok || trait == "") {
			return nil, fault.New(fault.Invalid, "people.columns", "there is no column %q; there are %s and trait.<name>", c, strings.Join(known, ", "))
		}
	}
	return cols, nil
}

// export streams the list as CSV. Who is in it and in what order is settled at the beginning; people who come, go or move in the order
// while it runs change neither.
func (s *Service) export(ctx context.Context, q ListQuery, columns string) (*huma.StreamResponse, error) {
	in, err := q.input(0)
	if err != nil {
		return nil, err
	}
	cols, err := columnsOf(columns)
	if err != nil {
		return nil, err
	}
	ids, err := s.ids(ctx, in)
	if err != nil {
		return nil, err
	}
	if err := s.noteExport(ctx, in, cols, len(ids)); err != nil {
		return nil, err
	}
	return &huma.StreamResponse{Body: func(hc huma.Context) { //nolint:contextcheck // the stream lives with its request
		hc.SetHeader("Content-Type", "text/csv; charset=utf-8")
		hc.SetHeader("Content-Disposition", `attachment; filename="people.csv"`)
		w := hc.BodyWriter()
		_, _ = w.Write([]byte("\ufeff")) // spreadsheets take UTF-8 only with a mark; a broken connection shows at the next write
		c := csv.NewWriter(w)
		_ = c.Write(cols)
		for part := range slices.Chunk(ids, 100) {
			rows, err := s.rows(hc.Context(), part)
			if err != nil {
				_ = c.Write([]string{"# the export broke off here; export again"}) // the status has been sent
				break
			}
			for i := range rows {
				_ = c.Write(rows[i].cells(cols, s.location()))
			}
			if c.Flush(); c.Error() != nil {
				return
			}
		}
		c.Flush()
	}}, nil
}

// noteExport writes into the audit who takes whose data out, before the first byte leaves. Values that were searched for may be somebody's
// phone number, so only the fields are noted.
func (s *Service) noteExport(ctx context.Context, in ListInput, cols []string, people int) error {
	fields := []string{}
	if in.Query != "" {
		fields = append(fields, "q")
	}
	for _, f := range in.Filters {
		fields = append(fields, f.Field)
	}
	err := s.db.InTx(ctx, func(tx *state.Tx) error {
		return s.trail.Record(ctx, tx, "people.export", "people.csv", map[string]any{"people": people, "columns": cols, "filters": fields})
	})
	if err != nil {
		return fmt.Errorf("note the export of people: %w", err)
	}
	return nil
}

// ids are the numbers of all people of a list, in its order.
func (s *Service) ids(ctx context.Context, in ListInput) ([]int64, error) {
	w, err := s.condition(ctx, in)
	if err != nil {
		return nil, err
	}
	column, desc, err := in.order()
	if err != nil {
		return nil, err
	}
	way := "ASC"
	if desc {
		way = "DESC"
	}
	rows, err := s.db.Query(ctx, "SELECT id FROM person WHERE "+w.sql()+" ORDER BY "+column+" "+way+", id "+way, w.args...)
	if err != nil {
		return nil, fmt.Errorf("list people: %w", err)
	}
	defer rows.Close() //nolint:errcheck // reading
	var out []int64
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		out = append(out, id)
	}
	return out, rows.Err()
}

// rows are the people with these numbers, in this order; who is gone is left out.
func (s *Service) rows(ctx context.Context, ids []int64) ([]Row, error) {
	rows, err := s.db.Query(ctx, "SELECT "+viewColumns+" FROM person WHERE id IN "+state.Marks(1, len(ids)), anys(ids)...)
	if err != nil {
		return nil, fmt.Errorf("read people: %w", err)
	}
	defer rows.Close() //nolint:errcheck // reading
	personal := actor.From(ctx).Can(actor.ReadPersonal)
	found := make(map[int64]Row, len(ids))
	for rows.Next() {
		var p record
		if err := scanView(rows, &p); err != nil {
			return nil, err
		}
		r := p.row()
		if !personal {
			r.mask()
		}
		found[p.id] = r
	}
	out := make([]Row, 0, len(ids))
	for _, id := range ids {
		if r, ok := found[id]; ok {
			out = append(out, r)
		}
	}
	return out, rows.Err()
}

func (r *Row) cells(cols []string, zone *time.Location) []string {
	out := make([]string, len(cols))
	for i, col := range cols {
		switch col {
		case "id":
			out[i] = strconv.FormatInt(r.ID, 10)
		case "name":
			out[i] = safe(r.Name)
		case "email":
			out[i] = safe(r.Email)
		case "phone":
			out[i] = r.Phone
			if r.Phone != "" {
				out[i] = "'" + r.Phone // keeps spreadsheets from reading it as a formula or rounding it
			}
		case "channel":
			out[i] = safe(r.Channel)
		case "first_seen":
			out[i] = r.FirstSeen.In(zone).Format(time.DateTime)
		case "last_seen":
			out[i] = r.LastSeen.In(zone).Format(time.DateTime)
		case "events":
			out[i] = strconv.FormatInt(r.Events, 10)
		case "orders":
			out[i] = strconv.FormatInt(r.Orders, 10)
		case "revenue":
			out[i] = strconv.FormatInt(r.Revenue, 10)
		default:
			out[i] = traitCell(r.Traits[strings.TrimPrefix(col, "trait.")])
		}
	}
	return out
}

// traitCell is a trait's value as a cell: numbers as they are, texts made safe, everything else as JSON.
func traitCell(v json.RawMessage) string {
	var s string
	if json.Unmarshal(v, &s) == nil {
		return safe(s)
	}
	return string(v)
}

// safe keeps a spreadsheet from running a cell as a formula. The wide signs are formulas to some as well.
func safe(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠", []rune(s)[0]) {
		return "'" + s
	}
	return s
}
