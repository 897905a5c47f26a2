package figure

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Axis is an axis with its range and ticks, in the units of its label.
type Axis struct {
	Label  string  `json:"label"` // with the unit
	Name   string  `json:"name"`  // one word, for reading values
	Unit   string  `json:"unit"`  // after a value, such as %
	Digits int     `json:"digits"`
	Log    bool    `json:"log"`
	Min    float64 `json:"min"`
	Max    float64 `json:"max"`
	Ticks  []Tick  `json:"ticks"`
	Named  bool    `json:"named"` // the values are those of the ticks, which have names
}

// Text writes a value on the axis with four digits, or its name.
func (a Axis) Text(v float64) string {
	for _, t := range a.Ticks {
		if a.Named && t.At == v {
			return t.Text
		}
	}
	return fmt.Sprintf("%.4g", v)
}

// Tick is a position on an axis. 10^k stands for 10 with superscript k.
type Tick struct {
	At   float64 `json:"at"`
	Text string  `json:"text"` // empty for a minor tick
}

// utmost is the largest number on an axis, and its inverse the smallest on a
// logarithmic one: beyond, sums and powers of ten overflow.
const utmost = 1e300

// Fit sets the range to include the values, out to the next tick if round is true, and
// the ticks.
func (a *Axis) Fit(values []float64, round bool) {
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
	a.Ticks = nil
	if a.Log {
		a.fitLog(low, high)
	} else {
		a.fitLinear(low, high, round)
	}
}

// Categories makes the axis one of names, at 0, 1 and so on.
func (a *Axis) Categories(names []string) {
	a.Min, a.Max, a.Ticks, a.Named = -0.5, float64(len(names))-0.5, nil, true
	for i, name := range names {
		a.Ticks = append(a.Ticks, Tick{At: float64(i), Text: name})
	}
}

// fitLinear sets about five ticks.
func (a *Axis) fitLinear(low, high float64, round bool) {
	if high-low <= 1e-9*max(math.Abs(low), math.Abs(high), 1/utmost) { // equal but for rounding
		low, high = low-math.Abs(low)/20-0.05, high+math.Abs(high)/20+0.05
	}
	step := niceStep((high - low) / 5)
	a.Min, a.Max = low, high
	if round {
		a.Min, a.Max = step*math.Floor(low/step+1e-9), step*math.Ceil(high/step-1e-9)
	}
	digits := max(0, -int(math.Floor(math.Log10(step)+1e-9)))
	for i := math.Ceil(a.Min/step - 1e-9); i*step <= a.Max+step*1e-9; i++ {
		a.Ticks = append(a.Ticks, Tick{At: i * step, Text: tickText(i*step+0, digits)})
	}
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

// tickText writes v with that many decimals, or in powers of ten if that is too long.
func tickText(v float64, digits int) string {
	format := byte('f')
	if digits > 8 || math.Abs(v) >= 1e9 {
		format, digits = 'g', 6
	}
	return Minus(strconv.FormatFloat(v, format, digits, 64))
}

// Minus writes a number with a minus sign instead of a hyphen.
func Minus(number string) string { return strings.Replace(number, "-", "−", 1) }

// fitLog leaves a fifth of a decade on both sides, or extends to whole decades if there
// are fewer than two within, and sets a tick at each decade and minor ones between,
// skipping some if there are more than twelve.
func (a *Axis) fitLog(low, high float64) {
	const room = 1.5848931924611136 // 10^0.2
	a.Min, a.Max = low/room, high*room
	const slip = 1e-9 // of the logarithm of a power of ten
	first, last := math.Ceil(math.Log10(a.Min)-slip), math.Floor(math.Log10(a.Max)+slip)
	if last-first < 1 {
		first, last = math.Floor(math.Log10(a.Min)+slip), math.Ceil(math.Log10(a.Max)-slip)
		a.Min, a.Max = math.Pow(10, first), math.Pow(10, last)
	}
	every := max(1, int(last-first+11)/12)
	for k := int(first) - 1; k <= int(last); k++ {
		for m := 1.0; m < 10 && (every == 1 || m == 1 && k%every == 0); m++ {
			tick := Tick{At: m * math.Pow(10, float64(k))}
			if m == 1 {
				tick.Text = Minus("10^" + strconv.Itoa(k))
			}
			if tick.At >= a.Min && tick.At <= a.Max {
				a.Ticks = append(a.Ticks, tick)
			}
		}
	}
}
