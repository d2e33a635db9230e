package importer

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

// Bar draws progress as one line that is drawn over, for a terminal:
//
//	[██████████░░░░░░░░░░]  51 %  276,480 of 541,909 rows  184,320/s  1s left  12 rejected
type Bar struct {
	out   io.Writer
	width int // of the line before, to wipe what is left of it
}

// NewBar draws on a terminal.
func NewBar(out io.Writer) *Bar { return &Bar{out: out} }

const barWidth = 20

// Show draws the progress; it fits StartInput's observer.
func (b *Bar) Show(p Progress) {
	line := barLine(p)
	pad := max(0, b.width-len([]rune(line)))
	b.width = len([]rune(line))
	end := ""
	if p.Phase == Ended {
		end = "\n"
	}
	_, _ = fmt.Fprintf(b.out, "\r%s%s%s", line, strings.Repeat(" ", pad), end) // a terminal that is gone is no reason to stop an import
}

func barLine(p Progress) string {
	full := int(p.Part() * barWidth)
	var b strings.Builder
	fmt.Fprintf(&b, "[%s%s] %3d %%  %s", strings.Repeat("█", full), strings.Repeat("░", barWidth-full), int(p.Part()*100), thousands(p.Rows))
	if p.Phase == Reading && p.Total > p.Rows {
		fmt.Fprintf(&b, " of about %s", thousands(p.Total))
	}
	fmt.Fprintf(&b, " rows  %s/s", thousands(int64(p.Rate())))
	switch p.Phase {
	case Reading:
		if left := p.Left(); left > 0 {
			fmt.Fprintf(&b, "  %s left", left.Round(time.Second))
		}
	case Sending:
		b.WriteString("  writing to the log")
	case Applying:
		b.WriteString("  the pool is working on it")
	case Ended:
		fmt.Fprintf(&b, "  %s", p.Elapsed.Round(100*time.Millisecond))
	}
	if p.Rejected > 0 {
		fmt.Fprintf(&b, "  %s rejected", thousands(p.Rejected))
	}
	return b.String()
}

// thousands is a count with commas.
func thousands(n int64) string {
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
