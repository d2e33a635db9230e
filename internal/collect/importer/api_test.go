package importer_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/base/httpapi/apitest"
	"github.com/huoshui/huoshui/internal/base/state/statetest"
)

func form(t *testing.T, member, name, content string) (body string, header map[string]string) {
	t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	part, err := m.CreateFormFile(member, name)
	require.NoError(t, err)
	_, err = part.Write([]byte(content))
	require.NoError(t, err)
	require.NoError(t, m.Close())
	return b.String(), map[string]string{"Content-Type": m.FormDataContentType()}
}

// TestAPI walks an operator's way: upload, preview, start, look, rejected rows; and what others may not do.
func TestAPI(t *testing.T) {
	t.Parallel()
	w, dir := newWorld(), t.TempDir()
	s := service(t, statetest.SQLite(t), w, dir, time.Millisecond)
	server := apitest.Start(t, s.Routes)
	server.NobodyEnters(t)

	body, header := form(t, "file", `C:\data\订单.csv`, orderFile(30))
	upload := apitest.Call{As: "operator", Method: http.MethodPost, Path: "/imports/files", Body: body, Header: header}
	reply := server.Do(t, upload)
	require.Equal(t, http.StatusCreated, reply.Status, "%s", reply.Body)
	var file struct {
		FileID   string         `json:"file_id"`
		Name     string         `json:"name"`
		Encoding string         `json:"encoding"`
		Columns  []string       `json:"columns"`
		Preview  [][]string     `json:"preview"`
		Preset   string         `json:"preset"`
		Mapping  map[string]any `json:"mapping"`
		Options  map[string]any `json:"options"`
	}
	reply.JSON(t, &file)
	require.Equal(t, "订单.csv", file.Name)
	require.Equal(t, "order-lines", file.Preset)
	require.Len(t, file.Preview, 20)
	require.Equal(t, map[string]any{"currency": "CNY", "time_zone": "Asia/Shanghai", "region": "CN"}, file.Options)
	require.Equal(t, "customer_id", file.Mapping["customer"])

	start := map[string]any{"file_id": file.FileID, "preset": file.Preset, "mapping": file.Mapping, "options": file.Options}
	wrong := map[string]any{"file_id": file.FileID, "preset": "people", "mapping": map[string]any{"phone": "nope"}}
	server.Run(t, []apitest.Case{
		{
			Name: "preview", Call: apitest.Call{As: "operator", Method: http.MethodPost, Path: "/imports/preview", Body: start}, Status: 200,
			Has: []string{`"name":"Order Completed"`, `"amount":{"amount":3998,"currency":"CNY"}`, `"code":"customer.missing"`, `"problems":[]`},
		},
		{
			Name: "preview of a mapping that does not fit", Call: apitest.Call{As: "operator", Method: http.MethodPost, Path: "/imports/preview", Body: wrong}, Status: 200,
			Has: []string{`"field":"mapping.phone"`, `the file has no column`, `"events":[]`},
		},
		{
			Name: "start of it", Call: apitest.Call{As: "operator", Method: http.MethodPost, Path: "/imports", Body: wrong}, Status: 422,
			Has: []string{`"code":"import.mapping"`},
		},
		{Name: "an analyst does not import", Call: apitest.Call{As: "analyst", Method: http.MethodPost, Path: "/imports", Body: start}, Status: 403},
		{Name: "presets", Call: apitest.Call{As: "analyst", Path: "/imports/presets"}, Status: 200, Has: []string{`"preset":"order-lines"`, `"title_zh":"订单号"`}},
		{Name: "no import yet", Call: apitest.Call{As: "analyst", Path: "/imports"}, Status: 200, Has: []string{`"items":[]`}},
		{
			Name: "unknown file", Call: apitest.Call{As: "operator", Method: http.MethodPost, Path: "/imports", Body: map[string]any{"file_id": "x", "preset": "people"}}, Status: 404,
			Has: []string{`"code":"import.no_file"`},
		},
		{Name: "unknown import", Call: apitest.Call{As: "analyst", Path: "/imports/99"}, Status: 404},
	})

	var i struct {
		ID                                   int64
		State                                string
		Rows, Accepted, Rejected, Duplicates int64
		Author                               string
	}
	server.Do(t, apitest.Call{As: "operator", Method: http.MethodPost, Path: "/imports", Body: start}).JSON(t, &i)
	require.Equal(t, "waiting", i.State)
	require.Equal(t, "operator@example.com", i.Author)
	stop := background(t, s)
	await(t, func() bool {
		server.Do(t, apitest.Call{As: "analyst", Path: "/imports/1"}).JSON(t, &i)
		return i.State == "done"
	})
	stop()
	require.Equal(t, counts{63, 60, 3, 0}, counts{i.Rows, i.Accepted, i.Rejected, i.Duplicates})
	server.Run(t, []apitest.Case{
		{Name: "rejected rows", Call: apitest.Call{As: "operator", Path: "/imports/1/rejects.csv"}, Status: 200, Has: []string{"line,code,reason,order_id", "4,customer.missing"}},
		{Name: "not for analysts", Call: apitest.Call{As: "analyst", Path: "/imports/1/rejects.csv"}, Status: 403},
		{Name: "too late to cancel", Call: apitest.Call{As: "operator", Method: http.MethodPost, Path: "/imports/1/cancel"}, Status: 409, Has: []string{`"code":"import.ended"`}},
		{Name: "nothing to resume", Call: apitest.Call{As: "operator", Method: http.MethodPost, Path: "/imports/1/resume"}, Status: 409},
		{Name: "list", Call: apitest.Call{As: "analyst", Path: "/imports?limit=1"}, Status: 200, Has: []string{`"file":"订单.csv"`, `"next":""`}},
	})
}

// TestUploadRefused: nothing of a file that is refused stays behind.
func TestUploadRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := service(t, statetest.SQLite(t), newWorld(), dir, time.Millisecond)
	server := apitest.Start(t, s.Routes)
	for _, c := range []struct {
		member, content string
		status          int
		code            string
	}{
		{"file", "", 400, "import.empty"},
		{"file", "a\x00b", 400, "import.binary"},
		{"file", string(bytes.Repeat([]byte("a,b\n"), 300_000)), 413, "import.too_large"},
		{"other", "a,b\n", 400, "import.multipart"},
	} {
		body, header := form(t, c.member, "x.csv", c.content)
		reply := server.Do(t, apitest.Call{As: "owner", Method: http.MethodPost, Path: "/imports/files", Body: body, Header: header})
		require.Equal(t, c.status, reply.Status, "%s", reply.Body)
		require.Contains(t, reply.Body, c.code)
	}
	reply := server.Do(t, apitest.Call{As: "owner", Method: http.MethodPost, Path: "/imports/files", Body: "a,b\n1,2\n", Header: map[string]string{"Content-Type": "text/csv"}})
	require.Equal(t, 400, reply.Status)
	left, err := os.ReadDir(filepath.Join(dir, "files"))
	require.NoError(t, err)
	require.Empty(t, left)
}
