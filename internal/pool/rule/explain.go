package rule

// Said is a text in both languages.
type Said struct {
	ZH string `json:"zh"`
	EN string `json:"en"`
}

// Explanation says of a condition whether it holds for a person, and why.
type Explanation struct {
	Op      string        `json:"op"`   // as in Tree
	Text    string        `json:"text"` // canonical
	Said    Said          `json:"said"` // as a sentence
	Result  bool          `json:"result"`
	Actual  any           `json:"actual,omitempty"`  // the person's value where there is one: number, text or true/false
	Found   *Said         `json:"found,omitempty"`   // the value in words: 实际 2 次
	Missing *Said         `json:"missing,omitempty"` // what is lacking, if it does not hold: 还差 1 次
	From    string        `json:"from,omitempty"`    // first day of the window, like 2026-03-01
	To      string        `json:"to,omitempty"`      // last day, today
	Of      []Explanation `json:"of,omitempty"`
}

// Explain gives the answer of Eval with its reasons.
func (p *Program) Explain(f Facts, at Instant) Explanation { return Explanation{Result: p.Eval(f, at)} }
