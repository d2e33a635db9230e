package brand

import "math"

// surface is where a visit takes place; it decides which identities its events carry.
type surface uint8

const (
	site   surface = iota // the brand's shop in a browser: anonymous_id
	phone                 // the brand's app: device_id
	mini                  // the mini-program: openid, unionid
	oa                    // the Official Account: openid of its own, unionid
	wecom                 // a member of staff's WeCom: external_userid, unionid
	shop                  // a counter: member_no
	tablet                // a shop's tablet, shared by whoever stands there: anonymous_id
)

// channel is one way by which people come: how many, when, and how good they are.
type channel struct {
	key, class, name       string
	source, medium, clicks string // what its links carry; clicks is the platform's click id parameter
	home                   surface
	volume                 float64 // share of newcomers, not normalised
	season                 float64 // how much its volume follows the shopping calendar: 0 not at all, 1 fully, above 1 more than that
	opens                  float64 // when it starts, as a part of the history
	growth                 float64 // factor between its beginning and the end of the history
	bursts                 int     // number of short campaigns that bring most of its people; 0 for a steady channel
	sign, buy              float64 // probability to register, and of the registered to buy
	pace, loyal, spend     float64 // factors on the rate of buying, the length of the relation and the value of orders
	tea                    float64 // mean leaning towards tea, 0 to 1
	day                    []float64
}

