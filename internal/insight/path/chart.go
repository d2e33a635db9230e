package path

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

const (
	// mostNodes is how many names a step shows at most, whatever their share.
	mostNodes = 15
	// topRoutes is how many routes an answer has.
	topRoutes = 50
)

// chart is what all workers counted, and which names each step shows.
type chart struct {
	steps  int
	names  []string
	paths  int64
	links  map[link]int64
	shown  []map[uint16]bool // by step, from 1
	routes []Route
	all    bool
}

// gather adds up what the workers counted.
func gather(tables []*table, steps int, names []string, minShare float64) *chart {
	c := &chart{steps: steps, names: names, links: map[link]int64{}, all: true}
	for _, t := range tables {
		c.paths += t.paths
		c.all = c.all && !t.routes.lost
		t.each(func(l link, n int64) { c.links[l] += n })
	}
	taken := make([]map[uint16]int64, steps+1)
	for s := range taken {
		taken[s] = map[uint16]int64{}
	}
	for l, n := range c.links {
		if l.to != 0 {
			taken[l.step+1][l.to] += n
		}
	}
	c.shown = make([]map[uint16]bool, steps+1)
	for s, by := range taken {
		c.shown[s] = map[uint16]bool{}
		codes := slices.SortedFunc(maps.Keys(by), func(a, b uint16) int {
			return cmp.Or(cmp.Compare(by[b], by[a]), strings.Compare(names[a], names[b]))
		})
		for i, code := range codes {
			if i < mostNodes && float64(by[code]) >= minShare*float64(c.paths) {
				c.shown[s][code] = true
			}
		}
		if len(codes) == len(c.shown[s])+1 && len(c.shown[s]) < mostNodes && len(c.shown[s]) > 0 {
			// One name alone is better told than called others.
			c.shown[s][codes[len(codes)-1]] = true
		}
	}
	c.routes = c.top(tables)
	return c
}

// at is the node of a name at a step, without counts. Code 0 is the end, but at step 0 the anchor.
func (c *chart) at(step int, code uint16) Node {
	switch {
	case step == 0:
		return Node{What: Event}
	case code == 0:
		return Node{Step: step, What: End}
	case c.shown[step][code]:
		return Node{Step: step, What: Event, Event: c.names[code]}
	}
	return Node{Step: step, What: Others}
}

// answer makes nodes and links.
func (c *chart) answer(anchor string) Answer {
	a := Answer{Paths: c.paths, Nodes: []Node{}, Links: []Link{}, Routes: c.routes, AllRoutes: c.all}
	if c.paths == 0 {
		return a
	}
	paths := map[Node]int64{c.at(0, 0): c.paths}
	names := map[Node]map[uint16]bool{}
	type pair struct{ from, to Node }
	links := map[pair]int64{}
	for l, n := range c.links {
		from, to := c.at(int(l.step), l.from), c.at(int(l.step)+1, l.to)
		links[pair{from, to}] += n
		paths[to] += n
		if to.What == Others {
			if names[to] == nil {
				names[to] = map[uint16]bool{}
			}
			names[to][l.to] = true
		}
	}
	order := map[What]int{Event: 0, Others: 1, End: 2}
	nodes := slices.SortedFunc(maps.Keys(paths), func(a, b Node) int {
		return cmp.Or(cmp.Compare(a.Step, b.Step), cmp.Compare(order[a.What], order[b.What]), cmp.Compare(paths[b], paths[a]), strings.Compare(a.Event, b.Event))
	})
	place := map[Node]int{}
	for i, n := range nodes {
		place[n] = i
		full := n
		full.Paths, full.Share, full.Names = paths[n], float64(paths[n])/float64(c.paths), len(names[n])
		if n.Step == 0 {
			full.Event = anchor
		}
		a.Nodes = append(a.Nodes, full)
	}
	for p, n := range links {
		a.Links = append(a.Links, Link{From: place[p.from], To: place[p.to], Paths: n, Share: float64(n) / float64(paths[p.from])})
	}
	slices.SortFunc(a.Links, func(a, b Link) int { return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To)) })
	return a
}

// top are the most taken routes.
func (c *chart) top(tables []*table) []Route {
	var all routes
	for _, t := range tables {
		if len(tables) == 1 {
			all = t.routes
			break
		}
		for i, n := range t.routes.counts {
			if n > 0 {
				all.add(t.routes.keys[i], n)
			}
		}
	}
	c.all = c.all && !all.lost
	least := int64(1)
	if counts := slices.DeleteFunc(slices.Clone(all.counts), func(n int64) bool { return n == 0 }); len(counts) > topRoutes {
		slices.Sort(counts)
		least = counts[len(counts)-topRoutes]
	}
	out := []Route{}
	for i, n := range all.counts {
		if n >= least {
			out = append(out, c.route(all.keys[i], n))
		}
	}
	slices.SortFunc(out, func(a, b Route) int { return cmp.Or(cmp.Compare(b.Paths, a.Paths), slices.Compare(a.Events, b.Events)) })
	return out[:min(len(out), topRoutes)]
}

func (c *chart) route(k key, n int64) Route {
	r := Route{Events: []string{}, Paths: n, Share: float64(n) / float64(c.paths)}
	for _, code := range k[:c.steps] {
		if code == 0 {
			r.Ended = true
			break
		}
		r.Events = append(r.Events, c.names[code])
	}
	return r
}
