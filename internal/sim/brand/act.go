package brand

import "strconv"

// play acts a visit out.
func (s *scene) play(p *person, v visit) {
	s.p, s.v, s.at, s.n = p, v, v.start, 0
	s.theme = s.b.world.calendar.theme[s.b.world.calendar.dayOf(v.start)]
	s.settle()
	s.enter()
	if v.tablet {
		s.signIn(false)
	}
	switch v.purpose {
	case share:
		s.cross()
		s.signInLate()
		s.track("Referral Shared", s.props.begin().str("invite_code", "yq"+p.userID()[2:]).str("poster", "四时茶礼").done())
	case order:
		s.buy()
	case look:
		s.look()
	}
}

// signInLate signs in who has an account and has not signed in yet, and signs up who gets one in this visit.
func (s *scene) signInLate() {
	if s.known || !s.p.registered(s.v.no) {
		return
	}
	s.signIn(s.v.no == s.p.signs)
}

// look is a visit without an order.
func (s *scene) look() {
	acts := 1 + int(s.d.ExpFloat64()*1.9)
	for i := range min(acts, 14) {
		s.curiosity()
		if i == 0 {
			s.signInLate()
		}
	}
	if s.p.group >= 0 && s.v.no == 1 && s.p.weixin && s.known {
		g := s.b.world.stories.groups[s.p.group]
		who := s.b.world.staff[s.p.staff]
		s.track("Group Joined", s.props.begin().str("group_id", g.id).str("group_name", g.title).str("staff_id", who.id).done())
	}
}

// curiosity is one act of somebody who looks around.
func (s *scene) curiosity() {
	st := &s.b.world.stories
	x := s.d.Float64()
	switch {
	case s.where == shop || s.where == tablet:
		s.viewed(s.product())
	case (s.where == oa || s.where == wecom) && x < 0.6, x < 0.16:
		a := s.story(st.articles)
		s.track("Content Read", s.props.begin().str("content_id", a.id).str("title", a.title).str("topic", a.topic).num("seconds", 10+s.d.Int64N(280)).done())
	case x < 0.2:
		l := s.story(st.shows)
		s.at += 5 * minute
		s.track("Live Watched", s.props.begin().str("live_id", l.id).str("title", l.title).num("minutes", 1+int64(12*s.d.ExpFloat64())).done())
	case x < 0.27:
		s.cross()
		words := st.searches[index(s.likesTea())]
		s.track("Products Searched", s.props.begin().str("query", words[s.d.IntN(len(words))]).done())
	case x < 0.37:
		s.cross()
		p := s.product()
		s.track("Product List Viewed", s.props.begin().str("category", p.category).str("family", family(p.tea)).done())
	case x < 0.42 && s.known:
		s.cross()
		s.coupon()
	case x < 0.54:
		s.cross()
		p := s.product()
		s.viewed(p)
		s.added(p, 1)
	default:
		s.cross()
		s.viewed(s.product())
	}
}

func (s *scene) coupon() string {
	id := "c-" + s.theme + "-" + strconv.Itoa(s.d.IntN(3)+1)
	s.track("Coupon Claimed", s.props.begin().str("coupon_id", id).str("coupon_name", "满 199 减 30").fen("discount", 3000).done())
	return id
}

func (s *scene) viewed(p *product) { s.track("Product Viewed", s.goods(p).done()) }

func (s *scene) added(p *product, quantity int64) {
	s.track("Product Added", s.goods(p).num("quantity", quantity).done())
}

func (s *scene) goods(p *product) *doc {
	return s.props.begin().str("product_id", p.sku).str("name", p.name).str("category", p.category).str("family", family(p.tea)).fen("price", p.price).str("currency", "CNY")
}

// story picks something of the family that the person leans to, more often than not.
func (s *scene) story(list []story) *story {
	tea := s.likesTea()
	for range 4 {
		if x := &list[s.d.IntN(len(list))]; x.tea == tea {
			return x
		}
	}
	return &list[s.d.IntN(len(list))]
}

func (s *scene) likesTea() bool { return s.d.chance(s.p.tea) }

// product draws from the shelf by the person's leaning and the products' popularity.
func (s *scene) product() *product {
	return &s.b.world.products[s.d.pick(s.b.world.shelf[index(s.likesTea())])]
}

func index(tea bool) int {
	if tea {
		return 1
	}
	return 0
}
