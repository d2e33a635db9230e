// Package eventlog is the durable log that everything else is derived from: NATS JetStream, in this process (the default, no network
// listener) or a cluster.
//
// A record is a list of bodies; Append returns when they are synced to disk. Appends that arrive together share one record (group
// commit), because a sync costs the same for one event as for a thousand. Readers go through records in order from a position they
// store themselves, in the transaction that holds what they read; so a crash replays and nothing is applied twice.
package eventlog

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/huoshui/huoshui/internal/base/fault"
)

// Options say where the log is and how long it keeps records.
type Options struct {
	// URL of a NATS cluster ("nats://…"); empty runs JetStream in this process in Dir.
	URL string
	// Dir holds the embedded log.
	Dir string
	// Prefix names the stream, so that several pools can share a cluster. "huoshui" if empty.
	Prefix string
	// MaxAge drops records older than this; 0 keeps them for ever (the log is the source of truth).
	MaxAge time.Duration
	// MaxWaiting bounds the appends that wait for a sync; more get fault.TooMany. 4096 if 0.
	MaxWaiting int
	Logger     *slog.Logger
}

const (
	// maxRecord is the largest record in bytes before compression; a body may be as large alone.
	maxRecord = 1 << 20
	// maxPayload leaves room for one large import body.
	maxPayload = 8 << 20
	// inFlight is how many records may wait for their sync at once: one syncs while the next is filled.
	inFlight = 4
	// unanswered is how long a record may wait for its sync. A disk that takes longer has failed, and so has an engine that says nothing.
	unanswered = 20 * time.Second
)

// Log is an open log.
type Log struct {
	server  *server.Server // nil on a cluster
	conn    *nats.Conn
	js      jetstream.JetStream
	stream  jetstream.Stream
	subject string
	queue   chan *waiting
	done    chan struct{}
	failed  chan error // the first failure of the embedded log, for Run
	stop    context.CancelFunc
	log     *slog.Logger
}

// Open opens or creates the log.
func Open(ctx context.Context, o Options) (*Log, error) {
	if o.Prefix == "" {
		o.Prefix = "huoshui"
	}
	if o.MaxWaiting == 0 {
		o.MaxWaiting = 4096
	}
	l := &Log{subject: o.Prefix + ".events", log: o.Logger, queue: make(chan *waiting, o.MaxWaiting), done: make(chan struct{}), failed: make(chan error, 1)}
	tails, err := newestBlocks(o.Dir)
	if err != nil {
		return nil, err
	}
	if err := l.connect(o); err != nil {
		return nil, err
	}
	if l.js, err = jetstream.New(l.conn, jetstream.WithPublishAsyncTimeout(unanswered)); err != nil {
		l.shutdown()
		return nil, fmt.Errorf("open event log: %w", err)
	}
	replicas := 1
	if l.server == nil && len(l.conn.DiscoveredServers())+1 >= 3 {
		replicas = 3
	}
	l.stream, err = l.js.CreateOrUpdateStream(ctx, jetstream.StreamConfig{
		Name: strings.ToUpper(o.Prefix) + "_EVENTS", Subjects: []string{l.subject}, Storage: jetstream.FileStorage,
		Retention: jetstream.LimitsPolicy, Discard: jetstream.DiscardNew, MaxAge: o.MaxAge, Replicas: replicas,
		Duplicates: time.Second, AllowDirect: true,
	})
	if err != nil {
		l.shutdown()
		return nil, fault.Wrap(err, fault.Unavailable, "eventlog.open", "the event log cannot be opened; check the data folder and the free space on its disk")
	}
	if err := errors.Join(keepTorn(ctx, o.Dir, tails, o.Logger), l.mend(ctx)); err != nil {
		l.shutdown()
		return nil, fault.Wrap(err, fault.Unavailable, "eventlog.open", "the event log cannot be opened; check the data folder and the free space on its disk")
	}
	run, cancel := context.WithCancel(context.WithoutCancel(ctx))
	l.stop = cancel
	go l.commit(run)
	return l, nil
}

func (l *Log) connect(o Options) error {
	if o.URL != "" {
		conn, err := nats.Connect(o.URL, nats.Name("huoshui"), nats.MaxReconnects(-1))
		if err != nil {
			return fault.Wrap(err, fault.Unavailable, "eventlog.connect", "the NATS cluster cannot be reached; check log.url")
		}
		l.conn = conn
		return nil
	}
	s, err := server.NewServer(&server.Options{
		ServerName: o.Prefix, DontListen: true, JetStream: true, StoreDir: o.Dir, SyncAlways: true, MaxPayload: maxPayload,
		JetStreamMaxMemory: 64 << 20, JetStreamMaxStore: 1 << 50, NoSigs: true, NoLog: false, DisableJetStreamBanner: true,
	})
	if err != nil {
		return fmt.Errorf("set up the embedded event log: %w", err)
	}
	s.SetLoggerV2(&natsLogger{o.Logger}, false, false, false)
	s.Start()
	if !s.ReadyForConnections(30 * time.Second) {
		s.Shutdown()
		return fault.New(fault.Unavailable, "eventlog.start", "the embedded event log did not start; check the data folder and the free space on its disk")
	}
	conn, err := nats.Connect("", nats.InProcessServer(s), nats.Name("huoshui"))
	if err != nil {
		s.Shutdown()
		return fmt.Errorf("connect to the embedded event log: %w", err)
	}
	l.server, l.conn = s, conn
	return nil
}

func (l *Log) shutdown() {
	l.conn.Close()
	if l.server != nil {
		l.server.Shutdown()
		l.server.WaitForShutdown()
	}
}

// Run watches the log until ctx ends. An embedded log that failed to write once takes nothing more until it is opened again, so that is an
// error which has to end the process; a cluster mends itself.
func (l *Log) Run(ctx context.Context) error {
	select {
	case err := <-l.failed:
		return fault.Wrap(err, fault.Unavailable, "eventlog.failed", "the event log cannot write, probably because the disk is full; free some space and start again, nothing acknowledged is lost")
	case <-ctx.Done():
		return nil
	}
}

// Close waits for the appends under way, then closes the log.
func (l *Log) Close() error {
	l.stop()
	<-l.done
	l.shutdown()
	return nil
}

// Last is the position of the newest record, 0 if the log is empty.
func (l *Log) Last(ctx context.Context) (uint64, error) {
	info, err := l.stream.Info(ctx)
	if err != nil {
		return 0, fmt.Errorf("ask the event log for its state: %w", err)
	}
	return info.State.LastSeq, nil
}

// Stats describe the log.
type Stats struct {
	First, Last uint64 // positions of the oldest and newest record
	Bytes       uint64
}

// Stats of the log now.
func (l *Log) Stats(ctx context.Context) (Stats, error) {
	info, err := l.stream.Info(ctx)
	if err != nil {
		return Stats{}, fmt.Errorf("ask the event log for its state: %w", err)
	}
	return Stats{First: info.State.FirstSeq, Last: info.State.LastSeq, Bytes: info.State.Bytes}, nil
}

// ErrClosed is what appends get once the log is closing.
var ErrClosed = errors.New("the event log is closing")
