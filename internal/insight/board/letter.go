package board

import (
	"bytes"
	"cmp"
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"html/template"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/huoshui/huoshui/internal/base/calendar"
	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/insight"
)

//go:embed letter.html
var letterHTML string //nolint:gochecknoglobals // a file, compiled in

// Letter is a report written out.
type Letter struct {
	Subject string `json:"subject"`
	HTML    string `json:"html"`
	Text    string `json:"text"`
}

// page is what the letter's template is given.
type page struct {
	Lang, Subject, Pool, Title, Description, When, Link, Open, Footer string
	Blocks                                                            []block
}

// block is one item of the board in a letter.
type block struct {
	Title, Note, Error string
	Text               []paragraph
	Figures            []Figure
	Rows               *Rows
	More               string
}

// words in the language of a report.
func words(lang string) insight.Say {
	return func(zh, en string) string {
		if lang == "en" {
			return en
		}
		return zh
	}
}

// letter writes a report: every item of its board, in the order in which one reads, about finished days.
func (s *Service) letter(ctx context.Context, r ReportSpec) (Letter, error) {
	b, err := s.activeBoard(r.Board)
	if err != nil {
		return Letter{}, err
	}
	say := words(r.Lang)
	pool, today := s.o.Pool(), calendar.DayOf(s.o.Clock.Now(), s.o.Zone())
	p := page{
		Lang: r.Lang, Pool: pool.Name, Title: b.Spec.Title, Description: b.Spec.Description, Link: boardLink(r), Open: say("打开看板", "Open the board"),
		When:   today.Format(time.DateOnly),
		Footer: say("这封邮件由活水按计划发出。不想再收到，请告诉", "Huoshui sends this mail by plan. To stop it, tell ") + r.Owner + say("。", "."),
	}
	p.Subject = fmt.Sprintf("%s · %s · %s", r.Title, pool.Name, p.When)
	items := slices.Clone(b.Spec.Items)
	slices.SortStableFunc(items, func(a, b Item) int { return cmp.Or(cmp.Compare(a.Y, b.Y), cmp.Compare(a.X, b.X)) })
	var last error
	charts, failed := 0, 0
	for _, i := range items {
		if i.Chart == "" {
			p.Blocks = append(p.Blocks, block{Text: paragraphs(i.Text)})
			continue
		}
		charts++
		one, err := s.chartBlock(ctx, i.Chart, b.Spec.Filters, today, r.Lang)
		if ctx.Err() != nil {
			return Letter{}, ctx.Err()
		}
		if err != nil {
			failed, last = failed+1, err
			s.o.Logger.WarnContext(ctx, "a chart of a report could not be asked", "report", r.Title, "chart", i.Chart, "err", err)
			one.Error = say("这张图没有算出来：", "This chart could not be worked out: ") + said(err)
		}
		p.Blocks = append(p.Blocks, one)
	}
	if charts > 0 && failed == charts { // a letter that says nothing is no letter
		return Letter{}, fmt.Errorf("no chart of board %s could be asked: %w", r.Board, last)
	}
	return write(p, say)
}

// chartBlock asks a chart and puts its answer into figures and rows.
func (s *Service) chartBlock(ctx context.Context, key string, f Filters, today time.Time, lang string) (block, error) {
	b := block{Title: key}
	c, err := s.activeChart(key)
	if err != nil {
		return b, err
	}
	b.Title = c.Spec.Title
	query, err := f.Merge(c.Spec.Query)
	if err != nil {
		return b, err
	}
	if query, err = finished(query, today); err != nil {
		return b, err
	}
	say := words(lang)
	a, t, err := s.o.Desk.Tabulate(ctx, query, say)
	if err != nil {
		return b, err
	}
	b.Note = c.Spec.Description
	if a.From != "" {
		span := a.From + say(" 至 ", " to ") + a.To
		if a.From == a.To {
			span = a.From
		}
		b.Note = strings.TrimSpace(span + "  " + b.Note)
	}
	b.lay(t, lang)
	return b, nil
}

