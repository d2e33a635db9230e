package rulebench

// names are the events of the shop, each with how many of a thousand it is.
func names() []named {
	return []named{
		{"Page Viewed", 450},
		{"Product Viewed", 220},
		{"Message Received", 90},
		{"Product Searched", 60},
		{"Product Added", 50},
		{"Message Read", 40},
		{"Checkout Started", 25},
		{"Coupon Claimed", 20},
		{"Order Completed", 15},
		{"Store Visited", 12},
		{"Review Written", 10},
		{"Order Cancelled", 8},
	}
}

type named struct {
	name string
	of   int
}

func cities() []string {
	return []string{"上海", "北京", "杭州", "深圳", "广州", "成都", "武汉", "苏州", "南京", "西安"}
}

func categories() []string {
	return []string{"绿茶", "红茶", "乌龙", "白茶", "普洱", "花茶", "茶具", "礼盒"}
}

func channels() []string {
	return []string{"公众号", "小程序", "企业微信", "官网", "百度", "抖音", "小红书", "门店"}
}

func keywords() []string {
	return []string{"龙井", "碧螺春", "铁观音", "大红袍", "正山小种", "白毫银针", "茉莉", "陈皮", "盖碗", "礼盒", "试喝", "优惠", "包邮", "新茶", "明前", "熟普"}
}

// products is how many there are; the first are sold most.
const products = 500

// windows are the lengths in days that rules look back.
func windows() []int { return []int{7, 14, 30, 60, 90} }

// questions are the benchmark's rules: templates that operators use, with parameters that vary.
func questions(n int) []question {
	all := templates()
	out := make([]question, n)
	for i := range out {
		out[i] = all[i%len(all)](i / len(all))
	}
	return out
}

func pick[T any](list []T, i int) T { return list[i%len(list)] }

// templates give one rule for each variant.
func templates() []func(v int) question {
	const (
		page, product, search, added   = "Page Viewed", "Product Viewed", "Product Searched", "Product Added"
		received, readIt, checkout     = "Message Received", "Message Read", "Checkout Started"
		coupon, order, store, reviewed = "Coupon Claimed", "Order Completed", "Store Visited", "Review Written"
		cancelled                      = "Order Cancelled"
	)
	w := func(v int) int { return pick(windows(), v) }
	n := func(v, from, step int) float64 { return float64(from + v%10*step) }
	return []func(v int) question{
		// How often.
		func(v int) question { return is(count(order, w(v+2)), ">=", n(v, 1, 1)) },
		func(v int) question {
			return is(count(product, w(v+1), with("category", pick(categories(), v))), ">=", n(v, 2, 1))
		},
		func(v int) question { return is(count(added, w(v+2), with("sku", sku(v*3))), ">=", 1) },
		func(v int) question { return is(count(page, w(v)), ">=", n(v, 5, 10)) },
		func(v int) question { return is(count(store, w(v+2)), ">=", n(v, 1, 1)) },
		// How much.
		func(v int) question { return is(of("sum", order, "revenue", w(v+1)), ">=", n(v, 300, 400)) },
		func(v int) question {
			return and(is(of("sum", order, "revenue", w(v+2), with("category", pick(categories(), v+1))), ">=", n(v, 100, 100)), livesIn(pick(cities(), v)))
		},
		func(v int) question { return is(of("avg", order, "revenue", w(v+3)), ">=", n(v, 200, 50)) },
		func(v int) question { return is(of("max", order, "quantity", w(v+2)), ">=", n(v, 2, 1)) },
		func(v int) question { return is(of("sum", order, "quantity", w(v+3)), ">=", n(v, 3, 2)) },
		// How many different ones.
		func(v int) question { return is(of("distinct", product, "category", w(v+1)), ">=", n(v, 3, 1)) },
		func(v int) question { return or(is(of("distinct", order, "sku", w(v+3)), ">=", 3), isVIP()) },
		// When.
		func(v int) question { return is(daysSince(order), ">=", n(v, 20, 10)) },
		func(v int) question { return and(is(daysSince(page), "<=", n(v, 1, 2)), is(count(order, 90), "==", 0)) },
		func(v int) question { return is(activeDays(w(v+1)), ">=", n(v, 4, 4)) },
		func(v int) question { return not(is(count(page, w(v)), ">=", 1)) },
		// Who.
		func(v int) question { return and(livesIn(pick(cities(), v+2)), level(">=", 2+v%3)) },
		func(v int) question { return and(isVIP(), is(daysSince(order), ">=", n(v, 10, 10))) },
		func(v int) question {
			return and(cameBy("first", pick(channels(), v)), is(count(order, w(v+3)), ">=", 1))
		},
		func(v int) question {
			return and(cameBy("last", pick(channels(), v+3)), is(activeDays(30), ">=", n(v, 2, 3)))
		},
		// All together.
		func(v int) question { return and(is(count(checkout, w(v)), ">=", 1), is(count(order, w(v)), "==", 0)) },
		func(v int) question {
			return and(or(is(count(order, 30), ">=", n(v, 1, 1)), is(of("sum", order, "revenue", 90), ">=", n(v, 500, 300))), not(is(count(cancelled, w(v+2)), ">=", 1)))
		},
		func(v int) question {
			return and(is(count(received, w(v+1)), ">=", n(v, 3, 1)), is(count(readIt, w(v+1)), "==", 0))
		},
		func(v int) question {
			return and(is(count(coupon, w(v+1)), ">=", 1), is(count(order, w(v+1)), "==", 0), level(">=", 1+v%4))
		},
		func(v int) question {
			return and(is(count(search, w(v+2), with("keyword", pick(keywords(), v))), ">=", 1), or(is(daysSince(order), ">=", n(v, 7, 7)), is(of("avg", reviewed, "rating", 90), ">=", 4)))
		},
	}
}

// threes are rules of three conditions that are in force nowhere, to be counted while somebody types.
func threes() []question {
	return []question{
		and(is(count("Order Completed", 30), ">=", 1), is(of("sum", "Order Completed", "revenue", 90), ">=", 600), livesIn("杭州")),
		and(is(count("Product Viewed", 14), ">=", 3), is(daysSince("Order Completed"), ">=", 15), not(isVIP())),
		and(is(activeDays(30), ">=", 6), is(count("Coupon Claimed", 60), ">=", 1), is(count("Order Completed", 30), "==", 0)),
		and(is(count("Page Viewed", 90), ">=", 10), is(of("distinct", "Product Viewed", "category", 30), ">=", 2), level(">=", 2)),
		and(is(count("Message Received", 30), ">=", 2), is(count("Message Read", 30), ">=", 1), is(daysSince("Page Viewed"), "<=", 10)),
	}
}
