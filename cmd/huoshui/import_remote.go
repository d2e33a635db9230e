package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/collect/importer"
)

// upload is what the server says of a file it took.
type upload struct {
	FileID  string                     `json:"file_id"`
	Mapping map[string]json.RawMessage `json:"mapping"`
}

// remoteImport is an import as the server tells of it.
type remoteImport struct {
	ID         int64      `json:"id"`
	State      string     `json:"state"`
	Rows       int64      `json:"rows"`
	Done       int64      `json:"done"`
	Accepted   int64      `json:"accepted"`
	Rejected   int64      `json:"rejected"`
	Duplicates int64      `json:"duplicates"`
	StartedAt  *time.Time `json:"started_at"`
	FinishedAt *time.Time `json:"finished_at"`
	Error      string     `json:"error"`
}

const pollEvery = 300 * time.Millisecond

// throughServer uploads the file to a running server and waits for its import.
func (c *importCmd) throughServer(ctx context.Context) error {
	u, err := c.upload(ctx)
	if err != nil {
		return err
	}
	start := map[string]any{"file_id": u.FileID, "preset": c.As, "options": map[string]string{"currency": c.Currency, "time_zone": c.Zone}}
	if m := c.mapping(); m != nil {
		mapping := map[string]any{"traits": m.Traits, "properties": m.Properties, "identities": m.Identities}
		for field, column := range m.Fields {
			mapping[field] = column
		}
		start["mapping"] = mapping
	}
	body, err := json.Marshal(start)
	if err != nil {
		return err
	}
	var i remoteImport
	if err := c.call(ctx, http.MethodPost, "/imports", "application/json", bytes.NewReader(body), &i); err != nil {
		return err
	}
	show, done := bar(os.Stderr)
	defer done()
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for i.State == "waiting" || i.State == "running" {
		show(importer.Progress{Phase: importer.Reading, Rows: i.Done, Total: max(i.Rows, i.Done)})
		select {
		case <-ctx.Done():
			return fault.New(fault.Unavailable, "import.left", "stopped waiting; the server goes on with import %d", i.ID)
		case <-tick.C:
		}
		if err := c.get(ctx, fmt.Sprintf("/imports/%d", i.ID), &i); err != nil {
			return err
		}
	}
	done()
	if i.State != "done" {
		return fault.New(fault.Conflict, "import."+i.State, "the import is %s: %s", i.State, i.Error)
	}
	r := importResult{Rows: i.Rows, Accepted: i.Accepted, Rejected: i.Rejected, Duplicates: i.Duplicates}
	if i.StartedAt != nil && i.FinishedAt != nil {
		r.Seconds = i.FinishedAt.Sub(*i.StartedAt).Seconds()
	}
	return c.print(r, "")
}

func (c *importCmd) upload(ctx context.Context) (u upload, err error) {
	f, err := os.Open(c.File)
	if err != nil {
		return u, fault.Wrap(err, fault.NotFound, "import.open", "the file %s cannot be opened; check its name and permissions", c.File)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	pr, pw := io.Pipe()
	form := multipart.NewWriter(pw)
	go func() {
		part, err := form.CreateFormFile("file", filepath.Base(c.File))
		if err == nil {
			_, err = io.Copy(part, f)
		}
		if err == nil {
			err = form.Close()
		}
		pw.CloseWithError(err)
	}()
	err = c.call(ctx, http.MethodPost, "/imports/files", form.FormDataContentType(), pr, &u)
	return u, errors.Join(err, pr.Close())
}
