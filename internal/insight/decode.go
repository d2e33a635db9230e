package insight

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/huoshui/huoshui/internal/base/fault"
)

// decode reads a query as strictly as the API does: a field that its kind does not have, or of another type, is refused with its place.
func decode(raw json.RawMessage, into any) error {
	var shape any
	d := json.NewDecoder(bytes.NewReader(raw))
	if err := d.Decode(&shape); err != nil {
		return malformed(err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return fault.New(fault.Malformed, "insight.malformed", "a query is one JSON object, and nothing after it")
	}
	registry := huma.NewMapRegistry("#/", huma.DefaultSchemaNamer)
	schema := registry.Schema(reflect.TypeOf(into).Elem(), true, "Query")
	var found huma.ValidateResult
	huma.Validate(registry, schema, huma.NewPathBuffer(nil, 0), huma.ModeWriteToServer, shape, &found)
	e := &fault.Error{Kind: fault.Invalid, Code: "insight.invalid", Message: "some fields of the query are not right; see errors"}
	for _, err := range found.Errors {
		if detail, ok := errors.AsType[*huma.ErrorDetail](err); ok {
			e.Violations = append(e.Violations, fault.Violation{Field: strings.TrimPrefix(detail.Location, "."), Message: detail.Message})
		} else {
			e.Violations = append(e.Violations, fault.Violation{Message: err.Error()})
		}
	}
	if len(e.Violations) > 0 {
		return e
	}
	if err := json.Unmarshal(raw, into); err != nil {
		return malformed(err)
	}
	return nil
}

func malformed(err error) error {
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		return fault.Wrap(err, fault.Malformed, "insight.malformed", "the query is no JSON: %s at character %d", syntax.Error(), syntax.Offset)
	}
	return fault.Wrap(err, fault.Malformed, "insight.malformed", "%s", fmt.Sprintf("the query cannot be read: %v", err))
}
