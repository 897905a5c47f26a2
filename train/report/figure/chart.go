// Package figure draws charts, confusion matrices and galleries of pictures as SVG
// and PNG.
package figure

import "slices"

// Chart is a figure as data: panels side by side that share their axes. The
// figures in SVG and PNG and the curves of the page are all drawn from it.
type Chart struct {
	Name     string  `json:"name"` // of the files
	Title    string  `json:"title"`
	Subtitle string  `json:"subtitle"` // data set, n, backend
	X        Axis    `json:"x"`
	Y        Axis    `json:"y"`
	Panels   []Panel `json:"panels"`

	Narrow bool `json:"-"` // one panel is as wide as a telephone
}

// Panel is one pair of axes.
type Panel struct {
	Title  string   `json:"title"`
	Series []Series `json:"series"`
	Lines  []Line   `json:"lines"`
}

// Series is points of one kind. Colour, dash and mark all tell it from others.
type Series struct {
	Name   string  `json:"name"`
	Color  int     `json:"color"`  // index into the palette, below Colors; or Background
	Dash   string  `json:"dash"`   // solid, dash or dot; empty for no line
	Mark   string  `json:"mark"`   // circle, dot, square, triangle, diamond or star; empty for none
	Spread string  `json:"spread"` // band or bars, from Low to High; empty for neither
	Shift  int     `json:"shift"`  // sideways, by so many quarters of a mark, so that series do not cover one another
	Points []Point `json:"points"`
}

// Point is a point of a series: a mean over N trials, one standard deviation
// below and above it. Low and High are Y where N is 1.
type Point struct {
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

// Fit sets range and ticks of both axes so that they hold all points of all panels.
func (c *Chart) Fit() {
	var xs, ys []float64
	marked := false
	for _, p := range c.Panels {
		for _, s := range p.Series {
			marked = marked || s.Mark != ""
			for _, point := range s.Points {
				xs = append(xs, point.X)
				ys = append(ys, point.Low, point.High)
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
	if marked && !c.X.Log && len(xs) > 0 {
		right, left := slices.Max(xs), slices.Min(xs)
		xs = append(xs, left-(right-left)/25, right+(right-left)/25) // room for a mark at the ends
	}
	c.X.Fit(xs, false)
	if marked && !c.Y.Log && len(ys) > 0 {
		top, bottom := slices.Max(ys), slices.Min(ys)
		ys = append(ys, top+(top-bottom)/25) // room for a mark at the top
	}
	c.Y.Fit(ys, true)
}
