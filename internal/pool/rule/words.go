package rule

import (
	"strings"
	"unicode"
)

// phrase is an event in both languages: what somebody did.
type phrase struct{ zh, en string }

// phrases are the events of the Segment and Huoshui vocabularies that have words of their own. Others are quoted.
func phrases(event string) (phrase, bool) {
	p, ok := map[string]phrase{
		"Order Completed":           {"完成订单", "completed an order"},
		"Order Cancelled":           {"取消订单", "cancelled an order"},
		"Order Refunded":            {"订单退款", "had an order refunded"},
		"Order Updated":             {"更新订单", "updated an order"},
		"Product Viewed":            {"看商品", "viewed a product"},
		"Product Added":             {"加入购物车", "added a product to the cart"},
		"Product Removed":           {"移出购物车", "removed a product from the cart"},
		"Product Clicked":           {"点商品", "clicked a product"},
		"Product Shared":            {"分享商品", "shared a product"},
		"Product Reviewed":          {"评价商品", "reviewed a product"},
		"Product List Viewed":       {"看商品列表", "viewed a product list"},
		"Products Searched":         {"搜商品", "searched for products"},
		"Product Added to Wishlist": {"收藏商品", "added a product to the wishlist"},
		"Cart Viewed":               {"看购物车", "viewed the cart"},
		"Checkout Started":          {"开始结算", "started a checkout"},
		"Checkout Step Viewed":      {"看结算步骤", "viewed a checkout step"},
		"Checkout Step Completed":   {"完成结算步骤", "completed a checkout step"},
		"Coupon Applied":            {"使用优惠券", "applied a coupon"},
		"Coupon Claimed":            {"领优惠券", "claimed a coupon"},
		"Coupon Redeemed":           {"核销优惠券", "redeemed a coupon"},
		"Promotion Viewed":          {"看到活动", "viewed a promotion"},
		"Promotion Clicked":         {"点活动", "clicked a promotion"},
		"Signed Up":                 {"注册", "signed up"},
		"Signed In":                 {"登录", "signed in"},
		"Page Viewed":               {"浏览页面", "viewed a page"},
		"Screen Viewed":             {"打开界面", "opened a screen"},
		"Article Read":              {"读文章", "read an article"},
		"Content Read":              {"读内容", "read content"},
		"Video Watched":             {"看视频", "watched a video"},
		"Live Watched":              {"看直播", "watched a live stream"},
		"Link Clicked":              {"点链接", "clicked a link"},
		"QR Code Scanned":           {"扫码", "scanned a code"},
		"Contact Added":             {"加企业微信", "added the WeCom contact"},
		"Contact Removed":           {"删除企业微信", "removed the WeCom contact"},
		"Official Account Followed": {"关注公众号", "followed the Official Account"},
		"Group Joined":              {"进群", "joined a group"},
		"Group Left":                {"退群", "left a group"},
		"Message Sent":              {"收到消息", "was sent a message"},
		"Message Opened":            {"打开消息", "opened a message"},
		"Message Read":              {"读消息", "read a message"},
		"Message Clicked":           {"点消息", "clicked a message"},
		"Message Replied":           {"回复消息", "replied to a message"},
		"Referral Shared":           {"分享邀请", "shared an invitation"},
		"Invitation Accepted":       {"接受邀请", "accepted an invitation"},
		"Points Earned":             {"得到积分", "earned points"},
		"Points Spent":              {"使用积分", "spent points"},
		"Checked In":                {"签到", "checked in"},
		"Sample Requested":          {"申领小样", "requested a sample"},
		"Store Visited":             {"到店", "visited a store"},
	}[event]
	return p, ok
}

