package httpapi

import (
	"encoding/base64"
	"encoding/json"
	"strconv"
	"strings"

	"github.com/huoshui/huoshui/internal/base/fault"
)

// Paging are the parameters of a list that pages by key. Embed it in an input.
type Paging struct {
	Cursor string `query:"cursor" doc:"The next of the page before; empty for the first page"`
	Limit  int    `query:"limit"  doc:"How many at most"                                     default:"50" maximum:"500" minimum:"1"`
}

// Page is one page of a list.
type Page[T any] struct {
	Items []T    `json:"items" nullable:"false"`
	Next  string `json:"next"  doc:"Cursor of the next page, empty on the last"`
}

// Items is a list that is always whole.
type Items[T any] struct {
	Items []T `json:"items" nullable:"false"`
}

// List makes Items that are [] and never null.
func List[T any](items []T) Items[T] {
	if items == nil {
		items = []T{}
	}
	return Items[T]{Items: items}
}

// PageOf makes a page from up to limit+1 rows, read to see whether there are more; next gives the cursor after a row.
func PageOf[T any](rows []T, limit int, next func(T) string) Page[T] {
	p := Page[T]{Items: rows}
	if rows == nil {
		p.Items = []T{}
	}
	if len(rows) > limit {
		p.Items = rows[:limit]
		p.Next = next(rows[limit-1])
	}
	return p
}

// EncodeCursor makes a cursor of the key of the last row on a page.
func EncodeCursor(key any) string {
	b, err := json.Marshal(key)
	if err != nil {
		panic(err) // keys are numbers and texts
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

// DecodeCursor reads a cursor into key and says whether there was one. A cursor that we did not make is a Malformed fault.
func DecodeCursor(cursor string, key any) (bool, error) {
	if cursor == "" {
		return false, nil
	}
	b, err := base64.RawURLEncoding.DecodeString(cursor)
	if err == nil {
		err = json.Unmarshal(b, key)
	}
	if err != nil {
		return false, fault.Wrap(err, fault.Malformed, "request.cursor", "this cursor is not one of ours; start again without it")
	}
	return true, nil
}

// ETag is the entity tag of a version.
func ETag(version int64) string { return `"v` + strconv.FormatInt(version, 10) + `"` }

// IfMatch is the condition of an edit. Embed it in an input.
type IfMatch struct {
	IfMatch string `header:"If-Match" doc:"The ETag of what was read; the edit is refused if it has changed since"`
}

// Version is the version that must still be the present one, 0 if the client does not care.
func (m IfMatch) Version() (int64, error) {
	tag := strings.TrimPrefix(strings.TrimSpace(m.IfMatch), "W/")
	if tag == "" || tag == "*" {
		return 0, nil
	}
	digits, ok := strings.CutPrefix(strings.Trim(tag, `"`), "v")
	n, err := strconv.ParseInt(digits, 10, 64)
	if !ok || err != nil || n <= 0 {
		return 0, fault.New(fault.Malformed, "request.if_match", "If-Match must be the ETag of what was read")
	}
	return n, nil
}
