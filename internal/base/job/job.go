// Package job runs work in the background: after a transaction, at a time, again and again. It is River on the state store.
//
// Terms. A job is a kind and arguments, stored in the transaction that wants it done: no commit, no job. It is done at least once; work must
// therefore be safe to repeat. What fails is tried again with growing pauses, at most MaxAttempts times, and then kept as failed, to be seen and
// retried by hand.
//
// On SQLite this is good for about 3,000 jobs a second, all of them through the one writer that the pipeline needs too. Work per person
// at scale therefore keeps its own due index and claims in batches; a job is for a batch, a file, a schedule.
package job

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivertype"

	"github.com/huoshui/huoshui/internal/base/state"
)

// Args are the arguments of a job: a struct that survives JSON, and names its kind. A kind is stored; never rename it.
type Args interface{ Kind() string }

// Job is one piece of work, as its worker sees it.
type Job[T Args] struct {
	ID      int64
	Attempt int // 1 for the first
	Args    T
}

// How the queue behaves.
const (
	// MaxAttempts is how often a job is tried; with River's pauses (attempt⁴ seconds) that is about two and a half hours.
	MaxAttempts = 8
	// DefaultTimeout ends a job that sets no limit of its own.
	DefaultTimeout = 10 * time.Minute
	// workers is how many jobs run at once: few, they share the machine with the pipeline.
	workers = 8
	// pollEvery is how long a job of a transaction waits at most. A look that finds nothing writes nothing.
	pollEvery = time.Second
	// stopGrace is how long running jobs have to end before their context is cut off.
	stopGrace = 10 * time.Second
	// rescueAfter is when a job of a node that died is given to another (on SQLite: at the next start).
	rescueAfter = time.Hour
)

// Queue takes jobs and, once it runs, does them.
type Queue struct {
	db      *state.DB
	log     *slog.Logger
	workers *river.Workers
	client  *river.Client[*sql.Tx]

	mu    sync.Mutex
	kinds map[string]bool
	// starting keeps inserts and the start apart: an insert wakes River's producers, which the start is about to set up.
	starting sync.RWMutex
}

// New opens the queue and brings its tables up to date.
func New(ctx context.Context, db *state.DB, log *slog.Logger) (*Queue, error) {
	var driver riverdriver.Driver[*sql.Tx] = riversqlite.New(db.Writer())
	if db.Dialect() == state.Postgres {
		driver = riverdatabasesql.New(db.Writer())
	}
	if err := migrate(ctx, db, driver, log); err != nil {
		return nil, err
	}
	q := &Queue{db: db, log: log, workers: river.NewWorkers(), kinds: map[string]bool{}}
	client, err := river.NewClient(driver, &river.Config{
		Logger:               log,
		Queues:               map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: workers}},
		Workers:              q.workers,
		MaxAttempts:          MaxAttempts,
		FetchCooldown:        100 * time.Millisecond,
		FetchPollInterval:    pollEvery,
		JobTimeout:           DefaultTimeout,
		RescueStuckJobsAfter: rescueAfter,
		PollOnly:             true, // the drivers of database/sql cannot listen
	})
	if err != nil {
		return nil, fmt.Errorf("open the job queue: %w", err)
	}
	q.client = client
	return q, nil
}

// Options of a kind of job.
type Options struct {
	// Timeout ends the work; 0 means DefaultTimeout, below 0 none. Beyond rescueAfter another node may begin the job anew.
	Timeout time.Duration
}

// Register says how the jobs of a kind are done. Register all kinds before Run. It panics on a kind that has a worker: a mistake in the
// program.
func Register[T Args](q *Queue, opts Options, work func(ctx context.Context, j Job[T]) error) {
	var zero T
	river.AddWorker(q.workers, &worker[T]{work: work, timeout: opts.Timeout})
	q.mu.Lock()
	defer q.mu.Unlock()
	q.kinds[zero.Kind()] = true
}

type worker[T Args] struct {
	river.WorkerDefaults[T]
	work    func(context.Context, Job[T]) error
	timeout time.Duration
}

// Work does the job.
func (w *worker[T]) Work(ctx context.Context, j *river.Job[T]) error {
	return w.work(ctx, Job[T]{ID: j.ID, Attempt: j.Attempt, Args: j.Args})
}

// Timeout is the kind's own.
func (w *worker[T]) Timeout(*river.Job[T]) time.Duration { return w.timeout }

// Cancel marks an error after which trying again makes no sense; the job ends as cancelled.
func Cancel(err error) error { return river.JobCancel(err) }

// Later puts the job aside for d without counting an attempt.
func Later(d time.Duration) error { return river.JobSnooze(d) }

