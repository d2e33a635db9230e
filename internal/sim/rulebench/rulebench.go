// Package rulebench measures rules: it makes a pool of many people and events, builds the timeline, sweeps a hundred mixed rules, counts one
// while nobody waits, follows events live, and, if asked to, puts the same questions to ClickHouse and DuckDB.
//
// The data is made by hashes, so that the same sizes give the same rows, and by SQL inside DuckDB, straight into the warehouse: the way
// through the log is measured by bench ingest. There are twelve event names as a shop has them, a few people who do very much and many who do
// little, some who came late or left early, and every tenth person has a second identity. The newest event is at noon of Today.
//
// The run has phases, each reported on Progress:
//
//	make      people into the state, events into the warehouse (and, with Peers, the same rows into a table for them)
//	build     the timeline from the warehouse; opened again
//	sweep     all rules put in force by one sweep; then one rule counted, and sets of people combined
//	live      events applied with all rules in force, and with none
//	enter     Rate events a second, with probes that look when a person has entered a segment
//	peers     every rule as one query in ClickHouse and in DuckDB; the counts must be those of the sweep
//
// Times are medians of several runs after one that does not count.
package rulebench

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/huoshui/huoshui/internal/base/clock"
	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/sim/machine"
)

// Options say what to measure. Zero values have the defaults given.
type Options struct {
	People     int64       // 1,000,000
	Events     int64       // 50,000,000
	Rules      int         // 100
	Peers      bool        // ask ClickHouse and DuckDB too
	ClickHouse string      // its program; looked for if empty, left out if "none"
	Rate       int         // events a second while looking at who enters; 5,000
	Folder     string      // where the data goes; the system's folder for temporary files
	Keep       bool        // leave the data there
	Progress   io.Writer   // nil: silent
	Clock      clock.Clock // clock.System
}

// Result is what was seen. MB are 2^20 bytes.
type Result struct {
	People int64 `json:"people"`
	Events int64 `json:"events"`
	Rules  int   `json:"rules"`

	SweepS      float64 `json:"sweep_s"`         // all rules for everybody, and put in force
	CountOneS   float64 `json:"count_one_s"`     // one rule of three conditions that is in force nowhere
	SetMS       float64 `json:"set_ms"`          // and, or, and-not of five segments, with the sizes
	LiveCost    float64 `json:"live_cost"`       // part of the apply throughput that all rules cost
	EnterP99MS  float64 `json:"enter_p99_ms"`    // from the log's acknowledgement to being a member
	BuildS      float64 `json:"build_s"`         // timeline from the warehouse
	BuildPerS   float64 `json:"build_per_s"`     // events
	OpenS       float64 `json:"open_s"`          // timeline that is there
	BytesPerEvt float64 `json:"bytes_per_event"` // of the timeline on disk, without columns of properties
	RSSMaxMB    float64 `json:"rss_max_mb"`      // of this process, from build to enter, with what is mapped
	RSSLeftMB   float64 `json:"rss_left_mb"`     // of that, what making the data left behind

	ClickHouseS *float64 `json:"clickhouse_s,omitempty"` // the sum over all rules
	DuckDBS     *float64 `json:"duckdb_s,omitempty"`

	// Processor time of this process, on all cores together, for machines that are not quiet.
	BuildCPUS    float64 `json:"build_cpu_s"`
	SweepCPUS    float64 `json:"sweep_cpu_s"`
	CountOneCPUS float64 `json:"count_one_cpu_s"`

	Live  Live  `json:"live"`
	Enter Enter `json:"enter"`
	// Members is how many people each rule fits, in order.
	Members []int64 `json:"members"`
	// PhaseSeconds is how long each phase took.
	PhaseSeconds map[string]float64 `json:"phase_seconds"`
	Machine      machine.Machine    `json:"machine"`
}

// Live is what applying events took. With means with all rules in force, without no rules and no timeline.
type Live struct {
	EventsPerRound    int     `json:"events_per_round"`
	WithPerCPUS       float64 `json:"with_per_cpu_s"` // events by second of processor time
	WithoutPerCPUS    float64 `json:"without_per_cpu_s"`
	WithPerS          float64 `json:"with_per_s"`
	WithoutPerS       float64 `json:"without_per_s"`
	CostCPU           float64 `json:"cost_cpu"`            // as live_cost, in processor time
	ChangesPerRound   int64   `json:"changes_per_round"`   // steps into or out of segments
	DecisionsPerRound int64   `json:"decisions_per_round"` // times that a person was decided
}

// Enter is what the probes saw.
type Enter struct {
	Probes  int     `json:"probes"`
	PacedPS float64 `json:"paced_per_s"`
	P50MS   float64 `json:"p50_ms"`
	MaxMS   float64 `json:"max_ms"`
}

// Write gives the result as one JSON object on one line.
func (r Result) Write(w io.Writer) error {
	b, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("write result: %w", err)
	}
	_, err = w.Write(append(b, '\n'))
	return err
}

func (o Options) withDefaults() (Options, error) {
	o.People, o.Events, o.Rules = cmp.Or(o.People, 1_000_000), cmp.Or(o.Events, 50_000_000), cmp.Or(o.Rules, 100)
	o.Rate = cmp.Or(o.Rate, 5000)
	if o.Progress == nil {
		o.Progress = io.Discard
	}
	if o.Clock == nil {
		o.Clock = clock.System{}
	}
	var c fault.Check
	c.That(o.People >= 1000 && o.People <= 100_000_000, "people", "between 1,000 and 100,000,000")
	c.That(o.Events >= o.People && o.Events <= 10_000_000_000, "events", "at least as many as people, at most 10,000,000,000")
	c.That(o.Rules > 0 && o.Rules <= 1000, "rules", "between 1 and 1000")
	c.That(o.Rate >= 100 && o.Rate <= 1_000_000, "rate", "between 100 and 1,000,000 events a second")
	return o, c.Err("bench.options", "the benchmark cannot run with these options")
}

// Run measures once. It removes the data on every way out. With an error the result holds what was measured before it. Counts of the peers
// that differ from the sweep's are an error ("bench.count").
func Run(ctx context.Context, o Options) (result Result, err error) {
	o, err = o.withDefaults()
	if err != nil {
		return Result{}, err
	}
	folder, err := os.MkdirTemp(o.Folder, "huoshui-bench-")
	if err != nil {
		return Result{}, fmt.Errorf("make a folder for the data: %w", err)
	}
	defer func() {
		if o.Keep {
			_, _ = fmt.Fprintf(o.Progress, "data is kept in %s\n", folder)
			return
		}
		if gone := os.RemoveAll(folder); gone != nil && err == nil {
			err = fmt.Errorf("remove the data: %w", gone)
		}
	}()
	b := newBench(o, filepath.Clean(folder))
	err = b.run(ctx)
	if err != nil && ctx.Err() != nil {
		err = fault.Wrap(ctx.Err(), fault.Unavailable, "bench.interrupted", "the benchmark was interrupted")
	}
	return b.result, err
}
