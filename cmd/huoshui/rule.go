package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/huoshui/huoshui/internal/app"
	"github.com/huoshui/huoshui/internal/base/actor"
	"github.com/huoshui/huoshui/internal/base/config"
	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/pool/event"
	"github.com/huoshui/huoshui/internal/pool/rulebook"
)

// ruleCmd is about rules.
type ruleCmd struct {
	Check   ruleCheckCmd   `cmd:"" help:"Say whether a text is a rule, and what it means."`
	Count   ruleCountCmd   `cmd:"" help:"Count the people whom a rule fits."`
	Explain ruleExplainCmd `cmd:"" help:"Say why a rule fits a person or not."`
}

// ruleText is a rule on the command line.
type ruleText struct {
	config.Place
	remote
	Rule string `arg:"" help:"The rule; - reads it from standard input."`
	JSON bool   `name:"json" help:"Print one JSON object."`
}

func (r *ruleText) text() (string, error) {
	if r.Rule != "-" {
		return r.Rule, nil
	}
	b, err := io.ReadAll(io.LimitReader(os.Stdin, 1<<20))
	return strings.TrimSpace(string(b)), err
}

// ask answers from a running server or from the data folder.
func ask[T any](ctx context.Context, p config.Place, r remote, method, path string, body any, local func(ctx context.Context, a *app.App) (T, error)) (T, error) {
	var out T
	if r.Server != "" {
		var text io.Reader
		kind := ""
		if body != nil {
			b, err := json.Marshal(body)
			if err != nil {
				return out, err
			}
			text, kind = bytes.NewReader(b), "application/json"
		}
		err := r.call(ctx, method, path, kind, text, &out)
		return out, err
	}
	err := onData(ctx, p, func(ctx context.Context, a *app.App) error {
		if err := a.CaughtUp(ctx); err != nil {
			return err
		}
		if err := ready(ctx, a); err != nil {
			return err
		}
		var err error
		out, err = local(actor.With(ctx, actor.Itself()), a)
		return err
	})
	return out, err
}

// ready waits until rules can be asked.
func ready(ctx context.Context, a *app.App) error {
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !a.Engine.Ready() {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
	return nil
}

type ruleCheckCmd struct{ ruleText }

// Run prints the rule, its sentences, and what is wrong with it.
func (c *ruleCheckCmd) Run(ctx context.Context) error {
	text, err := c.text()
	if err != nil {
		return err
	}
	in := rulebook.Input{Text: text}
	got, err := ask(ctx, c.Place, c.remote, http.MethodPost, "/rules/check", in, func(ctx context.Context, a *app.App) (rulebook.Checked, error) {
		return a.Book.Check(ctx, in)
	})
	if err != nil {
		return err
	}
	if c.JSON {
		err = json.NewEncoder(os.Stdout).Encode(got)
	} else if got.OK {
		_, err = fmt.Printf("%s\n%s\n%s\n", got.Text, got.Sentence.ZH, got.Sentence.EN)
	}
	if err != nil || got.OK {
		return err
	}
	for _, p := range got.Problems {
		if _, err := fmt.Fprint(os.Stderr, p.Show(text, "en")); err != nil {
			return err
		}
	}
	return fault.New(fault.Invalid, "rule.invalid", "this is no rule that the pool understands")
}

type ruleCountCmd struct{ ruleText }

// Run prints how many people the rule fits.
func (c *ruleCountCmd) Run(ctx context.Context) error {
	text, err := c.text()
	if err != nil {
		return err
	}
	in := rulebook.Input{Text: text}
	got, err := ask(ctx, c.Place, c.remote, http.MethodPost, "/rules/count", in, func(ctx context.Context, a *app.App) (rulebook.CountView, error) {
		return a.Book.Count(ctx, in)
	})
	if err != nil {
		return err
	}
	if c.JSON {
		return json.NewEncoder(os.Stdout).Encode(got)
	}
	_, err = fmt.Printf("people  %d\nof      %d\n", got.Count, got.Total)
	return err
}

type ruleExplainCmd struct {
	ruleText
	Person   int64  `help:"Number of the person." xor:"who" required:""`
	Identity string `help:"Or an identity of the person, such as phone=13800138000." xor:"who" required:""`
}

// Run prints the rule part by part with the person's values.
func (c *ruleExplainCmd) Run(ctx context.Context) error {
	text, err := c.text()
	if err != nil {
		return err
	}
	in := rulebook.Input{Text: text}
	who := c.Person
	if c.Server != "" && c.Identity != "" {
		if who, err = c.find(ctx); err != nil {
			return err
		}
	}
	body := map[string]any{"text": text, "person": who}
	got, err := ask(ctx, c.Place, c.remote, http.MethodPost, "/rules/explain", body, func(ctx context.Context, a *app.App) (rulebook.Explained, error) {
		if c.Identity != "" {
			kind, value, err := c.identity()
			if err != nil {
				return rulebook.Explained{}, err
			}
			p, err := a.People.By(ctx, event.Identity{Kind: kind, Value: value})
			if err != nil {
				return rulebook.Explained{}, err
			}
			who = p.ID
		}
		return a.Book.Explain(ctx, in, who)
	})
	if err != nil {
		return err
	}
	if c.JSON {
		return json.NewEncoder(os.Stdout).Encode(got)
	}
	word := "no"
	if got.Holds {
		word = "yes"
	}
	if _, err := fmt.Printf("%s  person %d\n", word, got.Person); err != nil {
		return err
	}
	return tree(os.Stdout, got.Tree, 0)
}

func (c *ruleExplainCmd) identity() (kind, value string, err error) {
	kind, value, ok := strings.Cut(c.Identity, "=")
	if !ok {
		err = fault.New(fault.Invalid, "person.identity", "an identity is written like phone=13800138000")
	}
	return kind, value, err
}

func (c *ruleExplainCmd) find(ctx context.Context) (int64, error) {
	kind, value, err := c.identity()
	if err != nil {
		return 0, err
	}
	var p struct {
		ID int64 `json:"id"`
	}
	err = c.get(ctx, "/people/find?"+url.Values{"kind": {kind}, "value": {value}}.Encode(), &p)
	return p.ID, err
}

// tree prints an explanation, each part on its line, indented by its depth.
func tree(w io.Writer, n rulebook.Why, depth int) error {
	mark := "✗"
	if n.Holds {
		mark = "✓"
	}
	words := []string{strings.Repeat("  ", depth) + mark + " " + n.Sentence.EN}
	for _, a := range n.Actual {
		if a.Sentence.EN != "" {
			words = append(words, a.Sentence.EN)
		}
	}
	if n.Lack != nil {
		words = append(words, n.Lack.EN)
	}
	if _, err := fmt.Fprintln(w, strings.Join(words, " · ")); err != nil {
		return err
	}
	for _, part := range n.Of {
		if err := tree(w, part, depth+1); err != nil {
			return err
		}
	}
	return nil
}
