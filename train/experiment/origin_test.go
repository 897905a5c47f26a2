package experiment

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"bnlab/blas"
	"bnlab/train"
)

// TestProperties: of every property, how many records have which value; a line for
// each that differs, unless it is harmless, and none for records that are alike.
func TestProperties(t *testing.T) {
	plan := planOf(ofLambdas(small(), []float64{0.001}, 5), 2)
	origin := Origin{Program: "v1", Dataset: testData, Host: "a"}
	origin.Backend.Name, origin.Backend.Version, origin.Backend.Core, origin.Backend.Threads = "openblas", "0.3.21", "Haswell", 1
	for what, of := range map[string]struct {
		change func(*Outcome)
		want   string
	}{
		"none":            {func(*Outcome) {}, ""},
		"host":            {func(o *Outcome) { o.Host, o.End = "b", now() }, ""},
		"data":            {func(o *Outcome) { o.Dataset.Name = "synthetic" }, "data set: cifar10 5fdcf57d170b (trials: 3), synthetic 5fdcf57d170b (trials: 1)"},
		"digest":          {func(o *Outcome) { o.Dataset.Digest = "f" }, "data set: cifar10 5fdcf57d170b (trials: 3), cifar10 f (trials: 1)"},
		"library":         {func(o *Outcome) { o.Backend.Name = "gonum" }, "backend: openblas 0.3.21 (trials: 3), gonum 0.3.21 (trials: 1)"},
		"library version": {func(o *Outcome) { o.Backend.Version = "0.3.31" }, "backend: openblas 0.3.21 (trials: 3), openblas 0.3.31 (trials: 1)"},
		"kernel":          {func(o *Outcome) { o.Backend.Core = "Zen" }, "kernel: Haswell (trials: 3), Zen (trials: 1)"},
		"threads":         {func(o *Outcome) { o.Backend.Threads = 2 }, "BLAS threads: 1 (trials: 3), 2 (trials: 1)"},
		"program":         {func(o *Outcome) { o.Program = "v2" }, "program version: v1 (trials: 3), v2 (trials: 1)"},
		"precision":       {func(o *Outcome) { o.Trial.Config.Precision = train.F64 }, "precision: f32 (trials: 3), f64 (trials: 1)"},
	} {
		outcomes := make([]Outcome, len(plan.Trials)) // the last one is missing
		for i := range outcomes[:4] {
			outcomes[i] = finished(plan.Trials[i], 0.5, 0.5)
			outcomes[i].Origin = origin
		}
		of.change(&outcomes[2])
		s := Summarize(plan, outcomes)
		want := []string{"The records differ in " + of.want + "."}
		if of.want == "" {
			want = nil
		}
		if !slices.Equal(s.Warnings, want) {
			t.Errorf("%s: %q, want %q", what, s.Warnings, want)
		}
		if got := s.Properties.Values("trials side by side"); !slices.Equal(got, []PropertyValue{{"2", 2}, {"1", 2}}) {
			t.Errorf("%s: side by side %v", what, got)
		}
		if *s.Backend != outcomes[0].Backend {
			t.Errorf("%s: backend %v", what, *s.Backend)
		}
		// What differs within a run differs between two runs of one kind each.
		even, odd := slices.Clone(outcomes), slices.Clone(outcomes)
		even[2], odd[0], odd[1], odd[3] = Outcome{}, Outcome{}, Outcome{}, Outcome{}
		if joined := Summarize(plan, even).Join(Summarize(plan, odd)); !slices.Equal(joined.Warnings, want) {
			t.Errorf("%s: joined, %q, want %q", what, joined.Warnings, want)
		}
	}
}

// TestPrecisionsCompared: precisions that a plan compares are no difference, and the
// summary names them; with other trials they are one.
func TestPrecisionsCompared(t *testing.T) {
	plan := planOf(ofLambdas(small(), []float64{0.001}, 2), 1)
	plan.Trials[1].Config = plan.Trials[0].Config
	plan.Trials[1].Config.Precision = train.BF16
	outcomes := []Outcome{finished(plan.Trials[0], 0.5, 0.5), finished(plan.Trials[1], 0.5, 0.5)}
	s := Summarize(plan, outcomes)
	if got := s.Properties.Texts("precision"); len(s.Warnings) > 0 || !slices.Equal(got, []string{"f32 and bf16"}) {
		t.Errorf("precisions %q, warnings %q", got, s.Warnings)
	}
	if name := s.Properties.Backend(); !strings.HasSuffix(name, ", f32 and bf16") {
		t.Errorf("backend %q", name)
	}
	alone := planOf(ofLambdas(small(), []float64{0.001}, 1), 1)
	if joined := s.Join(Summarize(alone, []Outcome{finished(alone.Trials[0], 0.5, 0.5)})); len(joined.Warnings) != 1 {
		t.Errorf("beside trials in f32: %q", joined.Warnings)
	}
}

