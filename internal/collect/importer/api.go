package importer

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"os"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/huoshui/huoshui/internal/base/actor"
	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/base/httpapi"
	"github.com/huoshui/huoshui/internal/collect/importer/shape"
)

// Routes registers the operations of this room.
func (s *Service) Routes(api *httpapi.API) {
	op := func(method, path, id, summary string) httpapi.Op {
		return httpapi.Op{Method: method, Path: path, ID: id, Summary: summary, Tag: "import", Permission: actor.Operate}
	}
	read := func(path, id, summary string) httpapi.Op {
		o := op(http.MethodGet, path, id, summary)
		o.Permission = actor.Read
		return o
	}
	upload := op(http.MethodPost, "/imports/files", "upload-import-file", "Upload a file (multipart, member \"file\") and see what it seems to be")
	upload.MaxBody, upload.Timeout, upload.Status = -1, -1, http.StatusCreated // the service has its own limit
	rejects := op(http.MethodGet, "/imports/{id}/rejects.csv", "download-import-rejects", "The refused rows with line, code, reason and cells")
	rejects.Produces = "text/csv"
	httpapi.Register(api, upload, s.upload)
	httpapi.Register(api, op(http.MethodPost, "/imports/preview", "preview-import", "What the first rows would become"), s.preview)
	httpapi.Register(api, op(http.MethodPost, "/imports", "start-import", "Start an import, or resume the unfinished one of the same file"), s.start)
	httpapi.Register(api, read("/imports", "list-imports", "Imports, the newest first"), s.list)
	httpapi.Register(api, read("/imports/presets", "list-import-presets", "What rows can stand for, and the fields they have"), s.presets)
	httpapi.Register(api, read("/imports/{id}", "get-import", "One import with its progress"), s.get)
	httpapi.Register(api, op(http.MethodPost, "/imports/{id}/cancel", "cancel-import", "Stop an import; what is in the log stays"), s.cancelOp)
	httpapi.Register(api, op(http.MethodPost, "/imports/{id}/resume", "resume-import", "Go on with an import that failed or was cancelled"), s.resumeOp)
	httpapi.Register(api, rejects, s.rejectsOp)
}

// importView is an import as the console sees it.
type importView struct {
	ID         int64         `json:"id"`
	File       string        `json:"file"`
	Preset     shape.Preset  `json:"preset"`
	Mapping    mappingView   `json:"mapping"`
	Options    shape.Options `json:"options"`
	State      State         `json:"state"       enum:"waiting,running,done,failed,cancelled"`
	Phase      Phase         `json:"phase"       enum:"reading,sending,applying,ended"`
	Rows       int64         `json:"rows"        doc:"Rows of the file; estimated while it is read"`
	Done       int64         `json:"done"        doc:"Rows read"`
	Accepted   int64         `json:"accepted"`
	Rejected   int64         `json:"rejected"`
	Duplicates int64         `json:"duplicates"`
	Bytes      int64         `json:"bytes"`
	BytesDone  int64         `json:"bytes_done"`
	Rate       float64       `json:"rate_per_s"`
	ETA        float64       `json:"eta_s"`
	StartedAt  *time.Time    `json:"started_at"`
	FinishedAt *time.Time    `json:"finished_at"`
	Author     string        `json:"author"`
	Code       string        `json:"code"        doc:"Why it failed, for looking it up"`
	Error      string        `json:"error"       doc:"Why it failed and what to do"`
}

// mappingView is a mapping in its flat form: fields and the groups traits, properties and identities.
type mappingView map[string]any

func viewMapping(m shape.Mapping) mappingView {
	out := mappingView{}
	for field, column := range m.Fields {
		out[field] = column
	}
	for key, group := range map[string]map[string]string{"traits": m.Traits, "properties": m.Properties, "identities": m.Identities} {
		if len(group) > 0 {
			out[key] = group
		}
	}
	return out
}

func (s *Service) view(i Import) importView {
	v := importView{
		ID: i.ID, File: i.File, Preset: i.Preset, Mapping: viewMapping(i.Mapping), Options: i.Options, State: i.State, Phase: Ended,
		Rows: i.Rows, Done: i.Rows, Accepted: i.Accepted, Rejected: i.Rejected, Duplicates: i.Duplicates(), Bytes: i.Bytes, BytesDone: i.BytesDone,
		StartedAt: timeOrNil(i.StartedAt), FinishedAt: timeOrNil(i.FinishedAt), Author: i.Author, Code: i.ErrorCode, Error: i.Error,
	}
	if i.State == Waiting || i.State == Running {
		v.Phase = Reading
	}
	if p, ok := s.Progress(i.ID); ok && i.State == Running {
		v.Phase, v.Rows, v.Done, v.Rejected = p.Phase, p.Total, p.Rows, p.Rejected
		v.BytesDone, v.Rate, v.ETA = p.BytesDone, p.Rate(), p.Left().Seconds()
	} else if took := i.Took(s.o.Clock.Now()); i.State == Done && took > 0 {
		v.Rate = float64(i.Rows) / took.Seconds()
	}
	return v
}

