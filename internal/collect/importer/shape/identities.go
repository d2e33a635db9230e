package shape

import (
	"errors"
	"slices"
	"strings"

	"github.com/huoshui/huoshui/internal/collect/importer/sheet"
	"github.com/huoshui/huoshui/internal/pool/event"
	"github.com/huoshui/huoshui/internal/pool/identity"
)

// errCut: Excel shows long numbers as 1.38E+10 and saves them so in CSV; the digits are gone.
var errCut = errors.New("a number that a spreadsheet has cut off; save the column as text")

type known struct{ kind, text string }

type resolved struct {
	value string
	err   error
}

const maxKnown = 100_000

// normalize is identity.Normalize with what spreadsheets do to numbers undone ("17850.0" is 17850). Customers come again and again in
// order files, and phone numbers are slow to read, so answers are kept.
func (pl *Plan) normalize(kind, text string) (string, error) {
	if r, ok := pl.known[known{kind, text}]; ok {
		return r.value, r.err
	}
	var r resolved
	plain, err := wholeNumber(text)
	if err == nil {
		plain, err = identity.Normalize(kind, plain, pl.options.Region)
	}
	r.value, r.err = plain, err
	if len(pl.known) >= maxKnown {
		clear(pl.known)
	}
	pl.known[known{strings.Clone(kind), strings.Clone(text)}] = r
	return r.value, r.err
}

// wholeNumber takes ".0" off a whole number and refuses one that was cut off.
func wholeNumber(text string) (string, error) {
	s := strings.TrimSpace(text)
	if s == "" || s[0] < '0' || s[0] > '9' {
		return s, nil
	}
	whole, frac, dotted := strings.Cut(s, ".")
	if dotted && len(whole) > 0 && strings.Trim(whole, "0123456789") == "" && frac != "" && strings.Trim(frac, "0") == "" {
		return whole, nil
	}
	if i := strings.IndexAny(s, "eE"); i > 0 && strings.Trim(s[:i], "0123456789.") == "" && i+1 < len(s) && s[i+1] == '+' &&
		strings.Trim(s[i+2:], "0123456789") == "" {
		return "", errCut
	}
	return s, nil
}

// who reads the identities of a row. A value that is none is left out; if nothing is left the row says of nobody.
func (pl *Plan) who(row *sheet.Row, into []event.Identity) ([]event.Identity, *Reject) {
	into = into[:0]
	var bad *Reject
	for _, c := range pl.identities {
		text := row.Cells[c.column]
		if strings.TrimSpace(text) == "" {
			continue
		}
		value, err := pl.normalize(c.name, text)
		if err != nil {
			bad = &Reject{"identity.invalid", c.name + " " + quote(text) + " is " + err.Error()}
			continue
		}
		if i := (event.Identity{Kind: c.name, Value: value}); !slices.Contains(into, i) {
			into = append(into, i)
		}
	}
	if len(into) > 0 {
		return into, nil
	}
	if bad != nil {
		return nil, bad
	}
	if pl.preset == OrderLines {
		return nil, &Reject{"customer.missing", "the row names no customer"}
	}
	return nil, &Reject{"identity.missing", "the row has no identity: nobody to whom it could belong"}
}

func quote(s string) string {
	if len(s) > 60 {
		s = strings.ToValidUTF8(s[:60], "") + "…"
	}
	return "“" + s + "”"
}
