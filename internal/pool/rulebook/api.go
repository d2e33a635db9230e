package rulebook

import (
	"context"
	"net/http"
	"time"

	"github.com/huoshui/huoshui/internal/base/actor"
	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/httpapi"
	"github.com/huoshui/huoshui/internal/base/state"
	"github.com/huoshui/huoshui/internal/pool/person"
	"github.com/huoshui/huoshui/internal/pool/rule"
	"github.com/huoshui/huoshui/internal/pool/standing"
)

const group = "rules"

// Two is a text in both languages.
type Two struct {
	ZH string `json:"zh"`
	EN string `json:"en"`
}

// SentenceOf says a rule in words.
func SentenceOf(r *rule.Rule) Two { return Two{ZH: r.Sentence("zh"), EN: r.Sentence("en")} }

// Input is a rule as text or as a tree, and whose it is going to be.
type Input struct {
	Text string     `json:"text,omitempty" doc:"CEL"`
	Tree *rule.Tree `json:"tree,omitempty" doc:"Instead of text"`
	Whose
}

// Words is the text of an input, with problems of its tree.
func (in Input) Words() (string, []rule.Problem) {
	if in.Tree == nil {
		return in.Text, nil
	}
	return rule.FromTree(*in.Tree)
}

// Checked is what there is to say about a text.
type Checked struct {
	OK       bool           `json:"ok"`
	Text     string         `json:"text" doc:"Canonical; empty if it is no rule"`
	Tree     *rule.Tree     `json:"tree"`
	Sentence Two            `json:"sentence"`
	Problems []rule.Problem `json:"problems" nullable:"false"`
	Cycle    []string       `json:"cycle" nullable:"false" doc:"The path by which the rule leads back to itself, as owner/key"`
	Refs     RefsView       `json:"refs"`
}

// RefsView is what a rule names.
type RefsView struct {
	Events     []string `json:"events" nullable:"false"`
	Traits     []string `json:"traits" nullable:"false"`
	Tags       []string `json:"tags" nullable:"false"`
	Tiers      []string `json:"tiers" nullable:"false"`
	Segments   []string `json:"segments" nullable:"false"`
	Kinds      []string `json:"kinds" nullable:"false"`
	Purposes   []string `json:"purposes" nullable:"false"`
	TimeDriven bool     `json:"time_driven" doc:"The answer may change at midnight without an event"`
	WindowDays int      `json:"window_days" doc:"The longest window of days"`
	WindowAll  bool     `json:"window_all" doc:"Needs events from the beginning"`
}

func refsOf(r rule.Refs) RefsView {
	list := func(in []string) []string { return append([]string{}, in...) }
	return RefsView{
		Events: list(r.Events), Traits: list(r.Traits), Tags: list(r.Tags), Tiers: list(r.Tiers), Segments: list(r.Segments),
		Kinds: list(r.Kinds), Purposes: list(r.Purposes), TimeDriven: r.TimeDriven, WindowDays: r.Days, WindowAll: r.All,
	}
}

// Written is the text of a tree.
type Written struct {
	Text     string         `json:"text"`
	Sentence Two            `json:"sentence"`
	Problems []rule.Problem `json:"problems" nullable:"false"`
}

// CountView is how many people a rule fits now.
type CountView struct {
	Count   int64        `json:"count"`
	Total   int64        `json:"total"`
	Samples []person.Row `json:"samples" nullable:"false"`
	TookMS  float64      `json:"took_ms"`
	At      time.Time    `json:"at"`
}

type (
	ruleInput struct {
		Body Input `nameHint:"RuleInput"`
	}
	treeInput struct {
		Body struct {
			Tree rule.Tree `json:"tree"`
		} `nameHint:"RuleTreeInput"`
	}
	explainInput struct {
		Body struct {
			Input
			Person int64 `json:"person"`
		} `nameHint:"RuleExplainInput"`
	}
	usesInput struct {
		Owner standing.Owner `query:"owner" enum:"segment,tag,tier" required:"true"`
		Key   string         `query:"key" required:"true" maxLength:"64"`
	}
)

type out[T any] struct{ Body T }

