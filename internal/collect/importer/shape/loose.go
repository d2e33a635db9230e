package shape

import (
	"strings"
	"time"
)

// scanner walks over the digits of a time.
type scanner struct {
	s string
}

// digits takes up to limit digits and says how many there were.
func (c *scanner) digits(limit int) (v, n int) {
	for n < len(c.s) && n < limit && c.s[n] >= '0' && c.s[n] <= '9' {
		v = v*10 + int(c.s[n]-'0')
		n++
	}
	c.s = c.s[n:]
	return v, n
}

// take drops the first of the texts that comes next and says which; "" if none does.
func (c *scanner) take(texts ...string) string {
	for _, t := range texts {
		if strings.HasPrefix(c.s, t) {
			c.s = c.s[len(t):]
			return t
		}
	}
	return ""
}

func (c *scanner) blanks() { c.s = strings.TrimLeft(c.s, " \t\u00a0\u3000") }

// loose reads a date of three numbers with any separator, then perhaps a time of day, AM or PM, and an offset.
func (m *Moments) loose(s string) (int64, error) {
	c := &scanner{s}
	a, an := c.digits(5)
	sep := c.take("-", "/", ".", "年")
	c.blanks()
	b, bn := c.digits(3)
	second := c.take("-", "/", ".", "月")
	c.blanks()
	d, dn := c.digits(5)
	if an == 0 || bn == 0 || bn > 2 || dn == 0 || sep == "" || second == "" {
		return 0, ErrTime
	}
	c.take("日", "号")
	y, mo, day, err := m.order(a, an, b, d, dn, sep)
	if err != nil {
		return 0, err
	}
	h, mi, sec, ns, ok := c.timeOfDay()
	if !ok {
		return 0, ErrTime
	}
	zone, ok := c.offset(m.zone)
	if !ok || c.s != "" {
		return 0, ErrTime
	}
	us, ok := m.at(y, mo, day, h, mi, sec, ns, zone)
	if !ok {
		return 0, ErrTime
	}
	return us, nil
}

// order says which of the numbers is the year, the month and the day.
func (m *Moments) order(a, an, b, d, dn int, sep string) (y, mo, day int, err error) {
	switch {
	case an == 4 && dn <= 2:
		return a, b, d, nil
	case dn != 4 || an > 2: // two-digit years need a layout of their own
		return 0, 0, 0, ErrTime
	case m.layout == LayoutDMY:
		return d, b, a, nil
	case m.layout == LayoutMDY:
		return d, a, b, nil
	case sep == ".": // 31.12.2026 is written in one order only
		return d, b, a, nil
	case a > 12 || a == b:
		return d, b, a, nil
	case b > 12:
		return d, a, b, nil
	}
	return 0, 0, 0, ErrAmbiguous
}

func (c *scanner) timeOfDay() (h, mi, s, ns int, ok bool) {
	c.blanks()
	c.take("T", "t")
	half := c.take("上午", "下午", "晚上", "中午", "凌晨", "早上")
	c.blanks()
	if c.s == "" {
		return 0, 0, 0, 0, half == ""
	}
	h, n := c.digits(2)
	if n == 0 {
		return 0, 0, 0, 0, c.s[0] == 'Z' || c.s[0] == '+' || c.s[0] == '-' // a date with an offset
	}
	if c.take(":", "时", "点") == "" {
		return 0, 0, 0, 0, false
	}
	mi, n = c.digits(2)
	if c.take(":", "分") != "" {
		var sn int
		s, sn = c.digits(2)
		if c.take(".", ",") != "" && sn > 0 {
			ns = c.fraction()
		}
		c.take("秒")
	} else if n == 0 && h > 23 {
		return 0, 0, 0, 0, false
	}
	c.blanks()
	if half == "" {
		half = c.take("AM", "PM", "am", "pm", "A.M.", "P.M.", "a.m.", "p.m.")
	}
	if half != "" {
		if h > 12 && !strings.Contains("下午晚上PMpm", half) {
			return 0, 0, 0, 0, false
		}
		h = twelve(h, half)
	}
	return h, mi, s, ns, true
}

// fraction of a second in nanoseconds; digits beyond those say nothing.
func (c *scanner) fraction() int {
	v, n := c.digits(9)
	for range 9 - n {
		v *= 10
	}
	c.s = strings.TrimLeft(c.s, "0123456789")
	return v
}

// twelve turns an hour of the twelve-hour clock into one of the day.
func twelve(h int, half string) int {
	switch half {
	case "下午", "晚上", "PM", "pm", "P.M.", "p.m.":
		if h < 12 {
			return h + 12
		}
	case "中午":
		if h < 3 {
			return h + 12
		}
	default:
		if h == 12 {
			return 0
		}
	}
	return h
}

// offset reads Z, UTC, GMT, +08:00, +0800, +08; without one the file's zone holds.
func (c *scanner) offset(zone *time.Location) (*time.Location, bool) {
	c.blanks()
	if c.take("Z", "z", "UTC", "GMT") != "" && c.s == "" {
		return time.UTC, true
	}
	sign := c.take("+", "-")
	if sign == "" {
		return zone, true
	}
	h, n := c.digits(2)
	c.take(":")
	mi, _ := c.digits(2)
	if n == 0 || h > 14 || mi > 59 {
		return nil, false
	}
	seconds := h*3600 + mi*60
	if sign == "-" {
		seconds = -seconds
	}
	return time.FixedZone("", seconds), true
}

// GuessLayout looks at some times and says how their days and months are ordered: LayoutDMY, LayoutMDY, or "" if nothing shows it or it
// does not matter.
func GuessLayout(times []string) string {
	day, month := false, false
	for _, s := range times {
		c := &scanner{strings.TrimSpace(s)}
		a, an := c.digits(3)
		sep := c.take("-", "/")
		b, bn := c.digits(3)
		again := c.take("-", "/")
		_, yn := c.digits(5)
		if an == 0 || an > 2 || bn == 0 || bn > 2 || yn != 4 || sep == "" || again != sep {
			continue
		}
		day = day || (a > 12 && b <= 12)
		month = month || (b > 12 && a <= 12)
	}
	switch {
	case day && !month:
		return LayoutDMY
	case month && !day:
		return LayoutMDY
	}
	return ""
}
