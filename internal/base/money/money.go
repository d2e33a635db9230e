// Package money holds amounts exactly: int64 minor units and an ISO 4217 currency.
//
// Text such as "12.345" is read as an exact decimal and rounded once, half away from zero, to the currency's minor unit.
package money

import (
	"fmt"
	"math/big"
	"strings"
)

// Amount is a sum of money in minor units (fen, cents, pence; yen has none).
type Amount struct {
	Minor    int64  `json:"amount"`
	Currency string `json:"currency"`
}

// Digits is how many decimal digits the currency's minor unit has (ISO 4217; 2 unless listed).
func Digits(currency string) int {
	switch currency {
	case "JPY", "KRW", "VND", "CLP", "ISK", "PYG", "UGX", "XAF", "XOF", "XPF", "KMF", "DJF", "GNF", "RWF", "VUV", "BIF":
		return 0
	case "BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND":
		return 3
	}
	return 2
}

// ValidCurrency says whether c looks like an ISO 4217 code: three capital letters.
func ValidCurrency(c string) bool {
	return len(c) == 3 && strings.IndexFunc(c, func(r rune) bool { return r < 'A' || r > 'Z' }) < 0
}

// Decimal reads a decimal number exactly. It accepts a sign, grouping commas and an exponent, and refuses everything else
// (also numbers so long that they are an attack rather than a price).
func Decimal(text string) (*big.Rat, error) {
	s := strings.ReplaceAll(strings.TrimSpace(text), ",", "")
	if s == "" || len(s) > 40 || strings.ContainsAny(s, "/_xXpPbBoO") {
		return nil, fmt.Errorf("%q is not a number", clip(text))
	}
	if i := strings.IndexAny(s, "eE"); i >= 0 && len(s)-i > 4 {
		return nil, fmt.Errorf("%q has too large an exponent", clip(text))
	}
	r, ok := new(big.Rat).SetString(s)
	if !ok {
		return nil, fmt.Errorf("%q is not a number", clip(text))
	}
	return r, nil
}

// Round turns an exact number of major units into minor units, half away from zero.
func Round(r *big.Rat, currency string) (Amount, error) {
	scale := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(Digits(currency))), nil)
	x := new(big.Rat).Mul(r, new(big.Rat).SetInt(scale))
	half := big.NewRat(1, 2)
	if x.Sign() < 0 {
		half.Neg(half)
	}
	x.Add(x, half)
	q := new(big.Int).Quo(x.Num(), x.Denom()) // Quo truncates toward zero
	if !q.IsInt64() {
		return Amount{}, fmt.Errorf("%s %s is too large", r.FloatString(2), currency)
	}
	return Amount{Minor: q.Int64(), Currency: currency}, nil
}

// Parse reads text as an amount of the currency.
func Parse(text, currency string) (Amount, error) {
	r, err := Decimal(text)
	if err != nil {
		return Amount{}, err
	}
	return Round(r, currency)
}

// String is the amount in major units with its currency, e.g. "8911407.90 GBP".
func (a Amount) String() string { return a.Major() + " " + a.Currency }

// Major is the amount in major units, e.g. "8911407.90".
func (a Amount) Major() string {
	d := Digits(a.Currency)
	scale := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(d)), nil)
	return new(big.Rat).SetFrac(big.NewInt(a.Minor), scale).FloatString(d)
}

func clip(s string) string {
	if len(s) > 40 {
		return s[:40] + "…"
	}
	return s
}
