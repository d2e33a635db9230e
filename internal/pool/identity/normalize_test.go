package identity_test

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/pool/event"
	"github.com/huoshui/huoshui/internal/pool/identity"
)

// One number has one form, however it is spelled; what is no number that can be dialled is none.
func TestNormalizePhones(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"13800138000":             "+8613800138000",
		" 138 0013 8000 ":         "+8613800138000",
		"138-0013-8000":           "+8613800138000",
		"+86 138-0013-8000":       "+8613800138000",
		"+8613800138000":          "+8613800138000",
		"8613800138000":           "+8613800138000",
		"86-13800138000":          "+8613800138000",
		"0086 13800138000":        "+8613800138000",
		"(+86)13800138000":        "+8613800138000",
		"（+86）138 0013 8000":      "+8613800138000",
		"１３８００１３８０００":             "+8613800138000",
		"＋８６１３８００１３８０００":          "+8613800138000",
		"\ufeff13800138000\u200b": "+8613800138000",
		"tel:+86-138-0013-8000":   "+8613800138000",
		"19912345678":             "+8619912345678",
		"0571-88886666":           "+8657188886666",
		"010 6552 9988":           "+861065529988",
		"+86 10 6552 9988":        "+861065529988",
		"400-820-8820":            "+864008208820",
		"+852 9123 4567":          "+85291234567",
		"+1 (202) 555-0143":       "+12025550143",
		"+44 20 7946 0018":        "+442079460018",
		"+81 90-1234-5678":        "+819012345678",

		"":                         "",
		"null":                     "",
		"undefined":                "",
		"0":                        "",
		"12345":                    "",
		"123456789":                "",
		"12345678":                 "", // a landline without its area: of many cities
		"88886666":                 "",
		"11111111111":              "",
		"00000000000":              "",
		"138001380001":             "",
		"1380013800":               "",
		"138****8000":              "",
		"138-HELLO-WORLD":          "",
		"0571-88886666 转 8001":     "",
		"+86 571 88886666 ext 801": "", // a switchboard is many people
		"李雷":                       "",
		"a@b.cn":                   "",
		"+999 123 456 789":         "",
		strings.Repeat("1", 300):   "",
	} {
		got, err := identity.Normalize(event.Phone, in, "CN")
		require.Equal(t, want, got, in)
		require.Equal(t, want == "", err != nil, in)
	}
	got, err := identity.Normalize(event.Phone, "(202) 555-0143", "US")
	require.NoError(t, err)
	require.Equal(t, "+12025550143", got, "numbers without a country belong to the pool's region")
}

func TestNormalizeOthers(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ kind, in, want string }{
		{event.Email, " Li.Lei@Example.COM ", "li.lei@example.com"},
		{event.Email, "ｌｉ＠ｅｘａｍｐｌｅ．ｃｎ", "li@example.cn"},
		{event.Email, "Li Lei <li@example.cn>", "li@example.cn"},
		{event.Email, "a+tag@b.co", "a+tag@b.co"},
		{event.Email, "李雷@例子.中国", "李雷@例子.中国"},
		{event.Email, "li@localhost", ""},
		{event.Email, "li@", ""},
		{event.Email, "@b.cn", ""},
		{event.Email, "li", ""},
		{event.Email, "a b@c.cn", ""},
		{event.Email, `"a@b"@c.cn`, ""},
		{event.Email, "a@b.cn, c@d.cn", ""},
		{event.Email, "a@.cn", ""},
		{event.UserID, " U-1 ", "U-1"},
		{event.UserID, "null", ""},
		{event.UserID, "NULL", ""},
		{event.UserID, "(null)", ""},
		{event.UserID, "<null>", ""},
		{event.UserID, "undefined", ""},
		{event.UserID, "[object Object]", ""},
		{event.UserID, "00000000-0000-0000-0000-000000000000", ""},
		{event.DeviceID, "0000000000000000", ""},
		{event.UserID, "\x00\x01", ""},
		{event.UserID, strings.Repeat("x", 257), ""},
		{event.UserID, "007", "007"},
	} {
		got, err := identity.Normalize(c.kind, c.in, "CN")
		require.Equal(t, c.want, got, c.in)
		require.Equal(t, c.want == "", err != nil, c.in)
	}
}

// Traits that are identities are found whatever JSON type they have, and one that is none costs only itself.
func TestFromTraits(t *testing.T) {
	t.Parallel()
	ks := identity.NewKinds(identity.Kind{Kind: "card", Trait: "card_no", Strong: true, Merges: true, Rank: 15})
	find := func(traits string) ([]event.Identity, []string) { return ks.FromTraits([]byte(traits), "CN") }
	got, problems := find(`{"phone":13800138000,"email":"A@B.cn","card_no":" c1 ","member_no":null,"city":"杭州"}`)
	require.Equal(t, []event.Identity{{Kind: "card", Value: "c1"}, {Kind: event.Phone, Value: "+8613800138000"}, {Kind: event.Email, Value: "a@b.cn"}}, got)
	require.Empty(t, problems)
	got, problems = find(`{"phone":"12345","email":{"a":1},"card_no":["c1"],"member_no":true}`)
	require.Empty(t, got)
	require.Equal(t, []string{"phone.invalid"}, problems)
	for _, nothing := range []string{``, `{}`, `null`} {
		got, problems = find(nothing)
		require.Empty(t, got)
		require.Empty(t, problems)
	}
	_, problems = find(`{"phone":`)
	require.Equal(t, []string{"traits.invalid"}, problems)
}

// A normal form is its own normal form, can be stored, and is not longer than an identity may be.
func FuzzNormalize(f *testing.F) {
	for _, s := range []string{
		"13800138000", "+86 138-0013-8000", "A@B.cn", `"a@b"@c.cn`, "null", "\u1e9e@b.cn", "İ@x.cn", "０", "a\x00b", "tel:+1-202-555-0143;ext=5", "x <y@z.cn>", "\xff",
		strings.Repeat("ß", 120) + "@b.cn", "ŉ@a.cn", "+1 800 FLOWERS", " \u200b x",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, kind := range []string{event.Phone, event.Email, event.UserID, "crm_id"} {
			once, err := identity.Normalize(kind, s, "CN")
			if err != nil {
				continue
			}
			twice, err := identity.Normalize(kind, once, "CN")
			require.NoError(t, err, "%s %q → %q", kind, s, once)
			require.Equal(t, once, twice)
			require.LessOrEqual(t, len(once), event.MaxValue)
			e := event.Event{ID: "m", Type: event.Track, Name: "A", Identities: []event.Identity{{Kind: kind, Value: once}}}
			require.NoError(t, e.Validate(0), "%s %q → %q", kind, s, once)
		}
		ids, _ := identity.NewKinds().FromTraits([]byte(s), "CN")
		for _, i := range ids {
			again, err := identity.Normalize(i.Kind, i.Value, "CN")
			require.NoError(t, err)
			require.Equal(t, i.Value, again)
		}
		if traits, err := json.Marshal(map[string]string{"phone": s, "email": s}); err == nil && utf8.ValidString(s) {
			ids, problems := identity.NewKinds().FromTraits(traits, "CN")
			require.LessOrEqual(t, len(ids)+len(problems), 2)
		}
	})
}
