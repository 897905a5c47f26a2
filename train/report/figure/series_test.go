package figure

import (
	"bytes"
	"regexp"
	"testing"
)

// Marks and error bars at the very edge of a panel are drawn like any others, and
// the legend has each name once.
func TestSeriesAtTheEdge(t *testing.T) {
	for _, mark := range []string{"circle", "dot", "square", "triangle", "diamond", "star"} {
		s := Series{Name: "one", Color: 2, Mark: mark, Spread: "bars", Points: []Point{
			{X: 1, Y: 1, Low: 1, High: 3, N: 2}, {X: 2, Y: 3, Low: 1, High: 3, N: 1},
		}}
		c := Chart{Panels: []Panel{{Series: []Series{s}}, {Series: []Series{s}}}}
		c.X.Min, c.X.Max, c.Y.Min, c.Y.Max = 1+1e-10, 2-1e-10, 1+1e-10, 3-1e-10 // as an axis that ends at a tick may
		svg, err := c.SVG()
		if err != nil {
			t.Fatal(err)
		}
		if n := len(regexp.MustCompile("fill:#009[DE]7[23]").FindAll(svg, -1)); n != 5 {
			t.Errorf("%s: %d marks, want two in each panel and one in the legend", mark, n)
		}
		if n := bytes.Count(svg, []byte("stroke:#009E73")); n != 6 {
			t.Errorf("%s: %d strokes, want a bar with two ends in each panel", mark, n)
		}
	}
}
