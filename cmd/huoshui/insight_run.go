package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"os"

	"github.com/huoshui/huoshui/internal/app"
	"github.com/huoshui/huoshui/internal/base/config"
	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/insight"
)

// insightRunCmd answers a query of any kind: what the console's "copy JSON query" gives.
type insightRunCmd struct {
	config.Place
	remote
	Query string `arg:"" help:"File with the query as JSON, with its kind; - reads it from standard input." type:"path"`
	CSV   bool   `name:"csv" help:"Print the answer as CSV instead of JSON."`
	Lang  string `help:"Language of the CSV's titles." enum:"en,zh" default:"en"`
}

// maxQuery is the longest query in bytes, as the server takes it.
const maxQuery = 1 << 20

// Run prints the answer.
func (c *insightRunCmd) Run(ctx context.Context) error {
	raw, err := c.read()
	if err != nil {
		return err
	}
	if c.CSV {
		return c.csv(ctx, raw)
	}
	got, err := ask(ctx, c.Place, c.remote, http.MethodPost, "/insight/query", raw, func(ctx context.Context, a *app.App) (insight.Result[json.RawMessage], error) {
		return a.Desk.Ask(ctx, raw)
	})
	if err != nil {
		return err
	}
	e := json.NewEncoder(os.Stdout)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(got)
}

func (c *insightRunCmd) read() (json.RawMessage, error) {
	in := io.Reader(os.Stdin)
	if c.Query != "-" {
		f, err := os.Open(c.Query)
		if err != nil {
			return nil, fault.Wrap(err, fault.Invalid, "insight.query", "the query %s cannot be read", c.Query)
		}
		defer f.Close() //nolint:errcheck // reading
		in = f
	}
	raw, err := io.ReadAll(io.LimitReader(in, maxQuery+1))
	if err != nil {
		return nil, err
	}
	if len(raw) > maxQuery {
		return nil, fault.New(fault.TooLarge, "insight.query", "the query is longer than %d bytes", maxQuery)
	}
	raw = bytes.TrimSpace(raw)
	if !json.Valid(raw) {
		return nil, fault.New(fault.Malformed, "insight.malformed", "the query in %s is no JSON", c.Query)
	}
	return raw, nil
}

func (c *insightRunCmd) csv(ctx context.Context, raw json.RawMessage) error {
	if c.Server != "" {
		var head struct {
			Kind string `json:"kind"`
		}
		if err := json.Unmarshal(raw, &head); err != nil || head.Kind == "" {
			return fault.New(fault.Invalid, "insight.kind_unknown", "the query needs a kind, such as {\"kind\":\"funnel\", …}")
		}
		return c.download(ctx, "/insight/"+url.PathEscape(head.Kind)+"/csv", raw)
	}
	say := insight.English
	if c.Lang == "zh" {
		say = insight.Chinese
	}
	_, err := ask(ctx, c.Place, c.remote, "", "", nil, func(ctx context.Context, a *app.App) (struct{}, error) {
		_, table, err := a.Desk.Tabulate(ctx, raw, say)
		if err != nil {
			return struct{}{}, err
		}
		return struct{}{}, insight.WriteCSV(os.Stdout, table, a.Desk.Zone())
	})
	return err
}

// download asks a running server and writes its answer as it comes.
func (c *insightRunCmd) download(ctx context.Context, path string, raw json.RawMessage) (err error) {
	res, err := c.sendWith(ctx, http.MethodPost, path, http.Header{"Content-Type": {"application/json"}, "Accept-Language": {c.Lang}}, bytes.NewReader(raw))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, res.Body.Close()) }()
	_, err = io.Copy(os.Stdout, res.Body)
	return err
}
