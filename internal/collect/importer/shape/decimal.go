package shape

import (
	"errors"
	"math/big"
	"strconv"
	"strings"
)

// Decimal is an exact decimal number, m / 10^s, without zeros at the end of its fraction. 18 digits are more than any price or quantity has.
type Decimal struct {
	m int64
	s int
}

// The reasons why a text is no number.
var (
	ErrNumber   = errors.New("not a number")
	ErrGrouping = errors.New("has a comma where no thousands end; write a point before the fraction")
	ErrDigits   = errors.New("has more digits than any amount")
)

const maxDigits = 18

// ParseDecimal reads a number as people and shops write it: signs, thousands ("1,234.50"), currency signs ("¥12", "12元"), full-width
// digits, brackets for negative, a small exponent. "12,50" is refused: it could mean 12.5 or a slip for 1250.
func ParseDecimal(text string) (Decimal, error) {
	s := trimMoney(text)
	neg := false
	if strings.HasPrefix(s, "(") && strings.HasSuffix(s, ")") {
		neg, s = true, s[1:len(s)-1]
	}
	if s != "" && (s[0] == '-' || s[0] == '+') {
		neg, s = neg != (s[0] == '-'), trimMoney(s[1:])
	}
	body, exp := s, 0
	if i := strings.IndexAny(s, "eE"); i > 0 {
		e, err := strconv.Atoi(s[i+1:])
		if err != nil || e < -30 || e > 30 {
			return Decimal{}, ErrNumber
		}
		body, exp = s[:i], e
	}
	whole, frac, _ := strings.Cut(body, ".")
	if whole == "" && frac == "" {
		return Decimal{}, ErrNumber
	}
	if strings.Contains(whole, ",") {
		groups := strings.Split(whole, ",")
		for i, g := range groups {
			if (i == 0 && (g == "" || len(g) > 3)) || (i > 0 && len(g) != 3) {
				return Decimal{}, ErrGrouping
			}
		}
		whole = strings.Join(groups, "")
	}
	return assemble(whole, frac, exp, neg)
}

func assemble(whole, frac string, exp int, neg bool) (Decimal, error) {
	var d Decimal
	digits := whole + frac
	d.s = len(frac) - exp
	for len(digits) > 0 && d.s > 0 && digits[len(digits)-1] == '0' {
		digits, d.s = digits[:len(digits)-1], d.s-1
	}
	for _, c := range []byte(digits) {
		if c < '0' || c > '9' {
			return Decimal{}, ErrNumber
		}
	}
	digits = strings.TrimLeft(digits, "0")
	if digits == "" {
		return Decimal{}, nil
	}
	if d.s < 0 {
		digits += strings.Repeat("0", -d.s)
		d.s = 0
	}
	if len(digits) > maxDigits || d.s > 2*maxDigits {
		return Decimal{}, ErrDigits
	}
	m, err := strconv.ParseInt(digits, 10, 64)
	if err != nil {
		return Decimal{}, ErrNumber
	}
	if neg {
		m = -m
	}
	d.m = m
	return d, nil
}

// trimMoney takes blanks and currency signs off both ends and makes full-width characters plain.
func trimMoney(s string) string {
	s = strings.TrimSpace(s)
	plain := true
	for i := range len(s) {
		if s[i] >= 0x80 || s[i] == '$' || s[i] == ' ' {
			plain = false
			break
		}
	}
	if plain {
		return s
	}
	s = strings.Map(func(r rune) rune {
		switch {
		case r >= '！' && r <= '～':
			return r - '！' + '!'
		case r == '\u00a0' || r == '\u3000' || r == ' ' || r == '\u202f':
			return -1
		case r == '−':
			return '-'
		}
		return r
	}, s)
	return strings.Trim(s, "¥￥$£€元")
}

// Sign is -1, 0 or 1.
func (d Decimal) Sign() int {
	switch {
	case d.m < 0:
		return -1
	case d.m > 0:
		return 1
	}
	return 0
}

// Neg is the number with the other sign.
func (d Decimal) Neg() Decimal { return Decimal{-d.m, d.s} }

// AppendJSON adds the number as JSON, exactly.
func (d Decimal) AppendJSON(b []byte) []byte {
	m := d.m
	if m < 0 {
		b, m = append(b, '-'), -m
	}
	digits := strconv.FormatInt(m, 10)
	if d.s == 0 {
		return append(b, digits...)
	}
	if len(digits) <= d.s {
		digits = strings.Repeat("0", d.s-len(digits)+1) + digits
	}
	b = append(b, digits[:len(digits)-d.s]...)
	b = append(b, '.')
	return append(b, digits[len(digits)-d.s:]...)
}

// String is the number in plain digits.
func (d Decimal) String() string { return string(d.AppendJSON(nil)) }

// total adds up products of decimals exactly.
type total struct {
	sum   big.Int
	scale int
	a, b  big.Int
}

// add adds q × p.
func (t *total) add(q, p Decimal) {
	t.a.SetInt64(q.m)
	t.b.SetInt64(p.m)
	t.a.Mul(&t.a, &t.b)
	scale := q.s + p.s
	if scale > t.scale {
		t.sum.Mul(&t.sum, pow10(&t.b, scale-t.scale))
		t.scale = scale
	} else if scale < t.scale {
		t.a.Mul(&t.a, pow10(&t.b, t.scale-scale))
	}
	t.sum.Add(&t.sum, &t.a)
}

func pow10(into *big.Int, n int) *big.Int {
	if n <= maxDigits {
		p := int64(1)
		for range n {
			p *= 10
		}
		return into.SetInt64(p)
	}
	return into.Exp(big.NewInt(10), big.NewInt(int64(n)), nil)
}

// rat is the sum as a fraction.
func (t *total) rat() *big.Rat {
	return new(big.Rat).SetFrac(new(big.Int).Set(&t.sum), new(big.Int).Set(pow10(&t.b, t.scale)))
}
