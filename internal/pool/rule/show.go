package rule

import (
	"fmt"
	"strings"
	"unicode"
)

// Show is a problem for a terminal: the message, the line with the place marked below it, and what to write instead.
func (p Problem) Show(text, lang string) string {
	message, instead := p.Message, "instead"
	if lang == zh {
		message, instead = p.MessageZH, "可改为"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%d:%d %s (%s)\n", p.Line, p.Column, message, p.Code)
	if lines := strings.Split(text, "\n"); p.Line <= len(lines) && text != "" {
		line := []rune(lines[p.Line-1])
		from := min(p.Column-1, len(line))
		to := max(from+1, min(from+p.Length, len(line)))
		b.WriteString("  " + strings.ReplaceAll(string(line), "\t", " ") + "\n")
		b.WriteString("  " + strings.Repeat(" ", columns(line[:from])) + strings.Repeat("^", max(1, columns(line[from:min(to, len(line))]))) + "\n")
	}
	if len(p.Suggestions) > 0 {
		b.WriteString("  " + instead + ": " + strings.Join(p.Suggestions, "  ") + "\n")
	}
	return b.String()
}

// columns is how wide a text stands in a terminal.
func columns(line []rune) int {
	n := len(line)
	for _, r := range line {
		if unicode.Is(unicode.Han, r) || r >= 0x3000 && r <= 0x303f || r >= 0xff00 && r <= 0xff60 {
			n++
		}
	}
	return n
}
