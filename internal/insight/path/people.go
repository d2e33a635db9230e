package path

import "github.com/huoshui/huoshui/internal/insight"

// check sees that a number can be one of the answer's.
func (of *Of) check(q Query) error {
	bad := func(field, format string, args ...any) error {
		return insight.Invalid("insight.of", "of."+field, format, args...)
	}
	if of.Node == nil {
		of.Node = &Ref{}
	}
	if of.Node.What == "" {
		of.Node.What = Event
	}
	if of.Next != nil && of.Next.What == "" {
		of.Next.What = Event
	}
	switch {
	case len(of.Route) > q.Steps:
		return bad("route", "paths have %d steps", q.Steps)
	case len(of.Route) > 0 || of.Ended:
		return nil
	case of.Step < 0 || of.Step > q.Steps:
		return bad("step", "paths have the steps 0 … %d", q.Steps)
	case of.Step > 0 && of.Node.What == Event && of.Node.Event == "":
		return bad("node", "say which node of the step: an event by its name, the others, or the end")
	case of.Next != nil && of.Step == q.Steps:
		return bad("next", "nothing follows the last step")
	case of.Next != nil && of.Step > 0 && of.Node.What == End:
		return bad("next", "nothing follows an end")
	}
	return nil
}

// is says whether a path is one of those behind a number.
func (c *chart) is(p *trail, of Of, names []string) bool {
	if len(of.Route) > 0 || of.Ended {
		if p.n != len(of.Route) {
			return false
		}
		for i, name := range of.Route {
			if names[p.codes[i]] != name {
				return false
			}
		}
		return true
	}
	return c.passes(p, of.Step, *of.Node, names) && (of.Next == nil || c.passes(p, of.Step+1, *of.Next, names))
}

// passes says whether a path goes through a node.
func (c *chart) passes(p *trail, step int, node Ref, names []string) bool {
	if step == 0 {
		return true
	}
	if node.What == End {
		return p.n == step-1
	}
	if p.n < step {
		return false
	}
	code := p.codes[step-1]
	if node.What == Others {
		return !c.shown[step][code]
	}
	return names[code] == node.Event
}

// tabulate gives a row for each link.
func tabulate(q Query, a Answer, say insight.Say) insight.Table {
	t := insight.Table{Columns: []string{say("从", "From"), say("到", "To"), say("第几步", "Step"), say("路径数", "Paths"), say("占上一节点", "Of the node before"), say("占全部", "Of all")}}
	for _, l := range a.Links {
		from, to := a.Nodes[l.From], a.Nodes[l.To]
		t.Rows = append(t.Rows, []any{nodeName(from, q, say), nodeName(to, q, say), int64(to.Step), l.Paths, l.Share, float64(l.Paths) / float64(a.Paths)})
	}
	return t
}

func nodeName(n Node, q Query, say insight.Say) string {
	switch {
	case n.What == Others:
		return say("其他", "Others")
	case n.What == End && q.Direction == Before:
		return say("开始", "Beginning")
	case n.What == End:
		return say("结束", "End")
	case n.Step == 0 && q.Anchor.Title != "":
		return q.Anchor.Title
	case n.Event == "":
		return say("任意行为", "Any activity")
	}
	return n.Event
}
