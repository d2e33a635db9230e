package rulebook

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/huoshui/huoshui/internal/base/actor"
	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/pool/identity"
	"github.com/huoshui/huoshui/internal/pool/rule"
)

// Explained is a rule with a person's actual values.
type Explained struct {
	Person   int64     `json:"person"`
	Holds    bool      `json:"holds"`
	At       time.Time `json:"at"`
	Text     string    `json:"text"`
	Sentence Two       `json:"sentence"`
	Tree     Why       `json:"tree"`
}

// Why is one part of an explained rule.
type Why struct {
	Op       string   `json:"op"`
	Text     string   `json:"text"`
	Sentence Two      `json:"sentence"`
	Holds    bool     `json:"holds"`
	Decisive bool     `json:"decisive" doc:"This part made the result"`
	Actual   []Actual `json:"actual" nullable:"false" doc:"What is so of this person"`
	Lack     *Two     `json:"lack" doc:"What is missing, where the part does not hold and something can be said"`
	From     string   `json:"from" doc:"First day of the window, empty if there is none"`
	To       string   `json:"to"`
	Of       []Why    `json:"of" nullable:"false"`
}

// Actual is a value of the person.
type Actual struct {
	Text     string `json:"text"`
	Sentence Two    `json:"sentence"`
	Value    any    `json:"value" doc:"A number, a text, true or false; null if the person has none"`
	Missing  bool   `json:"missing"`
}

func (b *Book) explained(ctx context.Context, r *rule.Rule, who int64, e rule.Explanation) Explained {
	out := Explained{Person: who, Holds: e.Result, At: b.o.Clock.Now(), Text: r.Text(), Sentence: SentenceOf(r)}
	var hide []string
	masked := !actor.From(ctx).Can(actor.ReadPersonal)
	if masked {
		hide = personal(r.Refs())
	}
	out.Tree = WhyOf(e, true)
	if masked {
		out.Tree.mask(hide)
	}
	return out
}

// personal are the traits and properties with personal data that a rule names.
func personal(refs rule.Refs) []string {
	var out []string
	for _, name := range refs.Traits {
		if identity.PersonalName(name) {
			out = append(out, name)
		}
	}
	for _, c := range refs.Columns {
		if identity.PersonalName(c.Property) {
			out = append(out, c.Property)
		}
	}
	return out
}

// allowed refuses a question about personal data to who may not see it: the answer would tell it.
func allowed(ctx context.Context, r *rule.Rule) error {
	if actor.From(ctx).Can(actor.ReadPersonal) {
		return nil
	}
	if names := personal(r.Refs()); len(names) > 0 {
		return fault.New(fault.Forbidden, "people.personal", "your role does not see %s, so it cannot ask for it; ask an owner", strings.Join(names, ", "))
	}
	return nil
}

// WhyOf is an explanation as the API shows it. decisive says whether the whole matters.
func WhyOf(e rule.Explanation, decisive bool) Why {
	w := Why{Op: e.Op, Text: e.Text, Sentence: Two(e.Said), Holds: e.Result, Decisive: decisive, Actual: []Actual{}, From: e.From, To: e.To, Of: []Why{}}
	if e.Found != nil || e.Actual != nil {
		a := Actual{Value: e.Actual, Missing: e.Actual == nil}
		if e.Found != nil {
			a.Sentence = Two(*e.Found)
		}
		w.Actual = append(w.Actual, a)
	}
	if e.Missing != nil && !e.Result {
		lack := Two(*e.Missing)
		w.Lack = &lack
	}
	for _, part := range e.Of {
		matters := true
		switch e.Op {
		case "and":
			matters = e.Result || !part.Result
		case "or":
			matters = !e.Result || part.Result
		}
		w.Of = append(w.Of, WhyOf(part, decisive && matters))
	}
	return w
}

// mask hides personal values: whole where a part names something personal, and whatever looks like a number or an address.
func (w *Why) mask(names []string) {
	for i := range w.Of {
		w.Of[i].mask(names)
	}
	if w.Lack != nil {
		w.Lack.ZH, w.Lack.EN = identity.MaskText(w.Lack.ZH), identity.MaskText(w.Lack.EN)
	}
	all := len(w.Of) == 0 && slices.ContainsFunc(names, func(n string) bool { return strings.Contains(w.Text, n) })
	for i := range w.Actual {
		a := &w.Actual[i]
		text, ok := a.Value.(string)
		switch {
		case all:
			a.Sentence, w.Lack = Two{}, nil
			if !a.Missing {
				a.Value = "***"
			}
		case ok:
			a.Value = identity.MaskText(text)
			fallthrough
		default:
			a.Sentence = Two{identity.MaskText(a.Sentence.ZH), identity.MaskText(a.Sentence.EN)}
		}
	}
}
