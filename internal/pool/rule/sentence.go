package rule

// Sentence is the rule as a person would say it, in "zh" or "en".
func (r *Rule) Sentence(lang string) string { return sentence(r.root, r.words, lang) }

func sentence(n *node, w Words, lang string) string {
	if lang == zh {
		return spaced(chinese{w}.condition(n, false))
	}
	return capital(english{w}.condition(n, false))
}

// withSubject turns a comparison so that what is written stands right.
func withSubject(n *node) *node {
	l, r := n.kids[0], n.kids[1]
	if l.literal() && !r.literal() {
		return &node{op: opCompare, word: flipped(n.word), kids: []*node{r, l}}
	}
	return n
}

// turned is a comparison that may be said the other way round: n, or its opposite where that is the same as "not n". Otherwise still is true, and
// "not" must be said.
func turned(n *node, negated bool) (c *node, still bool) {
	if !negated {
		return n, false
	}
	if n.word == eq || n.word == ne || n.kids[0].present() && n.kids[1].present() {
		return &node{op: opCompare, word: opposite(n.word), kids: n.kids}, false
	}
	return n, true
}

// none says whether a comparison of a whole number says that it is zero.
func none(n *node) bool {
	if !n.kids[0].whole() || n.kids[1].op != opNumber {
		return false
	}
	c := n.kids[1].num
	return c == 0 && (n.word == eq || n.word == le) || n.word == lt && c > 0 && c <= 1
}

// spending says whether a sum is what somebody spent.
func spending(n *node) bool { return n.key == "Order Completed" && n.prop == revenue }
