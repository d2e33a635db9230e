package person

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
)

// Personal members are hidden wherever they are; everything else stays as it was, numbers to the digit.
func TestMaskedEvent(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, in, out string }{
		{"nothing personal", `{"a":1.10,"b":[null,true,"x"],"big":12345678901234567890}`, `{"a":1.10,"b":[null,true,"x"],"big":12345678901234567890}`},
		{"texts and numbers", `{"phone":"+8613800138000","Email":"lin@example.com","mobile":13800138000}`, `{"phone":"+86138****8000","Email":"l***@example.com","mobile":"138****8000"}`},
		{"deep", `{"traits":{"phone":"+8613800138000"},"list":[{"email":"a@b.c"}]}`, `{"traits":{"phone":"+86138****8000"},"list":[{"email":"a***@b.c"}]}`},
		{"objects go", `{"address":{"street":"x"},"phone":["1","2"],"city":"杭州"}`, `{"city":"杭州"}`},
		{"external ids", `{"externalIds":[{"type":"phone","id":"+8613800138000"},{"type":"unionid","id":"u-1"}]}`, `{"externalIds":[{"type":"phone","id":"+86138****8000"},{"type":"unionid","id":"u-1"}]}`},
		{"unreadable", `{"phone":`, `{}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			require.JSONEq(t, c.out, string(masked(json.RawMessage(c.in))))
		})
	}
	require.Nil(t, masked(nil))
}
