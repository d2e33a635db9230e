package identity

import (
	"bytes"
	"encoding/json"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/huoshui/huoshui/internal/pool/event"
)

// Roles that work with numbers see people without what reaches them: phone numbers, e-mail addresses, postal addresses, documents and
// birthdays. Enough is left of a number or an address to tell two people apart.

// Personal says whether values of a kind are personal data that roles without the permission see masked.
func Personal(kind string) bool { return kind == event.Phone || kind == event.Email }

// Mask hides most of a value of a kind or trait ("phone", "email", …).
func Mask(name, v string) string {
	switch {
	case v == "":
		return ""
	case strings.Contains(v, "@"):
		return maskEmail(v)
	case isPhoneName(name):
		if masked := maskDigits(v); strings.Count(masked, "*") >= 4 {
			return masked
		}
	}
	_, n := utf8.DecodeRuneInString(v)
	return v[:n] + "***"
}

func maskEmail(v string) string {
	name, domain, _ := strings.Cut(v, "@")
	_, n := utf8.DecodeRuneInString(name)
	return name[:n] + "***@" + domain
}

// PersonalName says whether a trait or property of this name holds personal data.
func PersonalName(name string) bool {
	n := plainName(name)
	switch n {
	case "tel", "cell", "dob", "mail":
		return true
	}
	return isPhoneName(name) || endsWith(n, "email", "mailbox", "address", "addr", "idcard", "idcardno", "idnumber", "passport", "passportno",
		"birthday", "birthdate", "dateofbirth", "邮箱", "邮件", "身份证", "身份证号", "身份证号码", "护照", "护照号", "地址", "住址", "生日")
}

func isPhoneName(name string) bool {
	n := plainName(name)
	return n == "tel" || n == "cell" || endsWith(n, "phone", "phoneno", "phonenumber", "mobile", "mobileno", "mobilenumber", "telno", "手机", "手机号", "手机号码", "电话", "电话号码")
}

func endsWith(s string, ends ...string) bool {
	for _, e := range ends {
		if strings.HasSuffix(s, e) {
			return true
		}
	}
	return false
}

// plainName is a name without the marks that spellings differ in: Phone_Number, phoneNumber, phone-number.
func plainName(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, name)
}

// MaskText hides e-mail addresses and phone numbers wherever they stand in a text: a name, a search, the address of a page.
func MaskText(s string) string {
	return maskPhones(maskEmails(s))
}

func maskEmails(s string) string {
	var b strings.Builder
	for {
		i, sign := strings.Index(s, "@"), "@"
		if j := strings.Index(s, "%40"); j >= 0 && (i < 0 || j < i) {
			i, sign = j, "%40" // as it is written in addresses of pages
		}
		if i < 0 {
			b.WriteString(s)
			return b.String()
		}
		rest := s[i+len(sign):]
		begin := len(strings.TrimRightFunc(s[:i], isLocal))
		end := len(rest) - len(strings.TrimLeftFunc(rest, func(r rune) bool { return r == '.' || r == '-' || unicode.IsLetter(r) || unicode.IsDigit(r) }))
		if begin == i || !strings.Contains(strings.Trim(rest[:end], "."), ".") {
			b.WriteString(s[:i] + sign)
		} else {
			_, n := utf8.DecodeRuneInString(s[begin:i])
			b.WriteString(s[:begin+n] + "***" + sign + rest[:end])
			rest = rest[end:]
		}
		s = rest
	}
}

func isLocal(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("._%+-", r)
}

// maskPhones hides numbers with a country code, and Chinese mobile numbers in any usual spelling (13800138000, 138 0013 8000,
// 86-138-0013-8000). Other runs of digits are order numbers, times and amounts more often than phones.
func maskPhones(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); {
		end, digits := run(s[i:])
		if end == 0 {
			_, n := utf8.DecodeRuneInString(s[i:])
			b.WriteString(s[i : i+n])
			i += n
			continue
		}
		if text := s[i : i+end]; isPhone(text, digits) {
			b.WriteString(maskDigits(text))
		} else if solid := strings.IndexAny(text, " -"); solid > 0 { // not as a whole, but perhaps a part of it
			end = solid
			if isPhone(text[:end], strings.TrimPrefix(text[:end], "+")) {
				b.WriteString(maskDigits(text[:end]))
			} else {
				b.WriteString(text[:end])
			}
		} else {
			b.WriteString(text)
		}
		i += end
	}
	return b.String()
}

// run is the length of the number that s begins with (digits, each perhaps after one blank or dash), and its digits; 0 if there is none.
func run(s string) (end int, digits string) {
	i := 0
	if strings.HasPrefix(s, "+") {
		i = 1
	}
	var d []byte
	for i < len(s) {
		if c := s[i]; c >= '0' && c <= '9' {
			d = append(d, c)
			i++
			end = i
		} else if (c == ' ' || c == '-') && end == i && end > 0 {
			i++
		} else {
			break
		}
	}
	return end, string(d)
}

func isPhone(text, digits string) bool {
	if strings.HasPrefix(text, "+") {
		return len(digits) >= 8 && len(digits) <= 15
	}
	if rest, ok := strings.CutPrefix(digits, "0086"); ok {
		digits = rest
	} else if len(digits) == 13 {
		digits = strings.TrimPrefix(digits, "86")
	}
	if len(digits) != 11 || digits[0] != '1' || digits[1] < '3' {
		return false
	}
	groups := strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == '-' })
	n := len(groups)
	return n <= 2 || len(groups[n-1]) == 4 && len(groups[n-2]) == 4 // 138 0013 8000 and not 13 80 01 38 00 0
}

// maskDigits hides the digits before the last four, four of them.
func maskDigits(text string) string {
	b := []byte(text)
	seen := 0
	for i := len(b) - 1; i >= 0 && seen < 8; i-- {
		if b[i] >= '0' && b[i] <= '9' {
			if seen++; seen > 4 {
				b[i] = '*'
			}
		}
	}
	return string(b)
}

// MaskJSON hides personal data in a JSON object: members whose names say so (objects and lists go as a whole), and phone numbers and e-mail
// addresses wherever they stand. What cannot be read is hidden as a whole.
func MaskJSON(raw json.RawMessage) json.RawMessage {
	if len(raw) == 0 {
		return raw
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return json.RawMessage("{}")
	}
	out, err := json.Marshal(maskAny(v))
	if err != nil {
		return json.RawMessage("{}")
	}
	return out
}

func maskAny(v any) any {
	switch v := v.(type) {
	case string:
		return MaskText(v)
	case json.Number:
		if masked := MaskText(v.String()); masked != v.String() {
			return masked
		}
	case []any:
		for i := range v {
			v[i] = maskAny(v[i])
		}
	case map[string]any:
		kind := kindIn(v)
		for k := range v {
			switch {
			case PersonalName(k):
				maskMember(v, k, k)
			case kind != "" && (k == "id" || k == "value"):
				maskMember(v, k, kind)
			default:
				v[k] = maskAny(v[k])
			}
		}
	}
	return v
}

func maskMember(v map[string]any, k, as string) {
	switch member := v[k].(type) {
	case string:
		v[k] = Mask(as, member)
	case json.Number:
		v[k] = Mask(as, member.String())
	case []any, map[string]any:
		delete(v, k)
	}
}

// kindIn is the personal kind of an object like {"type": "phone", "id": "…"}, as calls name identities; empty if it is none.
func kindIn(v map[string]any) string {
	for _, k := range []string{"type", "kind"} {
		if s, _ := v[k].(string); PersonalName(s) {
			return s
		}
	}
	return ""
}