func timeOrNil(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// uploadIn leaves the body to the handler, which streams it into the data folder instead of through memory.
type uploadIn struct{ request *http.Request }

// Resolve is called by huma before the handler.
func (in *uploadIn) Resolve(ctx huma.Context) []error {
	in.request, _ = humago.Unwrap(ctx)
	return nil
}

type uploadView struct {
	FileID   string        `json:"file_id"`
	Name     string        `json:"name"`
	Bytes    int64         `json:"bytes"`
	Encoding string        `json:"encoding"`
	Format   string        `json:"format"   enum:"csv,xlsx,jsonl"`
	Columns  []string      `json:"columns"  nullable:"false"`
	Preview  [][]string    `json:"preview"  nullable:"false"`
	Preset   shape.Preset  `json:"preset"`
	Mapping  mappingView   `json:"mapping"`
	Options  shape.Options `json:"options"`
}

type out[T any] struct{ Body T }

func (s *Service) upload(ctx context.Context, in *uploadIn) (*out[uploadView], error) {
	parts, err := in.request.MultipartReader()
	if err != nil {
		return nil, fault.Wrap(err, fault.Malformed, "import.multipart", "send the file as multipart/form-data in a member named \"file\"")
	}
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return nil, fault.New(fault.Malformed, "import.multipart", "the request has no member named \"file\"")
		}
		if err != nil {
			return nil, fault.Wrap(err, fault.Malformed, "import.upload", "the upload broke off; send the file again")
		}
		if part.FormName() != "file" {
			continue
		}
		u, err := s.Take(ctx, part.FileName(), actor.From(ctx).Label(), part)
		if err != nil {
			return nil, err
		}
		return &out[uploadView]{uploadView{
			FileID: u.ID, Name: u.Name, Bytes: u.Bytes, Encoding: u.Encoding, Format: string(u.Format), Columns: u.Columns, Preview: u.Preview,
			Preset: u.Guess.Preset, Mapping: viewMapping(u.Guess.Mapping), Options: s.settle(u.Guess.Options, u.Guess.Mapping, u.Inspection),
		}}, nil
	}
}

// startBody asks for an import or a preview of one.
type startBody struct {
	FileID  string        `json:"file_id"`
	Preset  shape.Preset  `json:"preset"            enum:"people,events,order-lines"`
	Mapping mappingView   `json:"mapping,omitempty" doc:"Field to column; under traits, properties and identities name to column. Without it, guessed from the header"`
	Options shape.Options `json:"options,omitzero"`
}

type startIn struct{ Body startBody }

func (in *startIn) input(ctx context.Context) (StartInput, error) {
	start := StartInput{FileID: in.Body.FileID, Preset: in.Body.Preset, Options: in.Body.Options, Author: actor.From(ctx).Label()}
	if in.Body.Mapping == nil {
		return start, nil
	}
	text, err := json.Marshal(in.Body.Mapping)
	if err != nil {
		return start, err
	}
	start.Mapping = &shape.Mapping{}
	if err := json.Unmarshal(text, start.Mapping); err != nil {
		return start, fault.Wrap(err, fault.Invalid, "import.mapping", "the mapping cannot be read; give names of columns")
	}
	return start, nil
}

func (s *Service) start(ctx context.Context, in *startIn) (*out[importView], error) {
	start, err := in.input(ctx)
	if err != nil {
		return nil, err
	}
	i, err := s.Start(ctx, start)
	if err != nil {
		return nil, err
	}
	return &out[importView]{s.view(i)}, nil
}

type listIn struct{ httpapi.Paging }

func (s *Service) list(ctx context.Context, in *listIn) (*out[httpapi.Page[importView]], error) {
	var before int64
	if _, err := httpapi.DecodeCursor(in.Cursor, &before); err != nil {
		return nil, err
	}
	found, err := s.List(ctx, before, in.Limit+1)
	if err != nil {
		return nil, err
	}
	views := make([]importView, 0, len(found))
	for _, i := range found {
		views = append(views, s.view(i))
	}
	return &out[httpapi.Page[importView]]{httpapi.PageOf(views, in.Limit, func(v importView) string { return httpapi.EncodeCursor(v.ID) })}, nil
}

type presetView struct {
	Preset shape.Preset  `json:"preset"`
	Fields []shape.Field `json:"fields" nullable:"false"`
}

func (s *Service) presets(context.Context, *struct{}) (*out[httpapi.Items[presetView]], error) {
	var items []presetView
	for _, p := range []shape.Preset{shape.OrderLines, shape.People, shape.Events} {
		items = append(items, presetView{p, shape.Fields(p)})
	}
	return &out[httpapi.Items[presetView]]{httpapi.List(items)}, nil
}

type idIn struct {
	ID int64 `path:"id" minimum:"1"`
}

func (s *Service) one(i Import, err error) (*out[importView], error) {
	if err != nil {
		return nil, err
	}
	return &out[importView]{s.view(i)}, nil
}

func (s *Service) get(ctx context.Context, in *idIn) (*out[importView], error) {
	return s.one(s.Get(ctx, in.ID))
}

func (s *Service) cancelOp(ctx context.Context, in *idIn) (*out[importView], error) {
	return s.one(s.Cancel(ctx, in.ID))
}

func (s *Service) resumeOp(ctx context.Context, in *idIn) (*out[importView], error) {
	return s.one(s.Resume(ctx, in.ID))
}

func (s *Service) rejectsOp(ctx context.Context, in *idIn) (*huma.StreamResponse, error) {
	i, err := s.Get(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	f, err := os.Open(s.RejectsPath(i.ID))
	if err != nil {
		return nil, fault.Wrap(err, fault.NotFound, "import.no_rejects", "the list of rejected rows of this import is no longer there")
	}
	return &huma.StreamResponse{Body: func(hc huma.Context) {
		defer f.Close() //nolint:errcheck // reading
		hc.SetHeader("Content-Type", "text/csv; charset=utf-8")
		hc.SetHeader("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": "import-" + strconv.FormatInt(i.ID, 10) + "-rejects.csv"}))
		_, _ = io.Copy(hc.BodyWriter(), f) // a reader that goes away is no concern of ours
	}}, nil
}
