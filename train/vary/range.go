package vary

import (
	"math"
	"strconv"

	"bnlab/train/document"
)

// Range is an interval of numbers.
type Range struct {
	From   float64 `json:"from" help:"first value"`
	To     float64 `json:"to" help:"last value"`
	Points int     `json:"points" help:"how many values, both ends included"`
	Scale  string  `json:"scale" values:"linear,log" help:"linear or log"`
}

func (r Range) check(v document.Value, draw bool) error {
	switch {
	case r.Scale != "linear" && r.Scale != "log":
		return v.Errorf("scale %.20q: give linear or log", r.Scale)
	case !(r.From < r.To):
		return v.Errorf("from %g to %g: give a smaller number first", r.From, r.To)
	case r.Scale == "log" && r.From <= 0:
		return v.Errorf("from %g: a log scale begins above 0", r.From)
	case !draw && (r.Points < 2 || r.Points > MaxTrials):
		return v.Errorf("points %d: give how many values, from 2 to %d", r.Points, MaxTrials)
	}
	return nil
}

// values returns those of the range, rounded to four digits where these tell them apart.
func (r Range) values() []float64 {
	exact, short := make([]float64, r.Points), make([]float64, r.Points)
	apart := true
	for i := range exact {
		exact[i] = r.at(float64(i), float64(r.Points-1))
		short[i] = FourDigits(exact[i])
		apart = apart && (i == 0 || short[i] > short[i-1])
	}
	if !apart {
		short = exact
	}
	short[0], short[r.Points-1] = r.From, r.To
	return short
}

// at returns the value at a share of the way from From to To, a part of the whole.
func (r Range) at(part, whole float64) float64 {
	if r.Scale == "log" {
		return r.From * math.Pow(r.To/r.From, part/whole)
	}
	return (r.From*(whole-part) + r.To*part) / whole // so that whole numbers stay whole
}

// FourDigits rounds v to four significant digits, so that names stay short.
func FourDigits(v float64) float64 {
	r, err := strconv.ParseFloat(strconv.FormatFloat(v, 'g', 4, 64), 64)
	if err != nil {
		panic("vary: number that cannot be read back")
	}
	return r
}

func numberValue(v float64, line int) document.Value {
	return document.Value{Kind: document.Number, Line: line, Text: strconv.FormatFloat(v, 'g', -1, 64)}
}
