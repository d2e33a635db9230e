package health

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/huoshui/huoshui/internal/base/actor"
	"github.com/huoshui/huoshui/internal/base/define"
	"github.com/huoshui/huoshui/internal/base/fault"
)

// DefinitionKind and DefinitionKey name the definition of the score.
const (
	DefinitionKind = "health"
	DefinitionKey  = "score"
)

// Measure says what a part counts for.
type Measure struct {
	Part   Part    `json:"part" enum:"flow,activity,retention,conversion,silent,spread,quality"`
	Weight float64 `json:"weight" minimum:"0" maximum:"100" doc:"Against the weights of the others; 0 leaves the part out"`
	Worst  float64 `json:"worst" minimum:"0" maximum:"1" doc:"The share that is worth 0 points"`
	Best   float64 `json:"best" minimum:"0" maximum:"1" doc:"The share that is worth 100 points"`
}

// Definition says how the score is made.
type Definition struct {
	Parts        []Measure `json:"parts" nullable:"false" maxItems:"7"`
	MinPeople    int64     `json:"min_people" minimum:"1" maximum:"1000000" doc:"A part about fewer people (or events) says nothing yet"`
	Fair         float64   `json:"fair" minimum:"1" maximum:"99" doc:"From so many points on, it is fair"`
	Good         float64   `json:"good" minimum:"1" maximum:"100" doc:"From so many points on, it is good"`
	SpreadEvents []string  `json:"spread_events" nullable:"false" maxItems:"20" doc:"Events by which people spread the word"`
}

// Defaults are the definition of a new pool: a start to be adjusted by each brand, for no numbers are good everywhere.
func Defaults() Definition {
	return Definition{
		Parts: []Measure{
			{Flow, 20, .3, .6},
			{Activity, 15, .03, .2},
			{Retention, 20, .05, .4},
			{Conversion, 15, .01, .15},
			{Silent, 15, .9, .4},
			{Spread, 5, 0, .05},
			{Quality, 10, .95, 1},
		},
		MinPeople: 30, Fair: 40, Good: 70,
		SpreadEvents: []string{"Referral Shared", "Product Shared", "Invitation Accepted", "Content Shared"},
	}
}

// Validate says what is wrong with the definition.
func (d Definition) Validate() error {
	var c fault.Check
	weights := 0.0
	seen := map[Part]bool{}
	for i, m := range d.Parts {
		at := fmt.Sprintf("body.parts[%d].", i)
		c.That(slices.Contains(Parts(), m.Part) && !seen[m.Part], at+"part", "name each part once")
		c.That(m.Weight >= 0 && m.Weight <= 100, at+"weight", "take a weight of 0 to 100")
		c.That(m.Worst >= 0 && m.Worst <= 1, at+"worst", "take a share of 0 to 1")
		c.That(m.Best >= 0 && m.Best <= 1 && m.Best != m.Worst, at+"best", "take a share of 0 to 1 that is not the worst one")
		c.That((m.Best < m.Worst) == (m.Part == Silent), at+"best", "best is above worst; only for silent people below it")
		weights += m.Weight
		seen[m.Part] = true
	}
	c.That(len(seen) == len(Parts()), "body.parts", "give all parts; a weight of 0 leaves one out")
	c.That(weights > 0, "body.parts", "at least one part needs a weight")
	c.That(d.MinPeople >= 1, "body.min_people", "take at least 1")
	c.That(d.Fair >= 1 && d.Fair < d.Good && d.Good <= 100, "body.good", "fair begins below good, both between 1 and 100")
	for i, name := range d.SpreadEvents {
		c.That(name != "" && len(name) <= 200, fmt.Sprintf("body.spread_events[%d]", i), "give the name of an event")
	}
	return c.Err("health.invalid", "the score cannot be defined like this; see errors")
}

func (d Definition) measure(p Part) Measure {
	for _, m := range d.Parts {
		if m.Part == p {
			return m
		}
	}
	return Measure{Part: p}
}

func (s *Service) declare() {
	s.o.Definitions.Declare(define.Kind{Name: DefinitionKind, Edit: actor.Operate, Check: func(key string, raw json.RawMessage) error {
		if key != DefinitionKey {
			return fault.New(fault.Invalid, "health.invalid", "there is one score (key %q) and no others", DefinitionKey)
		}
		d, err := parse(raw)
		if err != nil {
			return fault.Wrap(err, fault.Invalid, "health.invalid", "the definition cannot be read")
		}
		return d.Validate()
	}})
}

func parse(raw json.RawMessage) (Definition, error) {
	var d Definition
	err := json.Unmarshal(raw, &d)
	if d.SpreadEvents == nil {
		d.SpreadEvents = []string{}
	}
	return d, err
}

// Definition gives the definition in force and its version, 0 for the defaults.
func (s *Service) Definition(ctx context.Context) (Definition, int64, error) {
	stored, found, err := s.o.Definitions.Find(ctx, DefinitionKind, DefinitionKey)
	if err != nil || !found {
		return Defaults(), 0, err
	}
	d, err := parse(stored.Spec)
	if err != nil {
		return Definition{}, 0, fmt.Errorf("definition of the score, version %d: %w", stored.Version, err)
	}
	return d, stored.Version, nil
}

// Put changes the definition if version is in force (0: whichever is) and gives the new version.
func (s *Service) Put(ctx context.Context, d Definition, version int64, note string) (int64, error) {
	if err := d.Validate(); err != nil {
		return 0, err
	}
	if d.SpreadEvents == nil {
		d.SpreadEvents = []string{}
	}
	stored, err := s.o.Definitions.Put(ctx, define.PutInput{Kind: DefinitionKind, Key: DefinitionKey, Spec: d, IfVersion: version, Note: note})
	return stored.Version, err
}
