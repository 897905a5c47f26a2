package report

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"bnlab/train"
	"bnlab/train/experiment"
)

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

// Accuracies are drawn in percent, as the axis says, each seed by itself too.
func TestSigmaChart(t *testing.T) {
	dir := studyDir(t)
	s := read(t, dir)
	c := sigmaChart(s.Runs[len(s.Runs)-1])[0]
	if c.Y.Min != 0 || c.Y.Max > 100 || !c.X.Log || c.Panels[0].Lines[0].At != 10 {
		t.Errorf("axes %+v, %+v", c.X, c.Y)
	}
	for _, series := range c.Panels[0].Series {
		want := map[bool]int{true: 3, false: 9}[series.Spread != ""] // σ, and trials
		if len(series.Points) != want {
			t.Errorf("%s: %d points, want %d", series.Name, len(series.Points), want)
		}
		if last := series.Points[len(series.Points)-1]; last.X != 0.1 || last.Y < 50 || last.Y > 57 {
			t.Errorf("%s: %+v", series.Name, last)
		}
	}
}

// A trial that diverged has a curve up to there, which is no part of the mean.
func TestCurvesLeaveOutDiverged(t *testing.T) {
	dir := t.TempDir()
	trials, err := experiment.Compare(train.Default(), []int{3}, 3)
	if err != nil {
		t.Fatal(err)
	}
	folder := writeRun(t, dir, "compare", realData, trials)
	r := madeUp(trials[1], realData)
	r.Result.Diverged, r.Result.Final = true, nil
	save(t, folder, r)
	c := read(t, dir).Charts()[0]
	for i, n := range []int{2, 3} {
		for _, s := range c.Panels[i].Series {
			for _, point := range s.Points {
				if point.N != n {
					t.Fatalf("%s, %s at step %g: mean of %d, want %d", c.Panels[i].Title, s.Name, point.X, point.N, n)
				}
			}
		}
	}
	if !strings.Contains(c.Subtitle, "n = 2 to 3 seeds") {
		t.Errorf("subtitle %q", c.Subtitle)
	}
}

// A band needs several seeds: one alone has none.
func TestNoBandOfOneSeed(t *testing.T) {
	one := pointOf(1, []float64{2}, 1)
	if one.Low != one.Y || one.High != one.Y || one.N != 1 {
		t.Errorf("%+v", one)
	}
	three := pointOf(1, []float64{1, 2, 3}, 100)
	if three.Y != 200 || three.Low != 100 || three.High != 300 || three.N != 3 {
		t.Errorf("%+v", three)
	}
}
