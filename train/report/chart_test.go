package report

import (
	"bytes"
	"encoding/xml"
	"errors"
	"image/png"
	"io"
	"math"
	"testing"

	"pgregory.net/rapid"
)

// Every axis holds its values, and has at least two labelled ticks in its range
// but not so many that they touch.
func TestAxisHoldsValues(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := Axis{Log: rapid.Bool().Draw(t, "log")}
		number := rapid.Float64Range(-1e6, 1e6)
		if a.Log {
			number = rapid.Map(rapid.Float64Range(-8, 4), func(e float64) float64 { return math.Pow(10, e) })
		}
		values := rapid.SliceOfN(number, 1, 20).Draw(t, "values")
		a.fit(values, rapid.Bool().Draw(t, "round"))
		room := 1e-9 * (a.Max - a.Min)
		for _, v := range values {
			if v < a.Min-room || v > a.Max+room {
				t.Fatalf("%g is outside %g … %g", v, a.Min, a.Max)
			}
		}
		labels := 0
		for i, tick := range a.Ticks {
			if tick.At < a.Min-room || tick.At > a.Max+room || i > 0 && tick.At <= a.Ticks[i-1].At {
				t.Fatalf("tick %g outside %g … %g or out of order", tick.At, a.Min, a.Max)
			}
			if tick.Text != "" {
				labels++
			}
		}
		if labels > 14 || labels < 2 {
			t.Fatalf("%d labels: %+v", labels, a.Ticks)
		}
	})
}

func TestChartsOfStudy(t *testing.T) {
	dir := studyDir(t)
	var names []string
	for _, c := range read(t, dir).Charts() {
		names = append(names, c.Name)
		for _, p := range c.Panels {
			for _, s := range p.Series {
				for _, q := range s.Points {
					if q.X < c.X.Min || q.X > c.X.Max || q.Low < c.Y.Min || q.High > c.Y.Max {
						t.Errorf("%s, %s: %+v lies outside the axes", c.Name, s.Name, q)
					}
				}
			}
		}
		svg, err := c.SVG()
		if err != nil {
			t.Fatal(err)
		}
		for d := xml.NewDecoder(bytes.NewReader(svg)); err == nil; {
			_, err = d.Token()
		}
		if !errors.Is(err, io.EOF) || bytes.Contains(svg, []byte("NaN")) {
			t.Errorf("%s.svg: %v, or a NaN in it", c.Name, err)
		}
		raw, err := c.PNG()
		if err != nil {
			t.Fatal(err)
		}
		if img, err := png.Decode(bytes.NewReader(raw)); err != nil || img.Bounds().Dx() < 1000 {
			t.Errorf("%s.png: %v, or not wide enough", c.Name, err)
		}
	}
	want := []string{"loss-3-layer", "loss-9-layer", "loss-sigma-0.1", "loss-sigma-0.001", "loss-sigma-0.0001", "lambda", "sigma", "schedule"}
	if len(names) != len(want) {
		t.Fatalf("figures %q, want %q", names, want)
	}
	for i := range want {
		if names[i] != want[i] {
			t.Errorf("figure %d is %s, want %s", i, names[i], want[i])
		}
	}
}

// A band needs several seeds: one alone has none.
func TestNoBandOfOneSeed(t *testing.T) {
	one := spotOf(1, []float64{2}, 1)
	if one.Low != one.Y || one.High != one.Y || one.N != 1 {
		t.Errorf("%+v", one)
	}
	three := spotOf(1, []float64{1, 2, 3}, 100)
	if three.Y != 200 || three.Low != 100 || three.High != 300 || three.N != 3 {
		t.Errorf("%+v", three)
	}
}