// noun is what a trait, property, kind … is called without the pool's own words; "" if it has no name but its key.
func noun(what What, key, lang string) string {
	var p phrase
	switch what {
	case TraitWord:
		p = map[string]phrase{
			"city": {"所在城市", "city"}, "province": {"所在省份", "province"}, "country": {"所在国家", "country"}, "age": {"年龄", "age"}, "gender": {"性别", "gender"},
			"birthday": {"生日", "birthday"}, "name": {"姓名", "name"}, "company": {"公司", "company"}, "industry": {"行业", "industry"}, "phone": {"手机号", "phone number"},
			"email": {"邮箱", "e-mail address"}, "language": {"语言", "language"}, "created_at": {"注册时间", "time of registration"}, "createdAt": {"注册时间", "time of registration"},
		}[key]
	case PropertyWord:
		p = map[string]phrase{
			revenue: {"金额", "amount"}, "sku": {"商品编码", "SKU"}, "product_id": {"商品编号", "product id"}, "category": {"品类", "category"}, "brand": {"品牌", "brand"},
			"price": {"单价", "price"}, "quantity": {"数量", "quantity"}, "order_id": {"订单号", "order id"}, "coupon": {"优惠券", "coupon"}, "url": {"网址", "URL"},
			"path": {"页面路径", "page path"}, "title": {"标题", "title"}, "query": {"搜索词", "search words"},
		}[key]
	case KindWord:
		p = map[string]phrase{
			"user_id": {"用户号", "user ID"}, "member_no": {"会员号", "member number"}, "unionid": {"微信 UnionID", "WeChat UnionID"}, "openid": {"微信 OpenID", "WeChat OpenID"},
			"external_userid": {"企业微信外部联系人", "WeCom external contact"}, "phone": {"手机号", "phone number"}, "email": {"邮箱", "e-mail address"}, "device_id": {"设备", "device"},
			"anonymous_id": {"匿名号", "anonymous ID"},
		}[key]
	case EventWord, TagWord, SegmentWord, DimensionWord, LevelWord, PurposeWord, ChannelWord:
	}
	if lang == zh {
		return p.zh
	}
	return p.en
}

// title is the pool's own name of a thing, "" if it has none.
func (w Words) title(what What, key, lang string) string {
	if w.Title == nil {
		return ""
	}
	return w.Title(what, key, lang)
}

// called is what a thing is called where it is described: in the pool's words, in ours, or quoted as it is.
func (w Words) called(what What, key, lang string) string {
	if t := w.title(what, key, lang); t != "" {
		return t
	}
	if n := noun(what, key, lang); n != "" {
		return n
	}
	return quoted(key)
}

// marked is what a thing is called where its name is said: always in quotation marks.
func (w Words) marked(what What, key, lang string) string {
	if t := w.title(what, key, lang); t != "" {
		key = t
	}
	return quoted(key)
}

// quoted is a name or text in quotation marks as people use them.
func quoted(s string) string {
	return "“" + strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, s) + "”"
}

// han says whether a text is Chinese characters only; such a value needs no quotation marks among Chinese.
func han(s string) bool {
	for _, r := range s {
		if !unicode.Is(unicode.Han, r) {
			return false
		}
	}
	return s != ""
}

// spaced puts a space between Chinese characters and letters or digits, but not inside quotation marks.
func spaced(s string) string {
	var b strings.Builder
	var before rune
	depth := 0
	for _, r := range s {
		if depth == 0 && before != 0 && (unicode.Is(unicode.Han, before) && narrowLetter(r) || narrowLetter(before) && unicode.Is(unicode.Han, r)) {
			b.WriteByte(' ')
		}
		switch r {
		case '“':
			depth++
		case '”':
			depth = max(0, depth-1)
		}
		b.WriteRune(r)
		before = r
	}
	return b.String()
}

func narrowLetter(r rune) bool {
	return r < 0x250 && (unicode.IsLetter(r) || unicode.IsDigit(r)) || r == '%' || r == '-'
}

// capital begins a sentence.
func capital(s string) string {
	if s == "" || s[0] < 'a' || s[0] > 'z' {
		return s
	}
	return string(s[0]-'a'+'A') + s[1:]
}

// dateLike says whether a text is a date, so that it is earlier or later rather than smaller or larger.
func dateLike(s string) bool {
	if len(s) < len("2006-01-02") {
		return false
	}
	for i, r := range s[:10] {
		if (i == 4 || i == 7) != (r == '-') || r != '-' && !unicode.IsDigit(r) {
			return false
		}
	}
	return true
}
