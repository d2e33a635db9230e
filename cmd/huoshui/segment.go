package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"text/tabwriter"

	"github.com/huoshui/huoshui/internal/app"
	"github.com/huoshui/huoshui/internal/base/config"
	"github.com/huoshui/huoshui/internal/pool/segment"
)

// segmentCmd is about segments.
type segmentCmd struct {
	List   segmentListCmd   `cmd:"" help:"List the segments with their sizes."`
	Show   segmentShowCmd   `cmd:"" help:"Show one segment."`
	Export segmentExportCmd `cmd:"" help:"Write the people of a segment as CSV."`
}

type segmentListCmd struct {
	config.Place
	remote
	JSON bool `name:"json" help:"Print one JSON object."`
}

type segmentList struct {
	Items       []segment.View `json:"items"`
	TotalPeople int64          `json:"total_people"`
}

// Run prints a line for each segment.
func (c *segmentListCmd) Run(ctx context.Context) error {
	got, err := ask(ctx, c.Place, c.remote, http.MethodGet, "/segments", nil, func(ctx context.Context, a *app.App) (segmentList, error) {
		items, total, err := a.Segments.List(ctx, segment.ListInput{})
		return segmentList{items, total}, err
	})
	if err != nil {
		return err
	}
	if c.JSON {
		return json.NewEncoder(os.Stdout).Encode(got)
	}
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	lines := []error{line(w, "KEY\tPEOPLE\tENTERED TODAY\tLEFT TODAY\tSTATE\tTITLE")}
	for _, s := range got.Items {
		lines = append(lines, line(w, "%s\t%d\t%d\t%d\t%s\t%s", s.Key, s.People, s.EnteredToday, s.LeftToday, s.State, s.Title))
	}
	return errors.Join(append(lines, w.Flush())...)
}

func line(w io.Writer, format string, args ...any) error {
	_, err := fmt.Fprintf(w, format+"\n", args...)
	return err
}

type segmentShowCmd struct {
	config.Place
	remote
	Key  string `arg:"" help:"Key of the segment."`
	JSON bool   `name:"json" help:"Print one JSON object."`
}

// Run prints what there is to know of a segment.
func (c *segmentShowCmd) Run(ctx context.Context) error {
	s, err := ask(ctx, c.Place, c.remote, http.MethodGet, "/segments/"+url.PathEscape(c.Key), nil, func(ctx context.Context, a *app.App) (segment.View, error) {
		return a.Segments.Get(ctx, c.Key)
	})
	if err != nil {
		return err
	}
	if c.JSON {
		return json.NewEncoder(os.Stdout).Encode(s)
	}
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	lines := []error{
		line(w, "key\t%s", s.Key), line(w, "title\t%s", s.Title), line(w, "mode\t%s", s.Mode), line(w, "state\t%s", s.State),
		line(w, "people\t%d (%.1f %% of all)", s.People, 100*s.Share), line(w, "today\t+%d -%d", s.EnteredToday, s.LeftToday),
	}
	if s.Rule != nil {
		lines = append(lines, line(w, "rule\t%s", s.Rule.Text), line(w, "meaning\t%s", s.Rule.Sentence.EN), line(w, "\t%s", s.Rule.Sentence.ZH))
	}
	lines = append(lines, line(w, "version\t%d by %s", s.Version, s.Author))
	return errors.Join(append(lines, w.Flush())...)
}

type segmentExportCmd struct {
	config.Place
	remote
	Key     string `arg:"" help:"Key of the segment."`
	Columns string `help:"Comma-separated: id, name, email, phone, channel, first_seen, last_seen, events, orders, revenue, trait.<name>."`
	Out     string `short:"o" help:"File to write; standard output if not given." type:"path"`
}

// Run writes the CSV.
func (c *segmentExportCmd) Run(ctx context.Context) (err error) {
	var w io.Writer = os.Stdout
	if c.Out != "" {
		var f *os.File
		if f, err = os.Create(c.Out); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, f.Close()) }()
		w = f
	}
	if c.Server != "" {
		return c.copy(ctx, "/segments/"+url.PathEscape(c.Key)+"/export.csv?"+url.Values{"columns": {c.Columns}}.Encode(), w)
	}
	_, err = ask(ctx, c.Place, c.remote, "", "", nil, func(ctx context.Context, a *app.App) (struct{}, error) {
		return struct{}{}, a.Segments.Write(ctx, w, c.Key, c.Columns)
	})
	return err
}
