package rule

// Sentence is the rule said by a person, in "zh" or "en".
func (r *Rule) Sentence(lang string) string { return "x" }
