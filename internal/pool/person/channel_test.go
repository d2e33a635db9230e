package person_test

import (
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/pool/event"
	"github.com/huoshui/huoshui/internal/pool/person"
)

// Which channel a visit is put down to, by what it brings with it.
func TestChannelOfATouch(t *testing.T) {
	t.Parallel()
	page := func(context string) *event.Event {
		return &event.Event{ID: "m", Type: event.Page, Name: event.PageViewed, Time: 1, Context: []byte(context)}
	}
	for context, want := range map[string]string{
		``:   "direct owned",
		`{}`: "direct owned",
		`{"channel":{"key":"store-7","class":"offline"}}`:                                                         "store-7 offline",
		`{"channel":{"key":"store-7","class":"imagined"}}`:                                                        "store-7 unknown",
		`{"channel":{"key":"x","class":"partner"},"campaign":{"source":"baidu","medium":"cpc"}}`:                  "x partner",
		`{"channel":"server","campaign":{"source":"baidu","medium":"cpc"}}`:                                       "sem-baidu external",
		`{"campaign":{"source":"Baidu","medium":"CPC"}}`:                                                          "sem-baidu external",
		`{"campaign":{"source":"baidu"}}`:                                                                         "seo-baidu external",
		`{"campaign":{"source":"xiaohongshu","medium":"feed"}}`:                                                   "social-ads-xiaohongshu external",
		`{"campaign":{"source":"weibo","medium":"post"}}`:                                                         "social-weibo external",
		`{"campaign":{"source":"tea-times","medium":"banner"}}`:                                                   "paid-tea-times external",
		`{"campaign":{"source":"lijiaqi","medium":"kol"}}`:                                                        "kol-lijiaqi partner",
		`{"campaign":{"source":"flyer","medium":"qr"}}`:                                                           "qr-flyer offline",
		`{"campaign":{"source":"crm","medium":"sms"}}`:                                                            "sms owned",
		`{"campaign":{"source":"newsletter","medium":"email"}}`:                                                   "email owned",
		`{"campaign":{"source":"tea-times"}}`:                                                                     "tea-times unknown",
		`{"clickIds":{"gclid":"1"}}`:                                                                              "paid-gclid external",
		`{"clickIds":{"gclid":"1","bd_vid":"2"}}`:                                                                 "paid-gclid external",
		`{"page":{"referrer":"https://www.baidu.com/s?wd=tea","url":"https://shop.example/"}}`:                    "seo-baidu.com external",
		`{"page":{"referrer":"https://WWW.Baidu.COM/s?wd=tea","url":"https://shop.example/"}}`:                    "seo-baidu.com external",
		`{"page":{"referrer":"https://m.sm.cn/","url":"https://shop.example/"}}`:                                  "seo-m.sm.cn external",
		`{"page":{"referrer":"https://www.zhihu.com/q","url":"https://shop.example/"}}`:                           "social-zhihu.com external",
		`{"page":{"referrer":"https://notbaidu.com/","url":"https://shop.example/"}}`:                             "referral-notbaidu.com external",
		`{"page":{"referrer":"https://blog.example.org/tea","url":"https://shop.example/"}}`:                      "referral-blog.example.org external",
		`{"page":{"referrer":"https://shop.example/a","url":"https://shop.example/b"}}`:                           "", // a step within the site
		`{"page":{"referrer":"https://www.shop.example/a","url":"https://shop.example/b"}}`:                       "",
		`{"page":{"referrer":"https://Shop.Example/a","url":"https://shop.example/b"}}`:                           "",
		`{"page":{"referrer":"https://shop.example/a","url":"https://shop.example/b"},"campaign":{"source":"x"}}`: "x unknown",
		`{"page":{"referrer":"::not a url","url":"%zz"}}`:                                                         "direct owned",
		`{"campaign":"a text"}`: "direct owned",
		`[]`:                    "direct owned",
	} {
		touch := person.TouchOf(page(context))
		got := ""
		if touch != nil {
			got = touch.Channel + " " + touch.Class
		}
		require.Equal(t, want, got, context)
	}
	track := page(`{"page":{"referrer":"https://www.baidu.com/","url":"https://shop.example/"}}`)
	track.Type = event.Track
	require.Nil(t, person.TouchOf(track), "what is no visit touches only by its campaign, click or channel")
	track.Context = []byte(`{"campaign":{"source":"baidu"}}`)
	require.NotNil(t, person.TouchOf(track))
}

// No context breaks the reading of touches, and what is read can be kept.
func FuzzTouchOf(f *testing.F) {
	for _, s := range []string{`{"campaign":{"source":"\u0000","medium":"cpc"}}`, `{"channel":{"key":"x"},"clickIds":{"":""}}`, `{"page":{"url":"http://[::1","referrer":"//x"}}`, `{"channel":`, "\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, context string) {
		for _, typ := range []event.Type{event.Page, event.Track} {
			e := &event.Event{ID: "m", Type: typ, Name: "A", Time: 1, Context: []byte(context)}
			touch := person.TouchOf(e)
			if touch == nil {
				continue
			}
			require.Contains(t, []string{"owned", "partner", "external", "offline", "unknown"}, touch.Class)
			require.NotEmpty(t, touch.Channel)
			require.LessOrEqual(t, len(touch.Channel), 100)
			require.True(t, utf8.ValidString(touch.Channel))
			require.Equal(t, touch, person.TouchOf(e), "the same every time")
		}
	})
}

// No properties break the reading of amounts, and the same event is always the same amount.
func FuzzAmountOf(f *testing.F) {
	for _, s := range []string{`{"revenue":1e999}`, `{"revenue":"1,234.5","currency":"cny"}`, `{"total":-0}`, `{"value":"0x10"}`, `{"revenue":{},"total":2}`, `{"revenue":"1/3"}`, `{"revenue":9223372036854775807}`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, properties string) {
		e := &event.Event{ID: "m", Type: event.Track, Name: event.OrderCompleted, Time: 1, Properties: []byte(properties)}
		a, ok := person.AmountOf(e, "CNY")
		b, again := person.AmountOf(e, "CNY")
		require.Equal(t, a, b)
		require.Equal(t, ok, again)
		if ok {
			require.Len(t, a.Currency, 3)
		}
		fold := person.Of(e, "CNY")
		require.Equal(t, int64(1), fold.Orders)
		if ok && a.Currency == "CNY" {
			require.Equal(t, a.Minor, fold.Revenue)
		} else {
			require.Zero(t, fold.Revenue)
		}
	})
}
