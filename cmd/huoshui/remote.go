package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/httpapi"
)

// get asks a running server.
func (r remote) get(ctx context.Context, path string, into any) error {
	return r.call(ctx, http.MethodGet, path, "", nil, into)
}

// call sends a request with the API key and reads the answer, or the problem it tells of.
func (r remote) call(ctx context.Context, method, path, contentType string, body io.Reader, into any) (err error) {
	res, err := r.send(ctx, method, path, contentType, body)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, res.Body.Close()) }()
	if into == nil || res.StatusCode == http.StatusNoContent {
		return nil
	}
	if err := json.NewDecoder(res.Body).Decode(into); err != nil {
		return fmt.Errorf("read the server's answer: %w", err)
	}
	return nil
}

// copy asks a running server and writes its answer as it comes.
func (r remote) copy(ctx context.Context, path string, w io.Writer) (err error) {
	res, err := r.send(ctx, http.MethodGet, path, "", nil)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, res.Body.Close()) }()
	_, err = io.Copy(w, res.Body)
	return err
}

// send sends a request with the API key; an answer that tells of a problem is an error.
func (r remote) send(ctx context.Context, method, path, contentType string, body io.Reader) (*http.Response, error) {
	header := http.Header{}
	if contentType != "" {
		header.Set("Content-Type", contentType)
	}
	return r.sendWith(ctx, method, path, header, body)
}

// sendWith is send with headers of the caller's.
func (r remote) sendWith(ctx context.Context, method, path string, header http.Header, body io.Reader) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, method, strings.TrimSuffix(r.Server, "/")+httpapi.Base+path, body)
	if err != nil {
		return nil, fault.Wrap(err, fault.Invalid, "remote.server", "--server is an address such as http://127.0.0.1:8080")
	}
	req.Header = header
	req.Header.Set("Authorization", "Bearer "+r.Secret)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, fault.Wrap(err, fault.Unavailable, "remote.unreachable", "the server %s cannot be reached; is it running?", r.Server)
	}
	if res.StatusCode < http.StatusBadRequest {
		return res, nil
	}
	var p struct {
		Code, Detail string
		Errors       []struct{ Location, Message string }
	}
	if json.NewDecoder(io.LimitReader(res.Body, 1<<20)).Decode(&p) != nil || p.Detail == "" {
		p.Code, p.Detail = "remote.status", "the server answered "+res.Status
	}
	problem := fault.New(fault.Internal, p.Code, "%s", p.Detail)
	for _, e := range p.Errors {
		problem.Violations = append(problem.Violations, fault.Violation{Field: e.Location, Message: e.Message})
	}
	return nil, errors.Join(problem, res.Body.Close())
}
