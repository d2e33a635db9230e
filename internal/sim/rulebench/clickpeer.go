package rulebench

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/huoshui/huoshui/internal/base/fault"
)

// clickPeer is a ClickHouse server of our own, asked over HTTP.
type clickPeer struct {
	url     string
	process *exec.Cmd
	said    *bytes.Buffer
}

// ways: groups of a sorted table may be made in its order or by hashing. Which is faster depends on how many events a rule reads.
func (p *clickPeer) ways(q question, since func(days int) int64) []string {
	text := clickhouse().query(q, since)
	if !strings.Contains(text, "GROUP BY") {
		return []string{text}
	}
	return []string{text + " SETTINGS optimize_aggregation_in_order = 0", text + " SETTINGS optimize_aggregation_in_order = 1"}
}

func (p *clickPeer) ask(ctx context.Context, query string) (int64, error) {
	text, err := p.do(ctx, query)
	if err != nil {
		return 0, err
	}
	return strconv.ParseInt(strings.TrimSpace(text), 10, 64)
}

func (p *clickPeer) do(ctx context.Context, query string) (string, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, p.url, strings.NewReader(query))
	if err != nil {
		return "", err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return "", err
	}
	body, err := io.ReadAll(response.Body)
	if err = errors.Join(err, response.Body.Close()); err != nil {
		return "", err
	}
	if response.StatusCode != http.StatusOK {
		return "", fmt.Errorf("ClickHouse: %s", strings.TrimSpace(string(body)))
	}
	return string(body), nil
}

// findClickHouse is the program: the one that was named, else an installed one, else what scripts/clickhouse.sh made.
func findClickHouse(named string) (string, error) {
	if strings.ContainsRune(named, filepath.Separator) {
		return filepath.Abs(named) // it is run elsewhere
	}
	if named != "" {
		return named, nil
	}
	if path, err := exec.LookPath("clickhouse"); err == nil {
		return path, nil
	}
	made := filepath.FromSlash(".tools/clickhouse/clickhouse")
	if _, err := os.Stat(made); err != nil {
		return "", fault.Wrap(err, fault.Unavailable, "bench.clickhouse", "there is no ClickHouse to ask: run scripts/clickhouse.sh, name the program with --clickhouse, or leave it out with --clickhouse none")
	}
	return filepath.Abs(made)
}

// startClickHouse starts "clickhouse local", which opens a port when told to, as a server on a folder of its own.
func startClickHouse(ctx context.Context, program, folder string) (*clickPeer, error) {
	ports, err := freePorts(ctx, 2)
	if err != nil {
		return nil, err
	}
	p := &clickPeer{url: "http://127.0.0.1:" + ports[0] + "/", said: &bytes.Buffer{}}
	const listen = "SYSTEM START LISTEN TCP; SYSTEM START LISTEN HTTP; SELECT sleepEachRow(1) FROM numbers(36000) " +
		"SETTINGS max_block_size = 1, function_sleep_max_microseconds_per_block = 90000000 FORMAT Null"
	p.process = exec.CommandContext(ctx, program, "local", "--path="+folder, "--listen_host=127.0.0.1", "--http_port="+ports[0], "--tcp_port="+ports[1], "--query", listen) //nolint:gosec // the operator named the program
	p.process.Stderr, p.process.Dir = p.said, filepath.Dir(folder)
	if err := p.process.Start(); err != nil {
		return nil, fault.Wrap(err, fault.Invalid, "bench.clickhouse", "ClickHouse cannot be started: name its program with --clickhouse, or leave --peers out")
	}
	for range 300 {
		if _, err = p.do(ctx, "SELECT 1"); err == nil {
			return p, nil
		}
		if stopped := pause(ctx, 100*time.Millisecond); stopped != nil {
			break
		}
	}
	return nil, errors.Join(err, p.stop(), errors.New(strings.TrimSpace(p.said.String())))
}

func (p *clickPeer) stop() error {
	err := p.process.Process.Kill()
	_ = p.process.Wait() // killed
	if errors.Is(err, os.ErrProcessDone) {
		return nil
	}
	return err
}

// freePorts are ports that nobody listens on.
func freePorts(ctx context.Context, n int) (ports []string, err error) {
	for range n {
		l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		defer l.Close() //nolint:errcheck // kept until all are found, so that they differ
		_, port, err := net.SplitHostPort(l.Addr().String())
		if err != nil {
			return nil, err
		}
		ports = append(ports, port)
	}
	return ports, nil
}

// askClickHouse loads what DuckDB has and asks.
func (b *bench) askClickHouse(ctx context.Context) (seconds float64, err error) {
	p, err := b.fillClickHouse(ctx)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, p.stop()) }()
	return b.askAll(ctx, "ClickHouse", p)
}

// fillClickHouse starts a server and loads what DuckDB has.
func (b *bench) fillClickHouse(ctx context.Context) (*clickPeer, error) {
	if err := b.export(ctx); err != nil {
		return nil, err
	}
	program, err := findClickHouse(b.o.ClickHouse)
	if err != nil {
		return nil, err
	}
	p, err := startClickHouse(ctx, program, filepath.Join(string(b.f), "clickhouse"))
	if err != nil {
		return nil, err
	}
	for _, text := range []string{
		"CREATE TABLE events (person UInt32, time DateTime64(3, 'UTC'), day Date, name LowCardinality(String), amount Int32, sku LowCardinality(String), " +
			"category LowCardinality(String), keyword LowCardinality(String), quantity UInt8, rating UInt8, channel LowCardinality(String), n UInt32) " +
			"ENGINE = MergeTree ORDER BY (person, time)",
		"CREATE TABLE people (person UInt32, city LowCardinality(String), level UInt8, vip Bool, first_channel LowCardinality(String), " +
			"last_channel LowCardinality(String)) ENGINE = MergeTree ORDER BY person",
		"INSERT INTO events SELECT * FROM file(" + quoted(b.f.parquet("events")) + ", Parquet)",
		"INSERT INTO people SELECT * FROM file(" + quoted(b.f.parquet("people")) + ", Parquet)",
		"OPTIMIZE TABLE events FINAL", "OPTIMIZE TABLE people FINAL",
	} {
		if _, err := p.do(ctx, text); err != nil {
			return nil, errors.Join(fmt.Errorf("fill ClickHouse: %w", err), p.stop())
		}
	}
	return p, nil
}

// export writes the peers' tables as Parquet files.
func (b *bench) export(ctx context.Context) (err error) {
	db, err := openDuckDB(ctx, b.f.peers(), 2, true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	for _, table := range []string{"events", "people"} {
		if _, err := db.ExecContext(ctx, "COPY "+table+" TO "+quoted(b.f.parquet(table))+" (FORMAT parquet)"); err != nil {
			return fmt.Errorf("write %s for ClickHouse: %w", table, err)
		}
	}
	return nil
}
