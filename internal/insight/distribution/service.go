package distribution

import (
	"context"
	"slices"

	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/insight"
	"github.com/huoshui/huoshui/internal/pool/rule"
)

// Service answers the questions of this room.
type Service struct{ desk *insight.Desk }

// Register makes the room's kinds known to the desk.
func Register(d *insight.Desk) *Service {
	s := &Service{desk: d}
	insight.Register(d, insight.Kind[Query, Answer, Of]{
		Name: "distribution", Summary: "How often people do something, or with what values",
		Common: func(q *Query) *insight.Common { return &q.Common },
		Check:  checkQuery, Run: s.Distribution, People: s.DistributionPeople, Table: tabulate,
	})
	insight.Register(d, insight.Kind[StickinessQuery, StickinessAnswer, StickinessOf]{
		Name: "stickiness", Summary: "On how many days of a week or month people come",
		Common: func(q *StickinessQuery) *insight.Common { return &q.Common },
		Check:  checkStickiness, Run: s.Stickiness, People: s.StickinessPeople, Table: tabulateStickiness,
	})
	insight.Register(d, insight.Kind[IntervalQuery, IntervalAnswer, IntervalOf]{
		Name: "interval", Summary: "How long it takes from one event to the next",
		Common: func(q *IntervalQuery) *insight.Common { return &q.Common },
		Check:  checkInterval, Run: s.Interval, People: s.IntervalPeople, Table: tabulateInterval,
	})
	insight.Register(d, insight.Kind[RfmQuery, RfmAnswer, RfmOf]{
		Name: "rfm", Summary: "Recency, frequency and monetary value of buyers",
		Common: func(q *RfmQuery) *insight.Common { return &q.Common },
		Check:  checkRFM, Run: s.RFM, People: s.RFMPeople, Table: tabulateRFM,
	})
	return s
}

// knows says whether the pool has a trait.
func (s *Service) knows(ctx context.Context, trait string) error {
	schema, err := s.desk.Schema(ctx)
	if err != nil || schema == nil || schema.Traits == nil {
		return err
	}
	if !slices.ContainsFunc(schema.Traits, func(f rule.Field) bool { return f.Name == trait }) {
		return &fault.Error{
			Kind: fault.Invalid, Code: "insight.trait_unknown", Message: "the pool has seen no trait \"" + trait + "\"",
			Violations: []fault.Violation{{Field: "body.name", Message: "choose a trait that people have"}},
		}
	}
	return nil
}
