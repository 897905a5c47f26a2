package report

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"testing"

	"bnlab/model"
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
	var want []string
	for _, kinds := range [][]string{{"3-layer", "9-layer"}, {"sigma-0.1", "sigma-0.001", "sigma-0.0001"}} {
		for _, curves := range []string{"loss-", "accuracy-", "cost-"} {
			for _, kind := range kinds {
				want = append(want, curves+kind)
			}
		}
	}
	want = append(want, "lambda", "sigma", "schedule")
	if !slices.Equal(names, want) {
		t.Errorf("figures %q, want %q", names, want)
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

// An axis of losses says which, and all of those that its figure shows.
func TestLossNamed(t *testing.T) {
	group := func(l model.Loss) (g experiment.Group) {
		g.Config.Loss = l
		return g
	}
	for _, c := range []struct {
		groups []experiment.Group
		want   string
	}{
		{[]experiment.Group{group("")}, "cross-entropy loss"},
		{[]experiment.Group{group(model.Softmax), group("")}, "cross-entropy loss"},
		{[]experiment.Group{group(model.BCE)}, "binary cross-entropy loss"},
		{[]experiment.Group{group(""), group(model.Hinge), group(model.Hinge)}, "cross-entropy or hinge loss"},
	} {
		if got := ofLoss(families[losses].axis, c.groups).Label; got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}
