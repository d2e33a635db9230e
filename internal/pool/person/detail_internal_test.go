package person

import (
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// What is written by hand is what the library writes, byte by byte, so that rows of before and after are the same.
func TestDetailIsWrittenAsTheLibraryDoes(t *testing.T) {
	t.Parallel()
	text := rapid.OneOf(rapid.Just(""), rapid.String(), rapid.SampledFrom([]string{"<b>&amp;", "a\"b\\c\n\x00\u2028", "\xff广告\xfe", "杭州"}))
	touch := rapid.Custom(func(t *rapid.T) *Touch {
		return &Touch{
			rapid.Int64().Draw(t, "time"), text.Draw(t, "channel"), text.Draw(t, "class"), text.Draw(t, "source"), text.Draw(t, "medium"),
			text.Draw(t, "campaign"), text.Draw(t, "referrer"), text.Draw(t, "landing"), text.Draw(t, "click"),
		}
	})
	event := rapid.Custom(func(t *rapid.T) *LastEvent {
		return &LastEvent{text.Draw(t, "id"), text.Draw(t, "name"), rapid.Int64().Draw(t, "at")}
	})
	rapid.Check(t, func(t *rapid.T) {
		var d Detail
		if rapid.Bool().Draw(t, "first") {
			d.FirstTouch = touch.Draw(t, "first touch")
		}
		if rapid.Bool().Draw(t, "last") {
			d.LastTouch = touch.Draw(t, "last touch")
		}
		if rapid.Bool().Draw(t, "event") {
			d.LastEvent = event.Draw(t, "last event")
		}
		want, err := json.Marshal(&d, jsontext.AllowInvalidUTF8(true))
		require.NoError(t, err)
		require.Equal(t, string(want), string(d.appendTo(nil)))
	})
}
