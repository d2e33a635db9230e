package identity_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/pool/identity"
)

// Of a value under a personal name enough is left to tell two apart, and no more.
func TestMask(t *testing.T) {
	t.Parallel()
	for _, c := range [][3]string{
		{"phone", "+8613800138000", "+86138****8000"},
		{"phone", "13800138000", "138****8000"},
		{"phone", "85123456", "****3456"},
		{"phone", "138 0013 8000", "138 **** 8000"},
		{"phone", "110", "1***"},
		{"phone", "1234567", "1***"},
		{"phone", "none of yours", "n***"},
		{"Mobile_No", "13800138000", "138****8000"},
		{"email", "mei@example.com", "m***@example.com"},
		{"email", "梅@例子.中国", "梅***@例子.中国"},
		{"email", "@", "***@"},
		{"address", "杭州市西湖区文三路一百二十三号四单元五零一室", "杭***"},
		{"id_card", "330106199003071234", "3***"},
		{"birthday", "1990-03-07", "1***"},
		{"phone", "", ""},
	} {
		require.Equal(t, c[2], identity.Mask(c[0], c[1]), c)
	}
}

// Phone numbers and e-mail addresses are hidden wherever they stand; other numbers are left alone.
func TestMaskText(t *testing.T) {
	t.Parallel()
	for _, c := range [][2]string{
		{"mei@example.com", "m***@example.com"},
		{"写信给 mei.li+1@mail.example.com。", "写信给 m***@mail.example.com。"},
		{"https://a.example/?to=mei%40example.com&x=1", "https://a.example/?to=m***%40example.com&x=1"},
		{"a@b.cn,c@d.cn", "a***@b.cn,c***@d.cn"},
		{"@mei and me@home", "@mei and me@home"},
		{"13800138000", "138****8000"},
		{"电话13800138000。", "电话138****8000。"},
		{"138 0013 8000", "138 **** 8000"},
		{"86-138-0013-8000", "86-138-****-8000"},
		{"008613800138000", "0086138****8000"},
		{"+852 5123 4567", "+852 **** 4567"},
		{"+8613800138000", "+86138****8000"},
		{"tel=13800138000&o=1", "tel=138****8000&o=1"},
		{"13800138000 2026", "138****8000 2026"},
		{"2026-03-01 12:00:00", "2026-03-01 12:00:00"},
		{"order 20260301120000123", "order 20260301120000123"},
		{"1712345678901", "1712345678901"},
		{"19900", "19900"},
		{"+5", "+5"},
		{"", ""},
		{"\xff@\xff.x", "\xff@\xff.x"},
	} {
		require.Equal(t, c[1], identity.MaskText(c[0]), c[0])
	}
}

// Properties, traits and contexts are masked through and through, and stay what they were otherwise.
func TestMaskJSON(t *testing.T) {
	t.Parallel()
	for _, c := range [][2]string{
		{`{"phone":"13800138000","n":12345678901234567890,"ok":true,"x":null}`, `{"n":12345678901234567890,"ok":true,"phone":"138****8000","x":null}`},
		{`{"phone":13800138000}`, `{"phone":"138****8000"}`},
		{`{"contact":13800138000}`, `{"contact":"138****8000"}`},
		{`{"traits":{"homeAddress":{"city":"杭州","lines":["文三路"]},"E-Mail":"mei@example.com"}}`, `{"traits":{"E-Mail":"m***@example.com"}}`},
		{`{"externalIds":[{"type":"phone","id":"51234567"},{"type":"user_id","id":"u1"}]}`, `{"externalIds":[{"id":"****4567","type":"phone"},{"id":"u1","type":"user_id"}]}`},
		{`{"page":{"url":"https://a.example/?m=13800138000"}}`, `{"page":{"url":"https://a.example/?m=138****8000"}}`},
		{`{"hotel":"Hilton","mobile":true}`, `{"hotel":"Hilton","mobile":true}`},
		{`{"a":1.10,"b":[null,true,"x"]}`, `{"a":1.10,"b":[null,true,"x"]}`},
		{`{"list":[{"email":"a@b.c"}],"phone":["1","2"]}`, `{"list":[{"email":"a***@b.c"}]}`},
		{`{"phone":`, `{}`},
		{``, ``},
	} {
		require.Equal(t, c[1], string(identity.MaskJSON(json.RawMessage(c[0]))), c[0])
	}
}

// Whatever a text holds, masking never lengthens a number's visible digits, never panics and keeps JSON JSON.
func FuzzMask(f *testing.F) {
	for _, s := range []string{"mei@example.com", "+86 138-0013-8000", "a%40b.c", "1 2 3 - + 4", "@.@..@"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		out := identity.MaskText(s)
		if strings.Count(out, "*") < strings.Count(s, "*") {
			t.Fatalf("%q lost stars: %q", s, out)
		}
		text, err := json.Marshal(map[string]string{s: s, "phone": s, "x": s})
		if err != nil {
			t.Skip()
		}
		if masked := identity.MaskJSON(text); !json.Valid(masked) || string(masked) == "{}" {
			t.Fatalf("%s became %s", text, masked)
		}
	})
}
