package report

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"bnlab/train"
	"bnlab/train/experiment"
	"bnlab/train/report/figure"
	"bnlab/train/study"
)

// askedRun writes the run folders of a study whose stages follow from no results, with a
// record for each trial that keep takes; of an experiment with stages the given groups.
func askedRun(t *testing.T, dir, text string, keep func(experiment.Trial) bool) {
	t.Helper()
	s, err := study.Parse("study.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	for i := range s.Experiments {
		e := &s.Experiments[i]
		var before []experiment.Group
		for _, stage := range e.Stages() {
			trials, err := e.StageTrials(stage, before)
			if err != nil {
				t.Fatal(err)
			}
			folder := writeRun(t, filepath.Join(dir, s.Folder(e, stage)), e.Name, realData, trials)
			for _, trial := range trials {
				if !keep(trial) {
					if err := os.RemoveAll(folder.TrialDir(trial)); err != nil {
						t.Fatal(err)
					}
				}
			}
			outcomes, err := folder.Outcomes(func(err error) { t.Error(err) })
			if err != nil {
				t.Fatal(err)
			}
			before = append(before, experiment.Summarize(folder.Plan, outcomes).InStage(stage).Groups...)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "study.yaml"), []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

func all(experiment.Trial) bool { return true }

// TestEveryMetricIsDrawn: what a study can name has a figure.
func TestEveryMetricIsDrawn(t *testing.T) {
	for _, name := range study.Metrics {
		if quantities[name].of == nil {
			t.Errorf("metric %s is not drawn", name)
		}
	}
	for _, name := range study.CurveNames() {
		if evaluated[name].of == nil {
			t.Errorf("curve %s is not drawn", name)
		}
	}
	numbers := train.Point{Eta: 1, Metrics: train.Metrics{TrainLoss: 2, TrainCost: 3, TrainAcc: 4, ValLoss: 5, ValCost: 6, ValAcc: 7}}
	for i, name := range []string{"eta", "train-loss", "train-cost", "train-acc", "val-loss", "val-cost", "val-acc"} {
		if got := evaluated[name].of(numbers); got != float64(i+1) {
			t.Errorf("%s: number %g", name, got)
		}
	}
	spread := func(v float64) experiment.Spread { return experiment.SpreadOf([]float64{v}) }
	g := experiment.Group{TestAcc: spread(1), ValAcc: spread(2), TrainLoss: spread(3), ValLoss: spread(4), Others: map[string]experiment.Spread{}}
	for i, kind := range train.Kinds {
		g.Others["test_acc_"+string(kind)], g.Others["val_acc_"+string(kind)] = spread(float64(5+2*i)), spread(float64(6+2*i))
	}
	numbers.Precise, numbers.Adaptive = &train.Measured{TrainLoss: 8, TrainAcc: 9, ValLoss: 10, ValAcc: 11}, &train.Measured{TrainLoss: 12, TrainAcc: 13, ValLoss: 14, ValAcc: 15}
	for i, name := range study.CurveNames()[7:] {
		if got := evaluated[name].of(numbers); got != float64(i+8) && i < 8 || i >= 8 && !math.IsNaN(got) {
			t.Errorf("%s: number %g", name, got)
		}
	}
	for i, name := range study.Metrics {
		if got := quantities[name].of(g)[0]; got != float64(i+1) {
			t.Errorf("%s: number %g", name, got)
		}
	}
	if len(evaluated) != len(study.CurveNames()) || len(quantities) != len(study.Metrics) {
		t.Error("figures of what no study can name")
	}
}

// shape is what a chart shows, in words.
func shape(c figure.Chart) (lines []string) {
	lines = append(lines, c.Name+": "+c.Title)
	for _, p := range c.Panels {
		for _, s := range p.Series {
			lines = append(lines, fmt.Sprintf("%s / %s / %s %d at %d points from %.4g to %.4g",
				p.Title, s.Name, s.Dash, s.Color, len(s.Points), s.Points[0].X, s.Points[len(s.Points)-1].X))
		}
	}
	return lines
}

// TestFiguresAsked: a study's figures are those that it names, one for each value of an
// axis that none of their parts shows.
func TestFiguresAsked(t *testing.T) {
	const head = "title: Rates\nseeds: 3\nbase: {ns: 450}\nexperiments:\n- name: rate\n  vary: {bn: [true, false], eta-max: {from: 0.01, to: 1, points: 3, scale: log}, hidden: {wide: [80], deep: [50, 50]}}\n  figures:\n  - "
	for _, c := range []struct {
		name, figure string
		want         []string
	}{
		{"lines and panels", "{x: eta-max, y: val-acc, line: bn, panel: hidden}", []string{
			"val-acc-eta-max: Validation accuracy against η_max",
			"wide / bn=true / solid 0 at 3 points from 0.01 to 1", "wide / bn=false / solid 1 at 3 points from 0.01 to 1",
			"deep / bn=true / solid 0 at 3 points from 0.01 to 1", "deep / bn=false / solid 1 at 3 points from 0.01 to 1"}},
		{"one for each value of an axis", "{x: eta-max, y: train-loss, line: bn}", []string{
			"train-loss-eta-max-wide: Training loss against η_max, wide",
			" / bn=true / solid 0 at 3 points from 0.01 to 1", " / bn=false / solid 1 at 3 points from 0.01 to 1",
			"train-loss-eta-max-deep: Training loss against η_max, deep",
			" / bn=true / solid 0 at 3 points from 0.01 to 1", " / bn=false / solid 1 at 3 points from 0.01 to 1"}},
		{"names on the axis", "{x: hidden, y: test-acc, line: eta-max, panel: bn}", []string{
			"test-acc-hidden: Test accuracy against hidden layers",
			"bn=true / eta-max=0.01 / solid 0 at 2 points from 0 to 1", "bn=true / eta-max=0.1 / solid 1 at 2 points from 0 to 1", "bn=true / eta-max=1 / solid 2 at 2 points from 0 to 1",
			"bn=false / eta-max=0.01 / solid 0 at 2 points from 0 to 1", "bn=false / eta-max=0.1 / solid 1 at 2 points from 0 to 1", "bn=false / eta-max=1 / solid 2 at 2 points from 0 to 1"}},
	} {
		dir := t.TempDir()
		askedRun(t, dir, head+c.figure+"\n", all)
		var got []string
		for _, chart := range read(t, dir).Charts() { // the schedule, which the study does not ask for, is none
			got = append(got, shape(chart)...)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: want − got +\n%s", c.name, diff)
		}
	}
}

// TestNamesAlongAxis: values that have names have them on the axis, in the table and in the
// CSV; what all end in stands at the axis.
func TestNamesAlongAxis(t *testing.T) {
	for networks, want := range map[string][]string{
		"{1 layer: [], 2 layer: [80]}": {"layer", "Test accuracy against layer", "layer", "1", "2"},
		"{wide: [80], deep: [50, 50]}": {"hidden layers", "Test accuracy against hidden layers", "hidden", "wide", "deep"},
	} {
		dir := t.TempDir()
		askedRun(t, dir, "seeds: 2\nbase: {ns: 450}\nexperiments:\n- name: own\n  vary: {hidden: "+networks+"}\n  figures: [{x: hidden, y: test-acc}]", all)
		c := read(t, dir).Charts()[0]
		table := pointTable(c)
		got := []string{c.X.Label, c.Title, table.Header[2], table.Rows[0][2], table.Rows[1][2]}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: want − got +\n%s", networks, diff)
		}
	}
}

// TestCurvesAsked: curves of one kind share a chart; lines have colours, curves dashes.
func TestCurvesAsked(t *testing.T) {
	dir := t.TempDir()
	askedRun(t, dir, "seeds: 2\nexperiments:\n- vary: {bn: [true, false], lambda: [0.1, 0.01], hidden: {wide: [80], deep: [50, 50]}}\n"+
		"  figures: [{curves: [train-loss, val-acc, val-loss], line: lambda, panel: bn}]", all)
	var got []string
	for _, chart := range read(t, dir).Charts() {
		got = append(got, shape(chart)...)
	}
	var want []string
	for _, hidden := range []string{"wide", "deep"} {
		for _, family := range [][]string{{"loss", "Loss", "training loss", "validation loss"}, {"accuracy", "Accuracy", "validation accuracy"}} {
			want = append(want, fmt.Sprintf("%s-%s: %s against update step, %s", family[0], hidden, family[1], hidden))
			for _, bn := range []string{"bn=true", "bn=false"} {
				for i, lambda := range []string{"lambda=0.1", "lambda=0.01"} {
					for j, curve := range family[2:] {
						want = append(want, fmt.Sprintf("%s / %s, %s / %s %d at 21 points from 1 to 9000", bn, lambda, curve, []string{"solid", "dash"}[j], i))
					}
				}
			}
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("want − got +\n%s", diff)
	}
}

// TestSuggestedFigure: a question that asks for no figure has one over its longest axis.
func TestSuggestedFigure(t *testing.T) {
	dir := t.TempDir()
	askedRun(t, dir, "seeds: 2\nexperiments:\n- vary: {bn: [true, false], batch: [20, 50, 100], eta-max: [0.01, 0.1]}", all)
	charts := read(t, dir).Charts()
	c := charts[0]
	if c.Name != "test-acc-batch" || len(c.Panels) != 2 || c.Panels[1].Title != "eta-max=0.1" || len(c.Panels[1].Series) != 2 ||
		c.X.Log || c.Panels[0].Series[1].Name != "bn=false" || len(charts) != 1+6+1 {
		t.Errorf("%d charts, the first %+v", len(charts), c)
	}
}

// TestOwnQuestion: the report of a question that is nobody's study is no suspect: it has
// the question's title, what it compares and claims, and no column for what is published.
func TestOwnQuestion(t *testing.T) {
	dir := t.TempDir()
	text := "title: Does it <b>help</b>?\nsource: me, 2020\nbase: {ns: 450}\nseeds: 3\nexperiments:\n- name: own\n  vary: {bn: [true, false], eta-max: [0.01, 0.1]}\n  contrast: bn\n" +
		"  claims: [{name: It helps, kind: difference, of: bn, above: -1}]"
	askedRun(t, dir, text, all)
	s := read(t, dir)
	if len(s.Warnings) > 0 {
		t.Errorf("warnings %q", s.Warnings)
	}
	var titles []string
	for _, table := range s.Tables() {
		titles = append(titles, table.Title)
		if strings.HasPrefix(table.Title, "Experiment") && slices.Contains(table.Header, "published") {
			t.Errorf("columns %q", table.Header)
		}
		if table.Title == "Differences in own" && (len(table.Rows) != 2 || table.Rows[1][1] != "eta-max=0.1" || table.Rows[1][3] != "3") {
			t.Errorf("differences %q", table.Rows)
		}
		if table.Title == "Claims of own" && (len(table.Rows) != 1 || table.Rows[0][1] != "yes") {
			t.Errorf("claims %q", table.Rows)
		}
	}
	if diff := cmp.Diff([]string{"Claims of own", "Experiment own", "Differences in own", "Configuration", "Origin of the records"}, titles); diff != "" {
		t.Error(diff)
	}
	page, err := s.contents(nil).page()
	if err != nil || !strings.Contains(string(page), "<h1>Does it &lt;b&gt;help&lt;/b&gt;?</h1>\n<p>me, 2020</p>") {
		t.Errorf("error %v, page %.900s", err, page)
	}
}

// TestOwnPublished: figures that a study gives as published stand beside its results.
func TestOwnPublished(t *testing.T) {
	dir := t.TempDir()
	askedRun(t, dir, "base: {ns: 450}\nseeds: 3\nexperiments:\n- name: own\n  vary: {bn: [true, false]}\n"+
		"  published: [{where: {bn: true}, test-acc: 0.53}]", all)
	s := read(t, dir)
	if len(s.Claims) != 1 || s.Claims[0].Group != "bn=true" || s.Claims[0].Published != 0.53 || s.Claims[0].N != 3 {
		t.Errorf("claims %+v", s.Claims)
	}
}

// TestUnfinished: a run that goes on is said to be unfinished, and nothing worse.
func TestUnfinished(t *testing.T) {
	dir := t.TempDir()
	askedRun(t, dir, "seeds: 3\nexperiments:\n- name: own\n  vary: {bn: [true, false]}\n  contrast: bn", func(trial experiment.Trial) bool { return trial.Config.Seed < 3 })
	s := read(t, dir)
	want := []string{"own: 2 of 6 trials missing: the run is unfinished: bn-true-seed3, bn-false-seed3."}
	if diff := cmp.Diff(want, s.Warnings); diff != "" {
		t.Error(diff)
	}
	if c := s.Questions[0].Result.Contrasts[0]; c.N != 2 || c.LostPairs != 1 {
		t.Errorf("%+v", c)
	}
}

// TestSearchOverAny: a search over any field has its figure and ranks, by what it chooses.
func TestSearchOverAny(t *testing.T) {
	dir := t.TempDir()
	askedRun(t, dir, "experiments:\n- name: best\n  search: {over: eta-max, coarse: [0.01, 0.1, 1], choose: val-loss, fine: {draw: 2}, final: {seeds: 2}}", all)
	s := read(t, dir)
	c := s.Charts()[0]
	if c.Name != "eta-max" || c.Title != "Validation loss against η_max, 3-layer network" || !c.X.Log || c.Y.Name != "validation loss" ||
		len(c.Panels) != 1 || len(c.Panels[0].Series) != 4 || len(c.Panels[0].Lines) != 0 {
		t.Errorf("%+v", c)
	}
	best, lowest := c.Panels[0].Series[2].Points[0], c.Panels[0].Series[0].Points[0].Y
	for _, series := range c.Panels[0].Series[:2] {
		for _, p := range series.Points {
			lowest = min(lowest, p.Y)
		}
	}
	if best.Y != lowest {
		t.Errorf("best %g, the lowest loss is %g", best.Y, lowest)
	}
	table := groupTable(s.Runs[0], nil)
	for i, row := range table.Rows {
		if i == 0 && table.Header[8] != "rank" || row[0] != []string{"eta-max=0.01", "eta-max=0.1", "eta-max=1"}[i] {
			t.Errorf("%q: %q", table.Header, row)
		}
		for _, other := range table.Rows {
			if row[7] < other[7] && row[8] > other[8] {
				t.Errorf("rank of %q above that of %q", row, other)
			}
		}
	}
}

// TestDistinct: figures of one title say in what their runs differ.
func TestDistinct(t *testing.T) {
	dirs := []string{filepath.Join(t.TempDir(), "a"), filepath.Join(t.TempDir(), "b")}
	for i, dir := range dirs {
		askedRun(t, dir, fmt.Sprintf("base: {batch: %d, hidden: [50]}\nexperiments:\n- vary: {bn: [true, false]}", []int{50, 200}[i]), all)
	}
	var names, titles []string
	for _, c := range read(t, dirs...).Charts() {
		names, titles = append(names, c.Name), append(titles, c.Title)
	}
	if diff := cmp.Diff([]string{"loss-batch-50", "accuracy-batch-50", "cost-batch-50", "loss-batch-200", "accuracy-batch-200", "cost-batch-200", "schedule"}, names); diff != "" {
		t.Error(diff)
	}
	if titles[3] != "Loss against update step, batch=200" {
		t.Errorf("titles %q", titles)
	}
}

// TestPooledQuestion: of two folders with other seeds of one question all seeds are
// compared.
func TestPooledQuestion(t *testing.T) {
	dirs := []string{filepath.Join(t.TempDir(), "a"), filepath.Join(t.TempDir(), "b")}
	for i, dir := range dirs {
		askedRun(t, dir, fmt.Sprintf("base: {ns: 450}\nseeds: %s\nexperiments:\n- vary: {bn: [true, false]}\n  contrast: bn", []string{"[1, 2]", "[3, 4, 5]"}[i]), all)
	}
	s := read(t, dirs...)
	if len(s.Questions) != 1 || s.Questions[0].Result.Contrasts[0].N != 5 {
		t.Errorf("%d questions, %+v", len(s.Questions), s.Questions[0].Result.Contrasts)
	}
}

// TestLostTold: a figure says how many trials are in no mean of it.
func TestLostTold(t *testing.T) {
	dir := t.TempDir()
	text := "base: {ns: 450}\nseeds: 2\nexperiments:\n- name: own\n  vary: {bn: [true, false], eta-max: [0.01, 0.1]}"
	askedRun(t, dir, text, all)
	folder, err := experiment.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	for i, trial := range folder.Plan.Trials[:3] {
		r := madeUp(trial, realData)
		r.Result.Diverged, r.Result.Final = true, nil
		if i == 2 {
			r.Error, r.Result = "no memory", train.Result{}
		}
		save(t, folder, r)
	}
	if c := read(t, dir).Charts()[0]; !strings.HasSuffix(c.Subtitle, " · without 2 diverged · without 1 failed") {
		t.Errorf("subtitle %q", c.Subtitle)
	}
}

// TestSharedAxes: figures of one quantity have one range, unless that made one flat.
func TestSharedAxes(t *testing.T) {
	chart := func(low, high float64) figure.Chart {
		c := figure.Chart{X: stepAxis, Y: figure.Axis{Label: "loss"}}
		c.Y.Fit([]float64{low, high}, true)
		return c
	}
	charts := []figure.Chart{chart(1, 3), chart(2, 4), chart(0, 40)}
	shareAxes(charts[:2])
	if a, b := charts[0].Y, charts[1].Y; a.Min != b.Min || a.Max != b.Max || a.Min > 1 || a.Max < 4 {
		t.Errorf("ranges %g to %g and %g to %g", a.Min, a.Max, b.Min, b.Max)
	}
	shareAxes(charts)
	if charts[0].Y.Max > 10 || charts[2].Y.Max < 40 {
		t.Errorf("up to %g and %g", charts[0].Y.Max, charts[2].Y.Max)
	}
}

// TestDamagedQuestion: a question that cannot be read does not keep the records from
// being shown.
func TestDamagedQuestion(t *testing.T) {
	dir := t.TempDir()
	askedRun(t, dir, "experiments:\n- name: own\n  vary: {bn: [true, false]}", all)
	if err := os.WriteFile(filepath.Join(dir, "study.yaml"), []byte("experiments: 7"), 0o666); err != nil {
		t.Fatal(err)
	}
	s := read(t, dir)
	if len(s.Questions) != 0 || len(s.Warnings) != 1 || !strings.HasPrefix(s.Warnings[0], "The question of ") {
		t.Errorf("%d questions, warnings %q", len(s.Questions), s.Warnings)
	}
}

// TestWideSpread: a spread that would agree with almost anything decides nothing, though
// it can tell that a figure is far away.
func TestWideSpread(t *testing.T) {
	run := &Run{Name: "compare", Plan: &experiment.Plan{Dataset: realData}}
	wide := experiment.SpreadOf([]float64{0.40, 0.44, 0.42})
	if c := accuracyClaim(run, "g", TestAccuracy, 0.45, wide); c.Verdict != Undecided || c.Note != "too wide a spread to tell" {
		t.Errorf("%+v", c)
	}
	if c := accuracyClaim(run, "g", TestAccuracy, 0.6, wide); c.Verdict != Differs {
		t.Errorf("%+v", c)
	}
}
