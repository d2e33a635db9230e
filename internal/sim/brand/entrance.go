package brand

import (
	"strconv"
	"time"

	"github.com/huoshui/huoshui/internal/pool/event"
)

// enter sends the first event of a visit. Its context says by which channel and campaign the person came.
func (s *scene) enter() {
	c := s.channel()
	switch s.where {
	case site:
		path, title := s.landing()
		s.emit(event.Page, event.PageViewed, s.props.begin().str("path", path).str("title", title).done(), nil, s.arrive(c, path, title))
	case phone, mini:
		s.emit(event.Screen, event.ScreenViewed, s.props.begin().str("name", s.screen()).done(), nil, s.arrive(c, "", ""))
	case oa:
		if s.v.no == 0 {
			s.emit(event.Track, "Official Account Followed", s.props.begin().str("scene", s.scan(c)).done(), nil, s.arrive(c, "", ""))
		} else {
			s.emit(event.Track, "Message Read", s.message("official-account"), nil, s.arrive(c, "", ""))
		}
	case wecom:
		if s.v.no == 0 {
			who := s.b.world.staff[s.p.staff]
			properties := s.props.begin().str("staff_id", who.id).str("staff_name", who.name).str("scene", s.scan(c)).done()
			s.emit(event.Track, "Contact Added", properties, nil, s.arrive(c, "", ""))
		} else {
			s.emit(event.Track, "Message Read", s.message("wecom"), nil, s.arrive(c, "", ""))
		}
	case shop, tablet:
		s.emit(event.Track, "Store Visited", s.props.begin().str("store", s.store(c)).done(), nil, s.arrive(c, "", ""))
	}
	s.wait()
}

// channel is how the person came this time: at first by the person's own channel, later mostly by the brand's.
func (s *scene) channel() *channel {
	w := &s.b.world
	if s.v.no == 0 {
		return &w.channels[s.p.channel]
	}
	x := s.d.Float64()
	switch s.where {
	case site:
		switch {
		case x < 0.55:
			return w.channel("site")
		case x < 0.72:
			return w.channel("seo")
		case x < 0.82:
			return w.channel("sem-baidu")
		case x < 0.9:
			return w.channel("content-xhs")
		}
		return w.channel("official-account")
	case phone:
		return w.channel("app")
	case mini:
		switch {
		case x < 0.62:
			return w.channel("mini-program")
		case x < 0.84:
			return w.channel("wecom")
		case x < 0.92:
			return w.channel("official-account")
		case x < 0.96:
			return w.channel("print-box")
		}
		return w.channel("ads-moments")
	case oa:
		return w.channel("official-account")
	case wecom:
		return w.channel("wecom")
	case shop, tablet:
		if c := &w.channels[s.p.channel]; c.class == "offline" && c.medium == "offline" {
			return c
		}
		return w.channel("store-hangzhou")
	}
	return w.channel("site")
}

// channel finds a channel by its key, which must exist.
func (w *world) channel(key string) *channel {
	for i := range w.channels {
		if w.channels[i].key == key {
			return &w.channels[i]
		}
	}
	return &w.channels[0]
}

// arrive writes the context of a first event: channel, campaign, device and, in a browser, the page with its address.
func (s *scene) arrive(c *channel, path, title string) []byte {
	d := s.context.begin()
	d.open("channel").str("key", c.key).str("class", c.class).str("name", c.name).end('}')
	campaign := s.theme
	if c.medium == "organic" || c.key == "site" {
		campaign = ""
	} else {
		d.open("campaign").str("source", c.source).str("medium", c.medium).str("name", campaign).end('}')
	}
	w := &s.b.world
	if path != "" {
		d.open("page").str("path", path).str("title", title)
		const origin = "https://shop.yunhe.example"
		query := ""
		if campaign != "" {
			query = "?utm_source=" + c.source + "&utm_medium=" + c.medium + "&utm_campaign=" + campaign
			if c.clicks != "" {
				query += "&" + c.clicks + "=" + strconv.FormatUint(s.d.Uint64(), 36)
			}
		}
		d.str("url", origin+path+query).str("search", query)
		switch c.key {
		case "seo", "sem-baidu":
			d.str("referrer", "https://www.baidu.com/")
		case "content-zhihu":
			d.str("referrer", "https://zhuanlan.zhihu.com/")
		case "content-xhs":
			d.str("referrer", "https://www.xiaohongshu.com/")
		}
		d.end('}')
		d.str("userAgent", agent(s.browser))
	} else if s.where != shop && s.where != tablet {
		d.open("device").str("model", w.names.models[s.p.model]).end('}')
	}
	return d.str("ip", s.ip()).str("locale", "zh-CN").done()
}

func agent(k uint64) string {
	return []string{
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
		"Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/125.0.0.0 Mobile Safari/537.36",
	}[k%3]
}

// landing is the page on which a browser arrives.
func (s *scene) landing() (path, title string) {
	if s.v.no == 0 && s.d.chance(0.45) {
		return "/go/" + s.theme, "云壑 · 新客礼"
	}
	if s.d.chance(0.5) {
		p := s.product()
		return "/p/" + p.sku, p.name
	}
	return "/", "云壑 · 茶与护肤"
}

func (s *scene) screen() string {
	return []string{"首页", "首页", "分类", "会员中心", "活动"}[s.d.IntN(5)]
}

// scan says what brought somebody to a QR code.
func (s *scene) scan(c *channel) string {
	switch c.class {
	case "offline":
		return "门店扫码"
	case "partner":
		return "渠道活码"
	}
	return "搜索添加"
}

func (s *scene) store(c *channel) string {
	if c.class == "offline" {
		return c.name
	}
	return s.b.world.staff[s.p.staff].store
}

func (s *scene) message(carrier string) []byte {
	m := s.b.world.stories.messages[s.d.IntN(len(s.b.world.stories.messages))]
	return s.props.begin().str("message_id", m.id+"-"+s.theme).str("title", m.title).str("topic", m.topic).str("carrier", carrier).done()
}

// stamp writes a moment as RFC 3339 in UTC.
func stamp(t int64) string { return time.UnixMicro(t).UTC().Format("2006-01-02T15:04:05.000000Z") }
