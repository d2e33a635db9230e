package insight

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/huoshui/huoshui/internal/base/fault"
	"github.com/huoshui/huoshui/internal/pool/rule"
)

// unknown says that the pool knows no such event, property, trait, tier, segment or tag, and which ones it does know that may be meant.
func unknown(what, field, name string, known []string) error {
	text := fmt.Sprintf("the pool knows no %s %q", what, name)
	if near := rule.Nearest(name, known); len(near) > 0 {
		for i, n := range near {
			near[i] = strconv.Quote(n)
		}
		text += "; did you mean " + strings.Join(near, " or ") + "?"
	} else if len(known) > 0 {
		text += "; choose one that it knows"
	}
	return invalid("insight."+what+"_unknown", text, field, text)
}

func unknownKind(name string, known []string) error {
	return invalid("insight.kind_unknown", fmt.Sprintf("there is no kind of question %q; there are %s", name, strings.Join(known, ", ")), "kind", "is not known")
}

// invalid is a fault of one field of a query, written as a path in the query.
func invalid(code, message, field, violation string) error {
	return &fault.Error{Kind: fault.Invalid, Code: code, Message: message, Violations: []fault.Violation{{Field: field, Message: violation}}}
}

// Invalid is a fault of one field of a query, written as a path in the query such as "steps[1].event". The message says what to do.
func Invalid(code, field, format string, args ...any) error {
	message := fmt.Sprintf(format, args...)
	return invalid(code, message, field, message)
}
