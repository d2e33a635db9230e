package identity

import (
	"errors"
	"net/mail"
	"strings"
	"unicode"

	"github.com/nyaruka/phonenumbers"
	"golang.org/x/text/cases"
	"golang.org/x/text/width"

	"github.com/huoshui/huoshui/internal/pool/event"
)

// The reasons why a value is no identity.
var (
	ErrPhone = errors.New("not a possible phone number")
	ErrEmail = errors.New("not an e-mail address")
	ErrEmpty = errors.New("empty or a stand-in such as \"null\"")
	ErrLong  = errors.New("longer than 256 bytes")
)

// Normalize brings a value to the one form under which it is known: phone numbers to E.164 (numbers without a country code belong to
// region, e.g. "CN"), e-mails trimmed and case-folded, everything else trimmed. Full-width digits and letters are read as their plain
// ones. Stand-ins that broken clients send for "nobody" ("null", "undefined", "0" …) are refused, because as identities they would
// join strangers.
func Normalize(kind, value, region string) (string, error) {
	v := strings.TrimFunc(value, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) || r == '\ufeff' || r == '\u200b' })
	if isNobody(v) {
		return "", ErrEmpty
	}
	if len(v) > event.MaxValue {
		return "", ErrLong
	}
	switch kind {
	case event.Phone:
		return normalizePhone(width.Narrow.String(v), region)
	case event.Email:
		return normalizeEmail(width.Narrow.String(v))
	}
	return v, nil
}

func normalizePhone(v, region string) (string, error) {
	n, err := phonenumbers.Parse(v, region)
	if err != nil || !phonenumbers.IsPossibleNumber(n) {
		return "", ErrPhone
	}
	out := phonenumbers.Format(n, phonenumbers.E164)
	if strings.Trim(out[1:], string(out[len(out)-1])) == "" { // 0000000, 11111111 …
		return "", ErrPhone
	}
	return out, nil
}

func normalizeEmail(v string) (string, error) {
	addr, err := mail.ParseAddress(v)
	if err != nil || addr.Address == "" || strings.ContainsAny(addr.Address, " \t\r\n\"") {
		return "", ErrEmail
	}
	_, domain, ok := strings.Cut(addr.Address, "@")
	if !ok || !strings.Contains(domain, ".") || strings.HasPrefix(domain, ".") || strings.HasSuffix(domain, ".") {
		return "", ErrEmail
	}
	return cases.Fold().String(addr.Address), nil
}

func isNobody(v string) bool {
	switch strings.ToLower(v) {
	case "", "null", "nil", "none", "undefined", "nan", "0", "-1", "anonymous", "guest", "unknown", "n/a", "[object object]", "true", "false",
		"00000000-0000-0000-0000-000000000000":
		return true
	}
	return false
}