// channels are the brand's ways in, of all four classes.
func channels() []channel {
	return []channel{
		{key: "site", class: "owned", name: "品牌官网", source: "site", medium: "direct", home: site, volume: 5, season: .5, growth: 1.2, sign: .42, buy: .66, pace: 1, loyal: 1, spend: 1, tea: .5},
		{key: "app", class: "owned", name: "品牌 App", source: "app", medium: "store", home: phone, volume: 4, season: .4, opens: .28, growth: 2, sign: .78, buy: .7, pace: 1.35, loyal: 1.4, spend: 1.05, tea: .42},
		{key: "official-account", class: "owned", name: "公众号「云壑茶事」", source: "wechat", medium: "official-account", home: oa, volume: 9, season: .3, growth: 1.3, sign: .48, buy: .62, pace: 1.05, loyal: 1.35, spend: 1, tea: .66},
		{key: "mini-program", class: "owned", name: "小程序商城", source: "wechat", medium: "mini-program", home: mini, volume: 9, season: .8, growth: 2.2, sign: .62, buy: .66, pace: 1.15, loyal: 1.1, spend: .95, tea: .48},
		{key: "wecom", class: "owned", name: "企业微信导购", source: "wecom", medium: "staff", home: wecom, volume: 6, season: .5, growth: 2.4, sign: .74, buy: .76, pace: 1.5, loyal: 1.6, spend: 1.15, tea: .5},
		{key: "membership", class: "owned", name: "会员卡老客唤回", source: "member", medium: "card", home: shop, volume: 2, season: .6, growth: .8, sign: 1, buy: .72, pace: 1.2, loyal: 1.5, spend: 1.25, tea: .6},
		{key: "invite", class: "owned", name: "老友邀请", source: "invite", medium: "referral", home: mini, volume: 9, season: .6, opens: .1, growth: 2.6, sign: .72, buy: .62, pace: 1.2, loyal: 1.45, spend: 1.05, tea: .5},
		{key: "alliance-cafe", class: "partner", name: "异业联盟 · 拾光咖啡", source: "cafe", medium: "alliance", home: mini, volume: 3, season: .2, opens: .2, growth: 1, bursts: 7, sign: .4, buy: .42, pace: .85, loyal: .9, spend: .9, tea: .74},
		{key: "alliance-yoga", class: "partner", name: "异业联盟 · 素坊瑜伽", source: "yoga", medium: "alliance", home: mini, volume: 2, season: .1, opens: .35, growth: 1.2, bursts: 5, sign: .5, buy: .56, pace: 1.1, loyal: 1.2, spend: 1.1, tea: .35},
		{key: "kol-beauty", class: "partner", name: "达人合作 · 成分党小组", source: "kol", medium: "affiliate", home: mini, volume: 7, season: 1.1, growth: 1.2, bursts: 16, sign: .36, buy: .52, pace: .7, loyal: .6, spend: .85, tea: .12},
		{key: "kol-tea", class: "partner", name: "达人合作 · 山里喝茶的人", source: "kol", medium: "affiliate", home: mini, volume: 4, season: .6, growth: 1.1, bursts: 11, sign: .4, buy: .55, pace: .9, loyal: 1, spend: 1.2, tea: .92},
		{key: "platform-tmall", class: "partner", name: "天猫旗舰店包裹卡", source: "tmall", medium: "platform", home: wecom, volume: 7, season: 1.5, growth: 1.1, sign: .55, buy: .58, pace: .8, loyal: .8, spend: 1, tea: .4},
		{key: "platform-jd", class: "partner", name: "京东自营包裹卡", source: "jd", medium: "platform", home: wecom, volume: 3, season: 1.4, opens: .15, growth: 1.2, sign: .5, buy: .55, pace: .8, loyal: .8, spend: 1.1, tea: .55},
		{key: "sem-baidu", class: "external", name: "百度搜索推广", source: "baidu", medium: "cpc", clicks: "bd_vid", home: site, volume: 9, season: .9, growth: .9, sign: .26, buy: .5, pace: .75, loyal: .65, spend: 1, tea: .45},
		{key: "seo", class: "external", name: "自然搜索", source: "baidu", medium: "organic", home: site, volume: 7, season: .3, growth: 2, sign: .28, buy: .54, pace: .9, loyal: 1, spend: 1, tea: .58},
		{key: "ads-moments", class: "external", name: "朋友圈广告", source: "wechat-ads", medium: "paid-social", clicks: "gdt_vid", home: mini, volume: 9, season: 1.2, growth: 1.1, sign: .34, buy: .42, pace: .65, loyal: .55, spend: .85, tea: .35},
		{key: "ads-douyin", class: "external", name: "抖音信息流广告", source: "douyin", medium: "paid-social", clicks: "clickid", home: site, volume: 10, season: 1.3, opens: .12, growth: 1.6, sign: .24, buy: .4, pace: .6, loyal: .45, spend: .75, tea: .25},
		{key: "content-xhs", class: "external", name: "小红书笔记", source: "xiaohongshu", medium: "content", home: site, volume: 8, season: .7, growth: 1.8, sign: .36, buy: .52, pace: .9, loyal: .9, spend: .95, tea: .22},
		{key: "content-zhihu", class: "external", name: "知乎专栏", source: "zhihu", medium: "content", home: site, volume: 3, season: .1, growth: 1.1, sign: .34, buy: .55, pace: .95, loyal: 1.15, spend: 1.25, tea: .7},
		{key: "store-hangzhou", class: "offline", name: "杭州湖滨店", source: "store", medium: "offline", home: shop, volume: 4, season: .6, growth: 1, sign: .9, buy: .74, pace: 1.1, loyal: 1.2, spend: 1.3, tea: .6},
		{key: "store-shanghai", class: "offline", name: "上海武康路店", source: "store", medium: "offline", home: shop, volume: 4, season: .6, opens: .22, growth: 1.3, sign: .9, buy: .72, pace: 1.1, loyal: 1.15, spend: 1.4, tea: .45},
		{key: "store-chengdu", class: "offline", name: "成都宽窄巷子店", source: "store", medium: "offline", home: shop, volume: 2.5, season: .7, opens: .5, growth: 1.4, sign: .88, buy: .7, pace: 1, loyal: 1.1, spend: 1.1, tea: .68},
		{key: "print-box", class: "offline", name: "包装与画册二维码", source: "print", medium: "qr", home: mini, volume: 4, season: .5, growth: 1.2, sign: .5, buy: .6, pace: 1, loyal: 1.2, spend: 1.05, tea: .55},
		{key: "event-teafair", class: "offline", name: "茶博会与市集", source: "event", medium: "qr", home: oa, volume: 3, season: .1, growth: 1.1, bursts: 6, sign: .52, buy: .5, pace: .85, loyal: 1, spend: 1.3, tea: .86},
	}
}

// burst lays out on which days the channel's people come, before the shopping calendar.
func (c *channel) burst(d dice, days int) {
	c.day = make([]float64, days)
	first := int(c.opens * float64(days))
	for i := first; i < days; i++ {
		c.day[i] = 1 + (c.growth-1)*float64(i-first)/float64(max(days-first, 1))
		if c.bursts > 0 {
			c.day[i] *= 0.12
		}
	}
	for range c.bursts {
		at, height := first+d.IntN(max(days-first, 1)), d.between(3, 12)
		for k := range 9 {
			if at+k < days {
				c.day[at+k] *= 1 + height*math.Exp(-float64(k)/2.5)
			}
		}
	}
}
