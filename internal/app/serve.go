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
	"github.com/huoshui/huoshui/internal/base/obs"
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
	health := a.health()
	handler, err := a.handler(health)
	if err != nil {
		return errors.Join(err, l.Close())
	}
	server := &http.Server{
		Handler: handler, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute,
		ErrorLog: slog.NewLogLogger(a.o.Logger.Handler(), slog.LevelDebug),
	}
	components := []component{{"http", func(ctx context.Context) error { return serveHTTP(ctx, server, l, ready, health.Stop) }}}
	for _, m := range more {
		components = append(components, component{"demo", m})
	}
	return run(ctx, append(components, a.workers()...)...)
}

// drain is how long requests under way may take when the server stops.
const drain = 10 * time.Second

func serveHTTP(ctx context.Context, s *http.Server, l net.Listener, ready, stopping func()) error {
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
		stopping()
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

func (a *App) handler(health *obs.Health) (http.Handler, error) {
	mux := http.NewServeMux()
	a.Intake.Register(mux)
	script, err := segment.Script(tracker.Script(), nil)
	if err != nil {
		return nil, fmt.Errorf("prepare the tracker: %w", err)
	}
	mux.Handle("GET /t.js", script)
	mux.Handle(httpapi.Base+"/", a.API)
	mux.HandleFunc("/api/", func(w http.ResponseWriter, r *http.Request) { // a program must not take the console's page for an answer
		a.API.WriteError(w, r, fault.New(fault.NotFound, "request.path", "there is nothing at this address; the API is below %s", httpapi.Base))
	})
	mux.HandleFunc("GET /livez", health.Live)
	mux.HandleFunc("GET /readyz", health.Ready)
	mux.Handle("GET /metrics", obs.Metrics(a.Metrics, a.o.Logger))
	mux.Handle("/", httpapi.Secured(console(web.Dist(), a.started)))
	return mux, nil
}
