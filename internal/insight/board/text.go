package board

import "strings"

// paragraph is a piece of a text block: a heading (1 to 3), a point of a list, or plain lines.
type paragraph struct {
	Heading int
	Point   bool
	Runs    []run
}

// run is a stretch of text in one weight.
type run struct {
	Text string
	Bold bool
}

// paragraphs reads a text block: "# " headings, "- " points, **bold**; an empty line begins a new paragraph. The console reads it alike.
func paragraphs(text string) []paragraph {
	var all []paragraph
	joined := false // whether the next plain line goes on with the paragraph before
	for line := range strings.SplitSeq(strings.ReplaceAll(text, "\r\n", "\n"), "\n") {
		line = strings.TrimSpace(line)
		p := paragraph{}
		switch {
		case line == "":
			joined = false
			continue
		case strings.HasPrefix(line, "### "):
			p.Heading, line = 3, line[4:]
		case strings.HasPrefix(line, "## "):
			p.Heading, line = 2, line[3:]
		case strings.HasPrefix(line, "# "):
			p.Heading, line = 1, line[2:]
		case strings.HasPrefix(line, "- "), strings.HasPrefix(line, "* "):
			p.Point, line = true, line[2:]
		case joined:
			last := &all[len(all)-1]
			last.Runs = append(last.Runs, run{Text: "\n"})
			last.Runs = append(last.Runs, runs(line)...)
			continue
		}
		p.Runs = runs(strings.TrimSpace(line))
		all = append(all, p)
		joined = p.Heading == 0 && !p.Point
	}
	return all
}

// runs reads **bold**; stars without a partner are stars.
func runs(line string) []run {
	var all []run
	for {
		before, rest, ok := strings.Cut(line, "**")
		bold, after, closed := strings.Cut(rest, "**")
		if !ok || !closed || bold == "" {
			if line != "" {
				all = append(all, run{Text: line})
			}
			return all
		}
		if before != "" {
			all = append(all, run{Text: before})
		}
		all = append(all, run{Text: bold, Bold: true})
		line = after
	}
}

func (p paragraph) plain() string {
	var b strings.Builder
	if p.Heading > 0 {
		b.WriteString("# ")
	}
	if p.Point {
		b.WriteString("- ")
	}
	for _, r := range p.Runs {
		b.WriteString(r.Text)
	}
	return b.String()
}
