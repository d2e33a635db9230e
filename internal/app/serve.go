package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/httpapi"
	"github.com/huoshui/huoshui/internal/collect/segment"
	"github.com/huoshui/huoshui/web"
	"github.com/huoshui/huoshui/web/tracker"
)

// Listen takes the server's address; a port in use is told from everything else.
func Listen(ctx context.Context, address string) (net.Listener, error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	if err != nil {
		return nil, fault.Wrap(err, fault.Unavailable, "serve.listen", "the address %s cannot be used (is another program listening there?); choose another with --listen", address)
	}
	return l, nil
}

// Serve answers on the listener until ctx ends, then stops everything in order. ready, if given, is called once requests are answered.
func (a *App) Serve(ctx context.Context, l net.Listener, ready func(), more ...func(ctx context.Context) error) error {
	handler, err := a.handler()
	if err != nil {
		return errors.Join(err, l.Close())
	}
	server := &http.Server{
		Handler: handler, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute,
		ErrorLog: slog.NewLogLogger(a.o.Logger.Handler(), slog.LevelDebug),
	}
	components := []component{{"http", func(ctx context.Context) error { return serveHTTP(ctx, server, l, ready) }}}
	for _, m := range more {
		components = append(components, component{"demo", m})
	}
	return run(ctx, append(components, a.workers()...)...)
}

// drain is how long requests under way may take when the server stops.
const drain = 10 * time.Second

func serveHTTP(ctx context.Context, s *http.Server, l net.Listener, ready func()) error {
	base, cut := context.WithCancel(context.WithoutCancel(ctx))
	defer cut()
	s.BaseContext = func(net.Listener) context.Context { return base }
	failed := make(chan error, 1)
	go func() { failed <- s.Serve(l) }()
	if ready != nil {
		ready()
	}
	select {
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	// Event streams never end by themselves: cut them when the rest has had a moment.
	soon := time.AfterFunc(time.Second, cut)
	defer soon.Stop()
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), drain)
	defer cancel()
	if err := s.Shutdown(stop); err != nil {
		return errors.Join(fmt.Errorf("stop serving: %w", err), s.Close())
	}
	return nil
}

func (a *App) handler() (http.Handler, error) {
	mux := http.NewServeMux()
	a.Intake.Register(mux)
	script, err := segment.Script(tracker.Script(), nil)
	if err != nil {
		return nil, fmt.Errorf("prepare the tracker: %w", err)
	}
	mux.Handle("GET /t.js", script)
	mux.Handle(httpapi.Base+"/", a.API)
	mux.HandleFunc("GET /livez", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("ok\n")) })
	mux.HandleFunc("GET /readyz", a.readyz)
	mux.Handle("GET /metrics", a.metricsHandler())
	mux.Handle("/", httpapi.Secured(console(web.Dist(), a.started)))
	return mux, nil
}

// readyz says whether requests can be answered: state, log and warehouse answer.
func (a *App) readyz(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
	defer cancel()
	var one int
	err := errors.Join(
		a.state.QueryRow(ctx, "SELECT 1").Scan(&one),
		a.warehouse.QueryRow(ctx, "SELECT 1").Scan(&one),
		func() error { _, err := a.log.Last(ctx); return err }(),
	)
	if err != nil {
		a.o.Logger.ErrorContext(ctx, "not ready", "error", err)
		http.Error(w, "not ready", http.StatusServiceUnavailable)
		return
	}
	_, _ = w.Write([]byte("ok\n"))
}