// TestManyValues: a line stays a line, whatever the records contain.
func TestManyValues(t *testing.T) {
	var ps Properties
	for i := range 1000 {
		ps = ps.Join(Properties{{"program version", []PropertyValue{{fmt.Sprint("v", i), 1}}}})
	}
	lines := ps.Differences()
	if len(lines) != 1 || !strings.HasSuffix(lines[0], "v7 (trials: 1), and 992 more.") {
		t.Errorf("%q", lines)
	}
}

// TestUnlike: an origin that differs from all records is reported.
func TestUnlike(t *testing.T) {
	plan := planOf(ofLambdas(small(), []float64{0.001}, 1), 1)
	o := finished(plan.Trials[0], 0.5, 0.5)
	o.Program, o.Backend.Core = "v1", "Zen"
	ps := Summarize(plan, []Outcome{o}).Properties
	if lines := ps.Unlike("It", o.Origin); lines != nil {
		t.Errorf("alike: %q", lines)
	}
	o.Backend.Core = "Haswell"
	if lines := ps.Unlike("It", o.Origin); fmt.Sprint(lines) != "[It differs from the records in kernel: Haswell, not Zen (trials: 1).]" {
		t.Errorf("%q", lines)
	}
}

// TestOriginOfRun: the records of a run, and the outcomes that it returns, say what
// trained them, where and when, whether a folder keeps them or not.
func TestOriginOfRun(t *testing.T) {
	before := now()
	for _, dir := range []string{"", t.TempDir()} {
		plan := smallPlan()
		var f *Folder
		if dir != "" {
			f = create(t, dir, plan)
		}
		outcomes, err := runner(t, f).Run(context.Background(), plan)
		must(t, err)
		want := StartNow("v1", testData, train.F64)
		for _, o := range outcomes {
			if o.Start.Before(before.Time) || o.End.Before(o.Start.Time) || want.Start.Before(o.End.Time) {
				t.Errorf("%s: from %v to %v", o.Trial.ID, o.Start, o.End)
			}
			o.Start, o.End = want.Start, want.End
			want.BitsFollow = o.BitsFollow // of the kernel: TestRecordsSayWhatBitsFollow
			if o.Origin != want {
				t.Errorf("%s: %+v, want %+v", o.Trial.ID, o.Origin, want)
			}
		}
	}
	if host, err := os.Hostname(); err == nil && StartNow("", Dataset{}, train.F32).Host != host {
		t.Errorf("host is not %s", host)
	}
}

// TestJSON: lists are never null, at any depth; what is unknown is.
func TestJSON(t *testing.T) {
	type inner struct {
		List []int
		More [][]string
	}
	v := struct {
		inner
		Inside  inner
		Pointer *inner
		None    *inner
		Many    []inner
		hidden  []int
		Map     map[string][]int
		When    time.Time
	}{Pointer: &inner{}, Many: []inner{{More: [][]string{nil}}}, Map: map[string][]int{"a": nil}}
	text, err := JSON(v)
	var got map[string]any
	if err != nil || json.Unmarshal(text, &got) != nil {
		t.Fatal(err, string(text))
	}
	empty := map[string]any{"List": []any{}, "More": []any{}}
	want := map[string]any{
		"List": []any{}, "More": []any{}, "Inside": empty, "Pointer": empty, "None": nil,
		"Many": []any{map[string]any{"List": []any{}, "More": []any{[]any{}}}}, "When": "0001-01-01T00:00:00Z", "Map": map[string]any{"a": []any{}},
	}
	if !reflect.DeepEqual(got, want) || v.hidden != nil {
		t.Errorf("%s", text)
	}
}

// TestRecordsSayWhatBitsFollow: a trial that trained beside others says so where the kernel
// mixes them, one alone never does, and a report has a line for it.
func TestRecordsSayWhatBitsFollow(t *testing.T) {
	c := small()
	c.Hidden, c.Precision = []int{7}, train.F32
	for _, fuse := range []int{1, 2} {
		plan := planOf(seeded("a", c, 2), 2)
		plan.Fuse(fuse, 1)
		outcomes := runAll(t, runner(t, create(t, t.TempDir(), plan)), plan)
		want := ""
		if fuse == 2 && blas.BitsFollow[float32](false) != nil {
			want = blas.Beside
		}
		for _, o := range outcomes {
			if o.BitsFollow != want {
				t.Errorf("%d side by side: %s follows from %q, want %q", fuse, o.Trial.ID, o.BitsFollow, want)
			}
		}
		if lines := Summarize(plan, outcomes).Properties.Bits(); len(lines) > 0 != (want != "") {
			t.Errorf("%d side by side: %q", fuse, lines)
		}
	}
}