// finished gives a query that ends yesterday if it would end today, because the running day is not over; only a query about today alone stays.
func finished(query json.RawMessage, today time.Time) (json.RawMessage, error) {
	fields, err := object(query)
	if err != nil {
		return nil, err
	}
	yesterday := today.AddDate(0, 0, -1).Format(time.DateOnly)
	from, to := text(fields["from"]), text(fields["to"])
	if to != "" && to <= yesterday || from > yesterday {
		return query, nil
	}
	fields["to"] = quoted(yesterday)
	return json.Marshal(fields)
}

func write(p page, say insight.Say) (Letter, error) {
	t, err := template.New("letter").Parse(letterHTML)
	if err != nil {
		return Letter{}, fmt.Errorf("letter of a report: %w", err)
	}
	var html bytes.Buffer
	if err := t.Execute(&html, p); err != nil {
		return Letter{}, fmt.Errorf("letter of a report: %w", err)
	}
	return Letter{Subject: p.Subject, HTML: html.String(), Text: p.plain(say)}, nil
}

// plain is the letter for those who read nothing else.
func (p page) plain(say insight.Say) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n%s · %s\n", p.Title, p.Pool, p.When)
	if p.Description != "" {
		fmt.Fprintf(&b, "\n%s\n", p.Description)
	}
	for _, one := range p.Blocks {
		b.WriteString("\n")
		for _, t := range one.Text {
			b.WriteString(t.plain() + "\n")
		}
		if one.Title != "" {
			fmt.Fprintf(&b, "## %s\n", one.Title)
		}
		for _, line := range []string{one.Note, one.Error} {
			if line != "" {
				b.WriteString(line + "\n")
			}
		}
		for _, f := range one.Figures {
			fmt.Fprintf(&b, "%s: %s", f.Name, f.Value)
			if f.Change != "" {
				fmt.Fprintf(&b, " (%s)", f.Change)
			}
			b.WriteString("\n")
		}
		if one.Rows != nil {
			b.WriteString(strings.Join(one.Rows.Columns, " | ") + "\n")
			for _, row := range one.Rows.Rows {
				cells := make([]string, len(row))
				for i, c := range row {
					cells[i] = c.Value
				}
				b.WriteString(strings.Join(cells, " | ") + "\n")
			}
		}
		if one.More != "" {
			b.WriteString(one.More + "\n")
		}
	}
	if p.Link != "" {
		fmt.Fprintf(&b, "\n%s%s\n", say("打开看板：", "Open the board: "), p.Link)
	}
	fmt.Fprintf(&b, "\n-- \n%s\n", p.Footer)
	return b.String()
}

// boardLink is where the report's board is, empty if nobody said where the console is.
func boardLink(r ReportSpec) string {
	if r.Address == "" {
		return ""
	}
	return r.Address + "/insight/boards/" + url.PathEscape(r.Board)
}

// stopLetter tells a report's owner that it has stopped.
func stopLetter(r ReportSpec, cause, link string) (subject, text string) {
	say := words(r.Lang)
	subject = fmt.Sprintf(say("邮件报告“%s”已停止", "The report %q has stopped"), r.Title)
	text = fmt.Sprintf(say("“%s”连续 %d 次没有发出去，已经暂停。最后一次的原因：%s\n", "%q could not be sent %d times in a row, and is paused. The last cause: %s\n"), r.Title, enough, cause)
	if link != "" {
		text += say("改好以后，在看板上重新启用：", "Once that is mended, resume it on its board: ") + link + "\n"
	}
	return subject, text
}

// Preview writes the letter that a report would send now.
func (s *Service) Preview(ctx context.Context, key string) (Letter, error) {
	i, err := s.activeReport(key)
	if err != nil {
		return Letter{}, err
	}
	l, err := s.letter(ctx, i.Spec)
	if err != nil && fault.CodeOf(err) == "internal" && ctx.Err() == nil {
		return l, fault.Wrap(err, fault.Unavailable, "report.no_answers", "none of the charts could be worked out just now; open the board to see why")
	}
	return l, err
}
