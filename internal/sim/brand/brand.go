// Package brand is a believable brand that does not exist: 云壑, tea and skincare, with its customers, its channels and eighteen months
// of their doings. The demo shows it, and analyses are tried on it, because we know the truth behind its events.
//
// Terms: a person is one human; a visit is one sitting of a person on one surface (site, app, mini-program …); the plan is the list of all
// visits. People come through channels of four classes that differ in volume, quality and season. Who buys at all depends on the channel.
// Buyers buy again as in the BG/NBD model (gamma-mixed Poisson rates, beta-mixed drop-out after each order) and spend as in the gamma-gamma
// model; both move with the Chinese shopping calendar, the week and the hour in Asia/Shanghai.
//
// Invariants: the same seed, moment and number of people give the same events, byte for byte; events come in order of time, none after the
// given moment; the identities of one person, taken together, connect all events of that person (save for what is shared on purpose: a few
// shop tablets and a few telephone numbers).
//
// Nothing here belongs to anybody: names are drawn from tables, e-mails are at example.com, addresses at the .example domain, IPs from the
// documentation blocks, and telephone numbers from the one block +86 199 0000 0000 to +86 199 0999 9999, filled by counting.
package brand

import "time"

// Name is what the demo calls the brand; it says that the brand is made up.
const Name = "云壑茶与护肤 · 演示品牌（虚构数据）"

// Months is how far the history goes back.
const Months = 18

// Brand is one brand with its people and the plan of their visits. It does not change after New, and may be used concurrently.
type Brand struct {
	seed   uint64
	now    int64 // microseconds; the end of the history
	world  world
	people []person
	visits []visit
	// active are the people whose story goes on after the history, with their cumulated frequencies of visiting.
	active  []int32
	weights []float64
}

// Channel is one way by which people come.
type Channel struct {
	Key   string
	Class string // owned, partner, external or offline
	Name  string
}

// Product is one thing the brand sells.
type Product struct {
	SKU      string
	Family   string // tea or skincare
	Category string
	Name     string
	Price    int64 // in fen
}

// New plans the history of a brand with that many people, up to now.
func New(seed uint64, now time.Time, people int) *Brand {
	b := &Brand{seed: seed, now: now.UnixMicro()}
	b.world = newWorld(seed, now)
	b.populate(max(people, 1))
	return b
}

// People is how many humans the history has.
func (b *Brand) People() int { return len(b.people) }

// From is the first day of the history, Now its end.
func (b *Brand) From() time.Time { return time.UnixMicro(b.world.calendar.start).UTC() }

// Now is the end of the history.
func (b *Brand) Now() time.Time { return time.UnixMicro(b.now).UTC() }

// Channels lists the channels.
func (b *Brand) Channels() []Channel {
	list := make([]Channel, len(b.world.channels))
	for i, c := range b.world.channels {
		list[i] = Channel{Key: c.key, Class: c.class, Name: c.name}
	}
	return list
}

// Products lists what the brand sells.
func (b *Brand) Products() []Product {
	list := make([]Product, len(b.world.products))
	for i, p := range b.world.products {
		list[i] = Product{SKU: p.sku, Family: family(p.tea), Category: p.category, Name: p.name, Price: p.price}
	}
	return list
}

func family(tea bool) string {
	if tea {
		return "tea"
	}
	return "skincare"
}

// world is what all people share.
type world struct {
	calendar calendar
	channels []channel
	products []product
	shelf    [2][]float64 // cumulated popularity of the products, skincare and tea; 0 for products of the other family
	cities   []city
	citySum  []float64
	names    names
	staff    []staff
	stories  stories
	hours    [2][]float64 // cumulated hourly profile, workdays and weekends
}

func newWorld(seed uint64, now time.Time) world {
	w := world{
		calendar: newCalendar(now), channels: channels(), products: products(), cities: cities(), names: newNames(),
		staff: team(), stories: newStories(), hours: hours(),
	}
	for i := range w.shelf {
		w.shelf[i] = cumulate(len(w.products), func(k int) float64 {
			if w.products[k].tea != (i == 1) {
				return 0
			}
			return w.products[k].weight
		})
	}
	w.citySum = cumulate(len(w.cities), func(k int) float64 { return w.cities[k].weight })
	d := newDice()
	d.roll(seed, 0xca1, 0)
	for i := range w.channels {
		w.channels[i].burst(d, w.calendar.days())
	}
	return w
}

// zone is the brand's own time zone. China has had no daylight saving since 1991, so that no time-zone file is needed.
func zone() *time.Location { return time.FixedZone("Asia/Shanghai", 8*3600) }
