package rule

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// Sentences read as a person would say them.
func TestSentence(t *testing.T) {
	t.Parallel()
	words := Words{Currency: "CNY", Title: func(what What, key, lang string) string {
		return map[string]string{"tag/staff/zh": "员工", "tier/activity/zh": "活跃度", "level/activity/core/zh": "核心", "segment/vip/zh": "高价值老客"}[string(what)+"/"+key+"/"+lang]
	}}
	for _, c := range []struct{ text, zh, en string }{
		{
			`count("Order Completed", "30d") >= 3 && sum("Order Completed", "revenue", "365d") >= 2000 && person.city == "杭州" && !has_tag("staff")`,
			`近 30 天内完成订单至少 3 次，且近 365 天内累计消费满 2000 元，且所在城市是杭州，且没有标签“员工”`,
			`Completed an order at least 3 times in the last 30 days, and spent at least 2000 CNY in the last 365 days, and city is “杭州”, and does not have the tag “staff”`,
		},
		{`count("Order Completed", "all") == 0`, `累计没有完成订单`, `Has not completed an order so far`},
		{`!(count("Page Viewed", "1d") >= 1)`, `今天没有浏览页面`, `Has not viewed a page today`},
		{`count("抽奖", "7d") > 2`, `近 7 天内发生“抽奖”超过 2 次`, `Did “抽奖” more than 2 times in the last 7 days`},
		{
			`count("Order Completed", "90d", event.sku == "T1" && event.revenue >= 100) == 1`, `近 90 天内完成订单（其中商品编码是“T1”，且金额至少 100 元）正好 1 次`,
			`Completed an order (where SKU is “T1”, and amount is at least 100 CNY) exactly 1 time in the last 90 days`,
		},
		{`days_since_last("Order Completed") > 60`, `距上次完成订单已超过 60 天`, `Last completed an order more than 60 days ago`},
		{`active_days("30d") < 5 || in_segment("vip")`, `近 30 天内活跃少于 5 天，或在人群“高价值老客”中`, `Was active on less than 5 days in the last 30 days, or is in the segment “vip”`},
		{`tier("activity") == "core"`, `活跃度是“核心”`, `The tier “activity” is “core”`},
		{`held(tier("activity") == "core", "30d")`, `近 30 天一直活跃度是“核心”`, `The tier “activity” has been “core” for all of the last 30 days`},
		{`held(has_tag("staff"), "7d")`, `近 7 天一直有标签“员工”`, `Has had the tag “staff” for all of the last 7 days`},
		{`person.city in ["杭州", "上海", "A1"]`, `所在城市是杭州、上海或“A1”`, `City is “杭州”, “上海” or “A1”`},
		{`!(person.city in ["杭州", "上海"])`, `所在城市不是杭州、上海中的任何一个`, `City is neither “杭州” nor “上海”`},
		{`person.birthday >= "1990-01-01"`, `生日不早于“1990-01-01”`, `Birthday is not before “1990-01-01”`},
		{`!person.name.contains("测试")`, `姓名不包含“测试”`, `Name does not contain “测试”`},
		{`has(person.email) && identity("unionid") && !consent("sms")`, `有邮箱这项资料，且有微信 UnionID，且未授权“sms”`, `E-mail address is known, and has a WeChat UnionID, and has not consented to “sms”`},
		{`person.vip && !person.blocked && identity("anonymous_id")`, `“vip”为“是”，且“blocked”不为“是”，且有匿名号`, `“vip” is yes, and “blocked” is not yes, and has an anonymous ID`},
		{`bucket("spring") < 0.1`, `在“spring”随机分组的前 10% 里`, `Is in the first 10% of the random split “spring”`},
		{`channel.first == "wechat"`, `首次来源渠道是“wechat”`, `The first channel is “wechat”`},
		{`avg("Order Completed", "revenue", "365d") >= 200`, `近 365 天内平均每单金额至少 200 元`, `The average amount of “Order Completed” in the last 365 days is at least 200 CNY`},
		{`distinct("Product Viewed", "sku", "7d") >= 3`, `近 7 天内看商品涉及至少 3 种不同的商品编码`, `Viewed a product with at least 3 different values of SKU in the last 7 days`},
		{
			`!(person.age >= 18) && (has_tag("a") || !(has_tag("b") && has_tag("c")))`, `并非年龄不小于 18，且（有标签“a”，或并非（有标签“b”，且有标签“c”））`,
			`It is not so that age is at least 18, and (has the tag “a”, or it is not so that (has the tag “b”, and has the tag “c”))`,
		},
	} {
		r := must(t, c.text).Speaking(words)
		require.Equal(t, c.zh, r.Sentence("zh"))
		require.Equal(t, c.en, r.Sentence("en"))
	}
}
