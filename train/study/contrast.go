package study

import (
	"math"
	"slices"
	"strings"

	"bnlab/train/contrast"
	"bnlab/train/document"
	"bnlab/train/experiment"
	"bnlab/train/message"
)

// Contrasts are what an experiment compares.
type Contrasts []Compared

// Compared is an axis whose values are compared: each with the first, or with false, at
// each value of the other axes.
type Compared struct {
	Of     string `json:"of" help:"the axis"`
	Metric string `json:"metric" values:"test-acc,val-acc,train-loss,val-loss" help:"what is compared"`

	line int
}

// Decode reads the name of an axis, a table, or a list of these.
func (c *Contrasts) Decode(v document.Value) error {
	items := []document.Value{v}
	if v.Kind == document.List {
		items = v.Items
	}
	for _, item := range items {
		one := Compared{Metric: "test-acc", line: item.Line}
		if item.Kind == document.Table {
			if err := item.Decode(&one); err != nil {
				return err
			}
		} else if err := item.Decode(&one.Of); err != nil {
			return err
		}
		one.Of, one.Metric = document.Hyphened(one.Of), document.Hyphened(one.Metric)
		if metrics[one.Metric] == nil {
			return item.Errorf("metric %.40q: give test-acc, val-acc, train-loss or val-loss%s", one.Metric,
				message.DidYouMean("", one.Metric, []string{"test-acc", "val-acc", "train-loss", "val-loss"}))
		}
		*c = append(*c, one)
	}
	return nil
}

// metrics return a number of a finished trial, false where it has none.
var metrics = map[string]func(experiment.Outcome) (float64, bool){
	"test-acc": func(o experiment.Outcome) (float64, bool) {
		if o.Result.Final.TestMetrics == nil {
			return 0, false
		}
		return o.Result.Final.TestAcc, true
	},
	"val-acc":    func(o experiment.Outcome) (float64, bool) { return o.Result.Final.ValAcc, true },
	"train-loss": func(o experiment.Outcome) (float64, bool) { return o.Result.Final.TrainLoss, true },
	"val-loss":   func(o experiment.Outcome) (float64, bool) { return o.Result.Final.ValLoss, true },
}

// Contrast is the difference between two values of an axis, paired by seed.
type Contrast struct {
	Of        string    `json:"of"`
	Values    [2]string `json:"values"` // the difference is the first less the second
	At        string    `json:"at"`     // the values of the other axes; empty where there are none
	Metric    string    `json:"metric"`
	N         int       `json:"n"`          // pairs
	LostPairs int       `json:"lost_pairs"` // whose difference is unknown
	Lost      []string  `json:"lost"`       // trials without the number: diverged, failed or missing, so that their pairs are lost

	Diff   *float64    `json:"diff"` // mean; null without a pair
	CI     *[2]float64 `json:"ci"`   // 95 % confidence interval; null for less than two pairs
	P      *float64    `json:"p"`    // of the paired t test
	PHolm  *float64    `json:"p_holm"`
	PExact *float64    `json:"p_exact"`                // of the sign-flip test
	Least  *float64    `json:"p_exact_least"`          // that so many pairs can reach
	Seeds  *int        `json:"seeds_for_half_a_point"` // whose confidence interval reaches half a point to each side; null for losses
}

// result is a trial and what became of it.
type result struct {
	trial experiment.Trial
	experiment.Outcome
}

// Compare returns the contrasts of an experiment from its Trials and their outcomes, in
// the same order. The p values are corrected over all of them.
func (e *Experiment) Compare(trials []experiment.Trial, outcomes []experiment.Outcome) []Contrast {
	results := make([]result, len(trials))
	for i := range results {
		results[i] = result{trials[i], outcomes[i]}
	}
	all := []Contrast{}
	for _, c := range e.Contrast {
		axis, err := e.axis(c)
		if err != nil {
			panic("study: contrast that Parse refuses: " + err.Error())
		}
		all = append(all, e.along(axis, c, results)...)
	}
	var ps []float64
	for _, c := range all {
		if c.P != nil {
			ps = append(ps, *c.P)
		}
	}
	corrected := contrast.Holm(ps)
	for i := range all {
		if all[i].P != nil {
			all[i].PHolm, corrected = &corrected[0], corrected[1:]
		}
	}
	return all
}

