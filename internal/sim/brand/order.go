package brand

import "time"

// line is one line of an order.
type line struct {
	product  *product
	quantity int64
}

// basket fills a basket worth about a gamma-distributed value around the person's mean (the gamma-gamma model of spend).
func (s *scene) basket() (lines []line, total int64) {
	target := s.p.spend * s.d.gamma(5) / 5
	for len(lines) < 6 && (len(lines) == 0 || float64(total) < target-2500) {
		left := target - float64(total)
		p := s.product()
		for range 9 {
			if float64(p.price) <= left*1.15 && float64(p.price) > left*0.12 {
				break
			}
			p = s.product()
		}
		if float64(p.price) > left*1.6 && len(lines) > 0 {
			break
		}
		quantity := int64(1)
		if fits := int64(left) / p.price; fits >= 2 && s.d.chance(0.4) {
			quantity = min(fits, 2+s.d.Int64N(2))
		}
		lines = append(lines, line{p, quantity})
		total += p.price * quantity
	}
	return lines, total
}

// buy is a visit with an order: look, choose, pay; and what comes of it later.
func (s *scene) buy() {
	counter := s.where == shop || s.where == tablet
	lines, total := s.basket()
	if s.d.chance(0.35) && !counter {
		s.curiosity()
	}
	s.cross()
	s.signInLate()
	for _, l := range lines {
		if counter {
			continue
		}
		if s.d.chance(0.8) {
			s.viewed(l.product)
		}
		s.added(l.product, l.quantity)
	}
	discount, coupon := int64(0), ""
	if total >= 19900 && s.d.chance(0.4) {
		discount, coupon = 3000, s.coupon()
	}
	number := s.number()
	shipping := int64(0)
	if total-discount < 9900 && !counter {
		shipping = 800
	}
	if !counter {
		s.track("Checkout Started", s.props.begin().str("order_id", number).fen("value", total-discount+shipping).str("currency", "CNY").done())
		if s.d.chance(0.06) { // paying takes a while
			s.at += 20 * minute
		}
	}
	s.track("Order Completed", s.receipt(number, lines, total, discount, shipping, coupon))
	s.aftermath(number, lines, total-discount)
}

// number is the order's number: moment and person, so that it never repeats.
func (s *scene) number() string {
	return "YH" + time.UnixMicro(s.at).In(zone()).Format("060102150405") + digits(s.p.no, 7)
}

func (s *scene) receipt(number string, lines []line, total, discount, shipping int64, coupon string) []byte {
	p := s.props.begin().str("order_id", number).fen("revenue", total-discount).fen("total", total-discount+shipping)
	p.fen("shipping", shipping).fen("discount", discount).str("coupon", coupon).str("currency", "CNY")
	if s.where == shop || s.where == tablet {
		p.str("store", s.store(s.channel()))
	}
	p.list("products")
	for _, l := range lines {
		p.item().str("product_id", l.product.sku).str("name", l.product.name).str("category", l.product.category)
		p.str("family", family(l.product.tea)).fen("price", l.product.price).num("quantity", l.quantity).end('}')
	}
	return p.end(']').done()
}

// aftermath is what may follow an order: a cancellation, a refund, a review.
func (s *scene) aftermath(number string, lines []line, revenue int64) {
	x := s.d.Float64()
	switch {
	case x < 0.035:
		reason := []string{"不想要了", "地址写错", "拍错规格", "等太久"}[s.d.IntN(4)]
		s.later(20*minute+int64(float64(14*hour)*s.d.ExpFloat64()), "Order Cancelled",
			s.props.begin().str("order_id", number).fen("revenue", revenue).fen("total", revenue).str("currency", "CNY").str("reason", reason).done())
	case x < 0.05:
		s.later(3*day+s.d.Int64N(6*day), "Order Refunded", s.props.begin().str("order_id", number).fen("total", revenue).str("currency", "CNY").done())
	case x < 0.16:
		rating := []int64{5, 5, 5, 5, 4, 4, 3, 2}[s.d.IntN(8)]
		replies := s.b.world.stories.replies
		s.later(4*day+s.d.Int64N(11*day), "Product Reviewed",
			s.props.begin().str("product_id", lines[0].product.sku).num("rating", rating).str("review_body", replies[s.d.IntN(len(replies))]).done())
	}
}
