package insightbench

import (
	"context"
	"math"
	"math/rand/v2"

	"github.com/huoshui/huoshui/internal/sim/rulebench"
)

// The parameters with which buyers are drawn, near those that are known of a shop for CDs; the unit of time is a week.
const (
	drawR, drawAlpha = 0.24, 4.4
	drawA, drawB     = 0.79, 2.4
)

// draw makes buyers as BG/NBD has them: each buys at a rate of their own, and after each purchase stays away with a chance of their own.
func draw(n int) []Buyer {
	dice := rand.New(rand.NewPCG(5, 6)) //nolint:gosec // no secret
	out := make([]Buyer, n)
	for i := range out {
		rate := gamma(dice, drawR) / drawAlpha / 7 // a day
		x, y := gamma(dice, drawA), gamma(dice, drawB)
		leave := x / (x + y)
		b := Buyer{Age: 180 + dice.IntN(185)}
		for at := 0.0; ; {
			at += dice.ExpFloat64() / rate
			if at >= float64(b.Age) {
				break
			}
			if day := int(at); day > b.Recency { // purchases of one day are one
				b.Repeats++
				b.Recency = day
			}
			if dice.Float64() < leave {
				break
			}
		}
		out[i] = b
	}
	return out
}

// gamma draws from the gamma distribution of scale 1 (Marsaglia & Tsang 2000).
func gamma(dice *rand.Rand, shape float64) float64 {
	if shape < 1 {
		return gamma(dice, shape+1) * math.Pow(dice.Float64(), 1/shape)
	}
	d := shape - 1.0/3
	c := 1 / math.Sqrt(9*d)
	for {
		x := dice.NormFloat64()
		v := 1 + c*x
		if v <= 0 {
			continue
		}
		v = v * v * v
		if math.Log(dice.Float64()) < x*x/2+d-d*v+d*math.Log(v) {
			return d * v
		}
	}
}

// fit measures fitting the model.
func (b *bench) fit(ctx context.Context) error {
	buyers := draw(b.o.Buyers)
	w := &b.result.Whole
	var all []float64
	for range runs + 1 {
		took, _, err := b.g.Timed(func() (err error) {
			w.BGNBD, err = b.o.Fit(ctx, buyers)
			return err
		})
		if err != nil {
			return err
		}
		all = append(all, took)
	}
	w.Buyers, w.BGNBDS = len(buyers), rulebench.Median(all)
	b.g.Say("       BG/NBD of %d buyers in %.2f s: %v", w.Buyers, w.BGNBDS, w.BGNBD)
	return nil
}
