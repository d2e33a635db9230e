package identity

import (
	"errors"
	"net/mail"
	"strings"
	"unicode"
	"unicode/utf8"

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
	ErrText  = errors.New("not valid UTF-8, or with a NUL in it")
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
	if !utf8.ValidString(v) || strings.IndexByte(v, 0) >= 0 {
		return "", ErrText
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

// normalizePhone refuses what could join strangers: landlines without their area and other numbers that nobody can dial from elsewhere,
// letters, and extensions (a switchboard is many people).
func normalizePhone(v, region string) (string, error) {
	n, err := phonenumbers.Parse(v, region)
	if err != nil || n.GetExtension() != "" || strings.ContainsFunc(strings.TrimPrefix(v, "tel:"), unicode.IsLetter) {
		return "", ErrPhone
	}
	out := phonenumbers.Format(n, phonenumbers.E164)
	if !phonenumbers.IsValidNumber(n) && !isMobileCN(out) {
		return "", ErrPhone
	}
	if strings.Trim(out[1:], string(out[len(out)-1])) == "" { // 0000000, 11111111 …
		return "", ErrPhone
	}
	return out, nil
}

// isMobileCN says whether a number has the shape of a Chinese mobile one, also in ranges that are newer than our list of them.
func isMobileCN(e164 string) bool {
	return len(e164) == 14 && strings.HasPrefix(e164, "+861") && e164[4] >= '3' && e164[4] <= '9'
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
	out := cases.Fold().String(addr.Address)
	// A quoted local part ("a@b"@c.cn) is no address any more without its quotes, and folding may make text longer.
	if plain, err := mail.ParseAddress(out); err != nil || plain.Address != out || cases.Fold().String(width.Narrow.String(out)) != out {
		return "", ErrEmail
	}
	if len(out) > event.MaxValue {
		return "", ErrLong
	}
	return out, nil
}

func isNobody(v string) bool {
	if strings.Trim(v, "0-") == "" { // "", "0", "-", 00000000-0000-0000-0000-000000000000 …
		return true
	}
	switch strings.ToLower(v) {
	case "null", "(null)", "<null>", "nil", "<nil>", "none", "undefined", "nan", "-1", "anonymous", "guest", "unknown", "n/a", "[object object]",
		"true", "false":
		return true
	}
	return false
}