// axis returns the index of the axis that is compared.
func (e *Experiment) axis(c Compared) (int, error) {
	var names []string
	for i, a := range e.Vary.Axes {
		name := strings.Join(a.Fields, " ")
		if slices.Contains(a.Fields, c.Of) || name == c.Of {
			if len(a.Points) < 2 {
				return 0, &document.Error{Line: c.line, Text: "contrast " + c.Of + ": the axis has one value; give two or more"}
			}
			return i, nil
		}
		names = append(names, a.Fields...)
	}
	if len(names) == 0 {
		return 0, &document.Error{Line: c.line, Text: "contrast " + c.Of + ": nothing varies"}
	}
	return 0, &document.Error{Line: c.line, Text: "contrast " + c.Of + ": it does not vary" + message.DidYouMean("", c.Of, names) + "; give " + strings.Join(names, " or ")}
}

// along returns the contrasts of an axis at each point of the others.
func (e *Experiment) along(axis int, c Compared, results []result) (all []Contrast) {
	axes, seeds := e.Vary.Axes, len(e.Seeds)
	stride, points := 1, 1
	for i, a := range axes {
		points *= len(a.Points)
		if i > axis {
			stride *= len(a.Points)
		}
	}
	n := len(axes[axis].Points)
	baseline := 0
	if axes[axis].Points[0].Settings[0].Value.Text == "true" && n == 2 {
		baseline = 1 // what a switch adds
	}
	for first := range points {
		if first/stride%n != 0 {
			continue // not at the first value of the axis
		}
		for value := range n {
			if value == baseline {
				continue
			}
			of := func(v int) []result {
				from := (first + v*stride) * seeds
				return results[from : from+seeds]
			}
			d := Contrast{Of: c.Of, Metric: c.Metric, At: e.others(axis, first)}
			d.Values = [2]string{labelOf(axes[axis], value), labelOf(axes[axis], baseline)}
			d.pair(of(value), of(baseline), metrics[c.Metric])
			all = append(all, d)
		}
	}
	return all
}

// labelOf names a value of an axis where its label is empty too.
func labelOf(a Axis, i int) string {
	if p := a.Points[i]; p.Label == "" {
		return a.Fields[0] + "=" + p.Settings[0].Value.Text
	}
	return a.Points[i].Label
}

// others names the point of the axes beside one.
func (e *Experiment) others(axis, point int) string {
	var labels []string
	for i, a := range slices.Backward(e.Vary.Axes) {
		if p := a.Points[point%len(a.Points)]; i != axis && p.Label != "" {
			labels = append(labels, p.Label)
		}
		point /= len(a.Points)
	}
	slices.Reverse(labels)
	return strings.Join(labels, " ")
}

// pair takes the differences of trials of the same seed.
func (d *Contrast) pair(a, b []result, metric func(experiment.Outcome) (float64, bool)) {
	var diffs []float64
	d.Lost = []string{}
	for i := range a {
		x, okX := a[i].number(metric)
		y, okY := b[i].number(metric)
		if okX && okY {
			diffs = append(diffs, x-y)
			continue
		}
		d.LostPairs++
		if !okX {
			d.Lost = append(d.Lost, a[i].trial.ID)
		}
		if !okY {
			d.Lost = append(d.Lost, b[i].trial.ID)
		}
	}
	if d.N = len(diffs); d.N == 0 {
		return
	}
	p := contrast.Of(diffs)
	d.Diff = &p.Diff
	if d.N < 2 {
		return
	}
	least := contrast.LeastExact(d.N)
	d.CI, d.P, d.PExact, d.Least = &[2]float64{p.Low, p.High}, &p.P, &p.PExact, &least
	if strings.HasSuffix(d.Metric, "-acc") {
		seeds := contrast.Seeds(p.Std, 0.005)
		d.Seeds = &seeds
	}
}

// number returns the metric of a trial that has a result.
func (r result) number(metric func(experiment.Outcome) (float64, bool)) (float64, bool) {
	if !r.Done() || r.Error != "" || r.Result.Diverged || r.Result.Final == nil {
		return 0, false
	}
	v, ok := metric(r.Outcome)
	return v, ok && !math.IsNaN(v) && !math.IsInf(v, 0)
}
