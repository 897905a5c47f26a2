package report

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Chart is a figure as data: panels side by side that share their axes. The
// figures in SVG and PNG and the curves of the page are all drawn from it.
type Chart struct {
	Name     string  `json:"name"` // of the files
	Title    string  `json:"title"`
	Subtitle string  `json:"subtitle"` // data set, n, backend
	X        Axis    `json:"x"`
	Y        Axis    `json:"y"`
	Panels   []Panel `json:"panels"`
}

// Axis is an axis with its range and ticks, in the units of its label.
type Axis struct {
	Label  string  `json:"label"` // with the unit
	Name   string  `json:"name"`  // in a word, for reading values
	Unit   string  `json:"unit"`  // behind a value, as %
	Digits int     `json:"digits"`
	Log    bool    `json:"log"`
	Min    float64 `json:"min"`
	Max    float64 `json:"max"`
	Ticks  []Tick  `json:"ticks"`
}

// Tick is a place on an axis. 10^k stands for 10 with the exponent k raised.
type Tick struct {
	At   float64 `json:"at"`
	Text string  `json:"text"` // empty for a minor tick
}

// Panel is one pair of axes.
type Panel struct {
	Title  string   `json:"title"`
	Series []Series `json:"series"`
	Lines  []Line   `json:"lines"`
}

// Series is points of one kind. Colour, dash and mark all tell it from others.
type Series struct {
	Name   string `json:"name"`
	Color  int    `json:"color"`  // index into the palette
	Dash   string `json:"dash"`   // solid, dash or dot; empty for no line
	Mark   string `json:"mark"`   // circle, dot, square, triangle, diamond or star; empty for none
	Spread string `json:"spread"` // band or bars, from Low to High; empty for neither
	Shift  int    `json:"shift"`  // sideways, by so many widths of a mark, so that series do not cover one another
	Points []Spot `json:"points"`
}

// Spot is a point of a series: a mean over N trials, one standard deviation
// below and above it. Low and High are Y where N is 1.
type Spot struct {
	X    float64 `json:"x"`
	Y    float64 `json:"y"`
	Low  float64 `json:"low"`
	High float64 `json:"high"`
	N    int     `json:"n"`
}

// Line is a reference that crosses the panel.
type Line struct {
	Name     string  `json:"name"`
	Vertical bool    `json:"vertical"` // at an x; else at a y
	At       float64 `json:"at"`
}

// fit sets range and ticks of both axes so that they hold all points of all
// panels.
func (c *Chart) fit() {
	var xs, ys []float64
	marked := false
	for _, p := range c.Panels {
		for _, s := range p.Series {
			marked = marked || s.Mark != ""
			for _, spot := range s.Points {
				xs = append(xs, spot.X)
				ys = append(ys, spot.Low, spot.High)
			}
		}
		for _, l := range p.Lines {
			if l.Vertical {
				xs = append(xs, l.At)
			} else {
				ys = append(ys, l.At)
			}
		}
	}
	c.X.fit(xs, false)
	if marked && !c.Y.Log && len(ys) > 0 {
		top, bottom := slices.Max(ys), slices.Min(ys)
		ys = append(ys, top+(top-bottom)/25) // room for a mark at the top
	}
	c.Y.fit(ys, true)
}

// utmost is the largest number on an axis, and its inverse the smallest on a
// logarithmic one: beyond, sums and powers of ten overflow.
const utmost = 1e300

// fit sets the range so that it holds the values, out to the next tick where
// round is true, and the ticks.
func (a *Axis) fit(values []float64, round bool) {
	low, high := math.Inf(1), math.Inf(-1)
	for _, v := range values {
		v = max(-utmost, min(v, utmost))
		if !a.Log {
			low, high = min(low, v), max(high, v)
		} else if v > 0 {
			low, high = min(low, max(v, 1/utmost)), max(high, v, 1/utmost)
		}
	}
	if math.IsInf(low, 1) {
		low, high = 1, 2
	}
	if a.Log {
		a.fitLog(low, high)
		return
	}
	if high-low <= 1e-9*max(math.Abs(low), math.Abs(high), 1/utmost) { // equal but for rounding
		low, high = low-math.Abs(low)/20-0.05, high+math.Abs(high)/20+0.05
	}
	step := niceStep((high - low) / 5)
	a.Min, a.Max = low, high
	if round {
		a.Min, a.Max = step*math.Floor(low/step+1e-9), step*math.Ceil(high/step-1e-9)
	}
	a.Ticks = nil
	digits := max(0, -int(math.Floor(math.Log10(step)+1e-9)))
	for i := math.Ceil(a.Min/step - 1e-9); i*step <= a.Max+step*1e-9; i++ {
		a.Ticks = append(a.Ticks, Tick{At: i * step, Text: tickText(i*step+0, digits)})
	}
}

// tickText writes v with so many digits behind the point, or in powers of ten
// where that is too long.
func tickText(v float64, digits int) string {
	format := byte('f')
	if digits > 8 || math.Abs(v) >= 1e9 {
		format, digits = 'g', 6
	}
	return strings.Replace(strconv.FormatFloat(v, format, digits, 64), "-", "−", 1)
}

// fitLog leaves a fifth of a decade on both sides, or goes out to the decades
// where there are not two within, and sets a tick at each and minor ones between,
// but only at every so many where there are more than twelve.
func (a *Axis) fitLog(low, high float64) {
	const room = 1.5848931924611136 // 10^0.2
	a.Min, a.Max = low/room, high*room
	const slip = 1e-9 // of the logarithm of a power of ten
	first, last := math.Ceil(math.Log10(a.Min)-slip), math.Floor(math.Log10(a.Max)+slip)
	if last-first < 1 {
		first, last = math.Floor(math.Log10(a.Min)+slip), math.Ceil(math.Log10(a.Max)-slip)
		a.Min, a.Max = math.Pow(10, first), math.Pow(10, last)
	}
	a.Ticks = nil
	every := max(1, int(last-first+11)/12)
	for k := int(first) - 1; k <= int(last); k++ {
		for m := 1.0; m < 10 && (every == 1 || m == 1 && k%every == 0); m++ {
			if at := m * math.Pow(10, float64(k)); at >= a.Min && at <= a.Max {
				a.Ticks = append(a.Ticks, Tick{At: at, Text: decadeText(m, k)})
			}
		}
	}
}

func decadeText(m float64, k int) string {
	if m != 1 {
		return ""
	}
	return power(strconv.Itoa(k))
}

// power writes a power of ten with a proper minus.
func power(exponent string) string {
	return "10^" + strings.Replace(exponent, "-", "−", 1)
}

// niceStep returns the smallest of 1, 2, 5 times a power of ten that is at least
// step.
func niceStep(step float64) float64 {
	decade := math.Pow(10, math.Floor(math.Log10(step)))
	for _, m := range []float64{1, 2, 5} {
		if step <= m*decade*(1+1e-9) {
			return m * decade
		}
	}
	return 10 * decade
}

// needsLog tells whether values reach over so many decades that a logarithmic axis
// is called for.
func needsLog(values []float64) bool {
	low, high := math.Inf(1), 0.0
	for _, v := range values {
		if v <= 0 {
			return false
		}
		low, high = min(low, v), max(high, v)
	}
	return high/low > 100
}

// nText writes how many trials, as n = 3.
func nText(n int) string { return fmt.Sprintf("n = %d", n) }