// Routes registers the room's operations.
func (b *Book) Routes(api *httpapi.API) {
	httpapi.Register(api, httpapi.Op{Method: http.MethodPost, Path: "/rules/check", ID: "check-rule", Summary: "Text, tree, sentence and problems of a rule", Tag: group, Permission: actor.Read},
		func(ctx context.Context, in *ruleInput) (*out[Checked], error) {
			c, err := b.Check(ctx, in.Body)
			return &out[Checked]{c}, err
		})
	httpapi.Register(api, httpapi.Op{Method: http.MethodPost, Path: "/rules/text", ID: "write-rule", Summary: "The text of a rule's tree", Tag: group, Permission: actor.Read},
		func(ctx context.Context, in *treeInput) (*out[Written], error) {
			words := Input{Tree: &in.Body.Tree}
			c, err := b.Check(ctx, words)
			if c.Text == "" {
				// a name the pool does not know is a problem at a place of this text
				c.Text, _ = words.Words()
			}
			return &out[Written]{Written{c.Text, c.Sentence, c.Problems}}, err
		})
	httpapi.Register(api, httpapi.Op{Method: http.MethodPost, Path: "/rules/count", ID: "count-rule", Summary: "How many people a rule fits now, exactly, and some of them", Tag: group, Permission: actor.Read},
		func(ctx context.Context, in *ruleInput) (*out[CountView], error) {
			c, err := b.Count(ctx, in.Body)
			return &out[CountView]{c}, err
		})
	httpapi.Register(api, httpapi.Op{Method: http.MethodPost, Path: "/rules/explain", ID: "explain-rule", Summary: "Why a rule fits a person or not", Tag: group, Permission: actor.Read},
		func(ctx context.Context, in *explainInput) (*out[Explained], error) {
			e, err := b.Explain(ctx, in.Body.Input, in.Body.Person)
			return &out[Explained]{e}, err
		})
	httpapi.Register(api, httpapi.Op{Method: http.MethodGet, Path: "/rules/schema", ID: "get-rule-schema", Summary: "What rules may name, with examples", Tag: group, Permission: actor.Read},
		func(ctx context.Context, _ *struct{}) (*out[SchemaView], error) {
			if _, err := b.Look(ctx); err != nil {
				return nil, err
			}
			v, err := b.View(ctx)
			return &out[SchemaView]{v}, err
		})
	httpapi.Register(api, httpapi.Op{Method: http.MethodGet, Path: "/rules/uses", ID: "list-rule-uses", Summary: "Whose rules name a segment, tag or tier", Tag: group, Permission: actor.Read},
		func(ctx context.Context, in *usesInput) (*out[httpapi.Items[Use]], error) {
			uses, err := b.Uses(ctx, in.Owner, in.Key)
			return &out[httpapi.Items[Use]]{httpapi.List(uses)}, err
		})
}

// Check says everything about a text, also if it is no rule.
func (b *Book) Check(ctx context.Context, in Input) (Checked, error) {
	c := Checked{Problems: []rule.Problem{}, Cycle: []string{}, Refs: refsOf(rule.Refs{})}
	text, problems := in.Words()
	if len(problems) > 0 {
		c.Problems = whole(problems)
		return c, nil
	}
	r, problems, err := b.read(ctx, text)
	if err != nil {
		return c, err
	}
	if r == nil {
		c.Problems = whole(problems)
		return c, nil
	}
	tree := r.Tree()
	c.Text, c.Tree, c.Sentence, c.Refs = r.Text(), &tree, SentenceOf(r), refsOf(r.Refs())
	path, err := b.cycle(ctx, in.Whose, r)
	c.Cycle = append(c.Cycle, path...)
	c.OK = len(path) == 0
	return c, err
}

// whole are problems without null lists.
func whole(problems []rule.Problem) []rule.Problem {
	out := make([]rule.Problem, len(problems))
	for i, p := range problems {
		p.Suggestions = append([]string{}, p.Suggestions...)
		out[i] = p
	}
	return out
}

// ParseInput is Parse for a text or tree.
func (b *Book) ParseInput(ctx context.Context, who Whose, field string, in Input) (*rule.Rule, error) {
	text, problems := in.Words()
	if len(problems) > 0 {
		return nil, invalid(field, problems)
	}
	return b.Parse(ctx, who, field, text)
}

// samples is how many people a count shows.
const samples = 10

// Count says how many people a rule fits now.
func (b *Book) Count(ctx context.Context, in Input) (CountView, error) {
	r, err := b.ParseInput(ctx, in.Whose, "body.text", in)
	if err == nil {
		err = allowed(ctx, r)
	}
	if err != nil {
		return CountView{}, err
	}
	n, err := b.o.Engine.Count(ctx, r)
	if err != nil {
		return CountView{}, err
	}
	rows, err := b.o.People.Rows(ctx, n.Sample[:min(len(n.Sample), samples)])
	return CountView{Count: n.Count, Total: n.Total, Samples: rows, TookMS: float64(n.Took.Microseconds()) / 1000, At: state.Time(n.At)}, err
}

// Explain says why a rule fits a person or not.
func (b *Book) Explain(ctx context.Context, in Input, who int64) (Explained, error) {
	r, err := b.ParseInput(ctx, in.Whose, "body.text", in)
	if err == nil {
		err = allowed(ctx, r)
	}
	if err != nil {
		return Explained{}, err
	}
	return b.ExplainRule(ctx, r, who)
}

// ExplainRule says why a rule that was read before fits a person or not. who is any number that the person ever had.
func (b *Book) ExplainRule(ctx context.Context, r *rule.Rule, who int64) (Explained, error) {
	if who <= 0 {
		return Explained{}, fault.New(fault.NotFound, "person.not_found", "there is nobody with the number %d", who)
	}
	id, err := b.o.Numbers.PersonOf(ctx, who)
	if err != nil {
		return Explained{}, err
	}
	e, err := b.o.Engine.Explain(ctx, r, id)
	if err != nil {
		return Explained{}, err
	}
	return b.explained(ctx, r, id, e), nil
}
