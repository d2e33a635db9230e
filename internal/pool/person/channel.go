package person

import (
	"slices"
	"strings"
)

// guess names the channel of a touch that does not name one itself, by its campaign, click id or referrer, with the default channel
// groups of GA4 as a model (support.google.com/analytics/answer/9756891). Brands declare their own channels with the inflow room.
func (t *Touch) guess() (channel, class string) {
	source, medium := strings.ToLower(t.Source), strings.ToLower(t.Medium)
	paid := isPaid(medium)
	from := source
	if from == "" {
		from = t.Referrer
	}
	switch {
	case medium == "email" || medium == "e-mail" || medium == "sms" || medium == "push":
		return medium, "owned"
	case medium == "affiliate" || medium == "kol" || medium == "partner":
		return key(medium, source), "partner"
	case medium == "qr" || medium == "offline" || medium == "store" || medium == "print":
		return key(medium, source), "offline"
	case t.ClickID != "" && source == "":
		return key("paid", t.ClickID), "external"
	case isSearch(from) && (paid || t.ClickID != ""):
		return key("sem", from), "external"
	case isSearch(from):
		return key("seo", from), "external"
	case isSocial(from) && paid:
		return key("social-ads", from), "external"
	case isSocial(from):
		return key("social", from), "external"
	case paid:
		return key("paid", from), "external"
	case source != "":
		return key(medium, source), "unknown"
	case t.Referrer != "":
		return key("referral", t.Referrer), "external"
	}
	return "direct", "owned"
}

func key(parts ...string) string {
	var kept []string
	for _, p := range parts {
		if p != "" {
			kept = append(kept, p)
		}
	}
	k := strings.Join(kept, "-")
	return strings.ToValidUTF8(k[:min(len(k), 100)], "")
}

func isPaid(medium string) bool {
	switch medium {
	case "cpc", "cpm", "cpv", "cpa", "ppc", "retargeting", "display", "banner", "paid", "paidsearch", "paid-social", "feed":
		return true
	}
	return strings.HasPrefix(medium, "paid")
}

func isSearch(from string) bool {
	return hasLabel(from, "baidu", "google", "bing", "sogou", "360", "haosou", "shenma", "yahoo", "duckduckgo", "yandex") ||
		from == "so.com" || from == "sm.cn" || strings.HasSuffix(from, ".so.com") || strings.HasSuffix(from, ".sm.cn")
}

func isSocial(from string) bool {
	return hasLabel(from, "weibo", "wechat", "weixin", "douyin", "tiktok", "xiaohongshu", "xhslink", "kuaishou", "bilibili", "zhihu",
		"facebook", "instagram", "twitter", "linkedin", "pinterest", "reddit", "youtube") || from == "t.co" || from == "x.com"
}

// hasLabel says whether one of the names is a whole part of a source or host: "m.baidu.com" has "baidu", "notbaidu.com" has not.
func hasLabel(from string, names ...string) bool {
	for label := range strings.FieldsFuncSeq(from, func(r rune) bool { return r == '.' || r == '-' || r == '_' || r == ' ' }) {
		if slices.Contains(names, label) {
			return true
		}
	}
	return false
}
