package person

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/nyaruka/phonenumbers"
	"golang.org/x/text/cases"
	"golang.org/x/text/width"

	"github.com/huoshui/huoshui/internal/pool/event"
	"github.com/huoshui/huoshui/internal/pool/identity"
)

// search adds the condition of a search text: an identity in any spelling, the beginning of one, or a part of a name or a trait. Roles
// that do not see phone numbers, e-mail addresses and such find nobody by them.
func (s *Service) search(ctx context.Context, w *where, q string, personal bool) error {
	d := s.db.Dialect()
	text, args := `name `+like(d)+` ? ESCAPE '\'`, []any{pattern(q)}
	if personal {
		traits, more := anyTrait(q, d)
		text, args = text+" OR "+traits, append(args, more...)
	}
	keys, keyArgs, err := s.keysOf(ctx, q, personal)
	if err != nil {
		return err
	}
	known := false
	if keys != "" {
		if err := s.db.QueryRow(ctx, "SELECT EXISTS (SELECT 1 FROM identity WHERE "+keys+")", keyArgs...).Scan(&known); err != nil {
			return fmt.Errorf("search identities: %w", err)
		}
	}
	is := "id IN (SELECT person FROM identity WHERE " + keys + ")"
	switch {
	case !known:
		w.add("("+text+")", args...)
	case strings.ContainsAny(q, "@0123456789"): // somebody has this number or address: that is who was meant
		w.add(is, keyArgs...)
	default:
		w.add("("+is+" OR "+text+")", append(keyArgs, args...)...)
	}
	return nil
}

// keysOf is a condition on the keys of identities: equal to q in any spelling, or beginning with it. It is empty if there can be none.
func (s *Service) keysOf(ctx context.Context, q string, personal bool) (string, []any, error) {
	var parts []string
	var args []any
	exact := func(i event.Identity) { parts, args = append(parts, "key = ?"), append(args, i.Key()) }
	begins := func(i event.Identity, q string) {
		i.Value = q
		parts, args = append(parts, "(key >= ? AND key < ?)"), append(args, i.Key(), i.Key()+"\U0010ffff")
	}
	prefixes, err := s.identity.Prefixes(ctx)
	if err != nil {
		return "", nil, err
	}
	for _, i := range prefixes {
		if !personal && identity.Personal(i.Kind) {
			continue
		}
		if v, err := identity.Normalize(i.Kind, q, s.region()); err == nil {
			i.Value = v
			exact(i)
		}
		if len(q) < 2 {
			continue
		}
		switch i.Kind {
		case event.Phone:
			for _, q := range s.beginningsOfPhone(q) {
				begins(i, q)
			}
		case event.Email:
			begins(i, cases.Fold().String(q))
		default:
			begins(i, q)
		}
	}
	return strings.Join(parts, " OR "), args, nil
}

// beginningsOfPhone are the stored forms that a beginning of a phone number may stand for: 138 00… is +8613800… in China.
func (s *Service) beginningsOfPhone(q string) []string {
	plain := strings.Map(func(r rune) rune {
		if strings.ContainsRune(" -().", r) {
			return -1
		}
		return r
	}, width.Narrow.String(q))
	digits, international := strings.CutPrefix(plain, "+")
	if rest, ok := strings.CutPrefix(digits, "00"); ok && !international {
		digits, international = rest, true
	}
	if len(digits) < 2 || strings.Trim(digits, "0123456789") != "" {
		return nil
	}
	if international {
		return []string{"+" + digits}
	}
	code := strconv.Itoa(phonenumbers.GetCountryCodeForRegion(s.region()))
	return []string{"+" + digits, "+" + code + digits}
}
