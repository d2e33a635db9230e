package insight

import (
	"strings"

	"github.com/huoshui/huoshui/internal/base/fault"
)

func unknownKind(name string, known []string) error {
	return fault.New(fault.Invalid, "insight.kind_unknown", "there is no kind of question %q; there are %s", name, strings.Join(known, ", "))
}
