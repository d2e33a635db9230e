package shape

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/huoshui/huoshui/internal/base/fault"
)

// The reasons why a text is no time.
var (
	ErrTime      = errors.New("not a time that is understood; set the time layout")
	ErrAmbiguous = errors.New("may mean day/month or month/day; set the time layout to DMY or MDY")
)

// Layouts that are words, beside Go's ("2006-01-02 15:04") and the common ones ("YYYY-MM-DD HH:mm").
const (
	LayoutDMY    = "DMY"     // 31/12/2026, any separator, with or without a time of day
	LayoutMDY    = "MDY"     // 12/31/2026
	LayoutUnix   = "unix"    // seconds
	LayoutUnixMS = "unix_ms" // milliseconds
	LayoutExcel  = "excel"   // days of Excel: 45123.5
)

// Moments reads the times of one file.
type Moments struct {
	zone   *time.Location
	layout string // in Go's form, or one of the words
	excel  bool   // plain numbers may be Excel's days
}

// NewMoments reads times of a zone. An empty layout understands what is unmistakable: year-month-day in digits or Chinese, with or
// without a time of day and an offset, RFC 3339, month names, seconds and milliseconds since 1970; and Excel's days if excel is set.
func NewMoments(layout, zone string, excel bool) (*Moments, error) {
	if zone == "" {
		zone = "UTC"
	}
	loc, err := time.LoadLocation(zone)
	if err != nil {
		return nil, fault.New(fault.Invalid, "import.time_zone", "the time zone %q is not known; write it like Asia/Shanghai", zone)
	}
	m := &Moments{zone: loc, excel: excel}
	switch layout {
	case "", LayoutDMY, LayoutMDY, LayoutUnix, LayoutUnixMS, LayoutExcel:
		m.layout = layout
	default:
		m.layout = goLayout(layout)
		probe := time.Date(2019, 11, 23, 21, 34, 56, 0, time.UTC)
		if back, err := time.Parse(m.layout, probe.Format(m.layout)); err != nil || back.Year() != 2019 || back.YearDay() != probe.YearDay() {
			return nil, fault.New(fault.Invalid, "import.time_layout", "the time layout %q has no year, month and day; write it like YYYY-MM-DD HH:mm:ss", layout)
		}
	}
	return m, nil
}

// goLayout turns the common way to write a layout into Go's.
func goLayout(layout string) string {
	if strings.Contains(layout, "2006") || !strings.ContainsAny(layout, "yY") {
		return layout
	}
	return strings.NewReplacer("YYYY", "2006", "yyyy", "2006", "YY", "06", "yy", "06", "MM", "01", "M", "1", "DD", "02", "dd", "02", "D", "2", "d", "2",
		"HH", "15", "H", "15", "hh", "03", "h", "3", "mm", "04", "ss", "05", "SSS", "000", "A", "PM", "a", "pm").Replace(layout)
}

// Parse gives microseconds since 1970 UTC.
func (m *Moments) Parse(text string) (int64, error) {
	s := strings.TrimSpace(text)
	switch m.layout {
	case "", LayoutDMY, LayoutMDY:
	case LayoutUnix:
		return fromNumber(s, 1e6)
	case LayoutUnixMS:
		return fromNumber(s, 1e3)
	case LayoutExcel:
		return m.fromExcel(s)
	default:
		t, err := time.ParseInLocation(m.layout, s, m.zone)
		if err != nil {
			return 0, ErrTime
		}
		return t.UnixMicro(), nil
	}
	if us, ok := m.plain(s); ok {
		return us, nil
	}
	if len(s) == 0 || len(s) > 64 {
		return 0, ErrTime
	}
	if strings.Trim(s, "0123456789.") == "" && strings.Count(s, ".") < 2 {
		return m.number(s)
	}
	us, err := m.loose(s)
	if errors.Is(err, ErrTime) {
		return m.named(s)
	}
	return us, err
}