// When says how a job is stored.
type When struct {
	At     time.Time // not before; zero means now
	Unique bool      // only if no job of the kind with the same arguments is waiting or running
}

func (w When) insert() *river.InsertOpts {
	o := &river.InsertOpts{ScheduledAt: w.At}
	if w.Unique {
		o.UniqueOpts = river.UniqueOpts{ByArgs: true, ByState: []rivertype.JobState{
			rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRunning, rivertype.JobStateRetryable, rivertype.JobStateScheduled,
		}}
	}
	return o
}

// Enqueue stores a job in the transaction; it begins within a second of the commit.
func (q *Queue) Enqueue(ctx context.Context, tx *state.Tx, args Args, when When) error {
	_, err := q.client.InsertTx(ctx, tx.SQL(), args, when.insert())
	return wrap(err, args)
}

// EnqueueNow stores a job by itself and wakes a worker of this process at once. Never call it inside a transaction: SQLite has one writer.
func (q *Queue) EnqueueNow(ctx context.Context, args Args, when When) error {
	q.starting.RLock()
	defer q.starting.RUnlock()
	_, err := q.client.Insert(ctx, args, when.insert())
	return wrap(err, args)
}

func wrap(err error, args Args) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("enqueue %s: %w", args.Kind(), err)
}

// Every stores a job of these arguments again and again, also right after the start if atStart. Of many nodes, one does it.
func (q *Queue) Every(pause time.Duration, args Args, atStart bool) {
	q.client.PeriodicJobs().Add(river.NewPeriodicJob(river.PeriodicInterval(pause), func() (river.JobArgs, *river.InsertOpts) {
		return args, When{Unique: true}.insert()
	}, &river.PeriodicJobOpts{RunOnStart: atStart}))
}

// Run does jobs until ctx ends; then it takes no more, gives those that run a while to finish, and cuts off the rest, which will be tried again.
func (q *Queue) Run(ctx context.Context) error {
	q.mu.Lock()
	none := len(q.kinds) == 0
	q.mu.Unlock()
	if none {
		<-ctx.Done()
		return nil
	}
	work := context.WithoutCancel(ctx) // asked to stop, it finishes what it has begun
	if err := q.recover(work); err != nil {
		return err
	}
	q.starting.Lock()
	err := q.client.Start(work)
	q.starting.Unlock()
	if err != nil {
		return fmt.Errorf("start the job queue: %w", err)
	}
	<-ctx.Done()
	grace, cancel := context.WithTimeout(work, stopGrace)
	defer cancel()
	err = q.client.Stop(grace)
	if errors.Is(err, context.DeadlineExceeded) {
		cut, cancel := context.WithTimeout(work, stopGrace)
		defer cancel()
		err = q.client.StopAndCancel(cut)
	}
	if err != nil {
		return fmt.Errorf("stop the job queue: %w", err)
	}
	return nil
}

// recover gives the jobs that a killed process was at back to the queue. On SQLite that process can only have been the one before us.
func (q *Queue) recover(ctx context.Context) error {
	if q.db.Dialect() != state.SQLite {
		return nil
	}
	return q.db.InTx(ctx, func(tx *state.Tx) error {
		_, err := tx.Exec(ctx, "UPDATE river_job SET state = 'available' WHERE state = 'running'")
		return err
	})
}

// Failed is a job that was tried too often.
type Failed struct {
	ID    int64
	Kind  string
	Args  json.RawMessage
	Error string // of the last attempt
	At    time.Time
}

// Failed lists up to limit jobs that were given up, the latest first.
func (q *Queue) Failed(ctx context.Context, limit int) ([]Failed, error) {
	res, err := q.client.JobList(ctx, river.NewJobListParams().States(rivertype.JobStateDiscarded).
		OrderBy(river.JobListOrderByTime, river.SortOrderDesc).First(limit))
	if err != nil {
		return nil, fmt.Errorf("list failed jobs: %w", err)
	}
	all := make([]Failed, 0, len(res.Jobs))
	for _, j := range res.Jobs {
		f := Failed{ID: j.ID, Kind: j.Kind, Args: j.EncodedArgs}
		if n := len(j.Errors); n > 0 {
			f.Error = j.Errors[n-1].Error
		}
		if j.FinalizedAt != nil {
			f.At = *j.FinalizedAt
		}
		all = append(all, f)
	}
	return all, nil
}

// Retry tries a failed job again.
func (q *Queue) Retry(ctx context.Context, id int64) error {
	if _, err := q.client.JobRetry(ctx, id); err != nil {
		return fmt.Errorf("retry job %d: %w", id, err)
	}
	return nil
}