// plain reads "2006-01-02 15:04:05", which is most of what there is, without detours.
func (m *Moments) plain(s string) (int64, bool) {
	if len(s) != 19 || s[4] != '-' || s[7] != '-' || s[13] != ':' || s[16] != ':' || (s[10] != ' ' && s[10] != 'T') {
		return 0, false
	}
	d := func(i, n int) int {
		v := 0
		for _, c := range []byte(s[i : i+n]) {
			if c < '0' || c > '9' {
				return -1
			}
			v = v*10 + int(c-'0')
		}
		return v
	}
	return m.at(d(0, 4), d(5, 2), d(8, 2), d(11, 2), d(14, 2), d(17, 2), 0, m.zone)
}

// at is a wall-clock time, if it exists in the calendar.
func (m *Moments) at(y, mo, d, h, mi, s, ns int, zone *time.Location) (int64, bool) {
	if y < 1 || y > 9999 || mo < 1 || mo > 12 || d < 1 || d > 31 || h < 0 || h > 23 || mi < 0 || mi > 59 || s < 0 || s > 59 {
		return 0, false
	}
	if d > 28 && time.Date(y, time.Month(mo), d, 0, 0, 0, 0, time.UTC).Day() != d {
		return 0, false
	}
	return time.Date(y, time.Month(mo), d, h, mi, s, ns, zone).UnixMicro(), true
}

// number reads digits only: a compact date, Excel's days, or time since 1970 by its size.
func (m *Moments) number(s string) (int64, error) {
	whole, _, dotted := strings.Cut(s, ".")
	n, err := strconv.ParseInt(whole, 10, 64)
	if err != nil {
		return 0, ErrTime
	}
	switch {
	case m.excel && n > 0 && n < 2958466: // up to the year 9999
		return m.fromExcel(s)
	case len(whole) == 8 && !dotted:
		if us, ok := m.at(int(n/10000), int(n/100%100), int(n%100), 0, 0, 0, 0, m.zone); ok {
			return us, nil
		}
	case len(whole) == 14 && !dotted:
		d, c := n/1000000, n%1000000
		if us, ok := m.at(int(d/10000), int(d/100%100), int(d%100), int(c/10000), int(c/100%100), int(c%100), 0, m.zone); ok {
			return us, nil
		}
	case len(whole) == 9 || len(whole) == 10:
		return fromNumber(s, 1e6)
	case len(whole) == 12 || len(whole) == 13:
		return fromNumber(s, 1e3)
	case len(whole) == 16 && !dotted:
		return n, nil
	}
	return 0, ErrTime
}

// fromNumber reads a count of units of so many microseconds since 1970.
func fromNumber(s string, unit int64) (int64, error) {
	d, err := ParseDecimal(s)
	if err != nil || d.s > 9 {
		return 0, ErrTime
	}
	div := int64(1)
	for range d.s {
		div *= 10
	}
	whole, rest := d.m/div, d.m%div
	if whole > 1<<62/unit || whole < -(1<<62)/unit {
		return 0, ErrTime
	}
	return whole*unit + rest*unit/div, nil
}

// fromExcel reads days since 1899-12-30 as a wall clock, to the millisecond that Excel keeps.
func (m *Moments) fromExcel(s string) (int64, error) {
	days, err := strconv.ParseFloat(s, 64)
	if err != nil || days < 1 || days >= 2958466 {
		return 0, ErrTime
	}
	ms := int64(days*86400000 + 0.5)
	t := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC).AddDate(0, 0, int(ms/86400000)).Add(time.Duration(ms%86400000) * time.Millisecond)
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), m.zone).UnixMicro(), nil
}

// named reads times with the names of months.
func (m *Moments) named(s string) (int64, error) {
	for _, layout := range []string{
		time.RFC1123, time.RFC1123Z, time.RFC850, time.ANSIC, time.UnixDate, time.RubyDate,
		"Jan 2, 2006", "Jan 2, 2006 15:04", "Jan 2, 2006 15:04:05", "Jan 2, 2006 3:04 PM", "January 2, 2006", "January 2, 2006 15:04:05",
		"2 Jan 2006", "2 Jan 2006 15:04", "2 Jan 2006 15:04:05", "2 January 2006", "02-Jan-2006", "02-Jan-2006 15:04:05", "2-Jan-2006",
	} {
		if t, err := time.ParseInLocation(layout, s, m.zone); err == nil {
			return t.UnixMicro(), nil
		}
	}
	return 0, ErrTime
}
