package experiment

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"bnlab/model"
	"bnlab/train"
)

// TestPlanCheck: each invalid plan is refused, by name.
func TestPlanCheck(t *testing.T) {
	for _, v := range []struct {
		name   string
		change func(*Plan)
		says   string
		is     error
	}{
		{"none", func(*Plan) {}, "", nil},
		{"format", func(p *Plan) { p.Format = 2 }, "format 2, this program reads 1", ErrPlan},
		{"no trials", func(p *Plan) { p.Trials = nil }, "without trials", ErrPlan},
		{"empty id", func(p *Plan) { p.Trials[1].ID = "" }, `trial 2: id "" is not a file name`, ErrPlan},
		{"above", func(p *Plan) { p.Trials[1].ID = "../x" }, `id "../x"`, ErrPlan},
		{"path", func(p *Plan) { p.Trials[1].ID = "a/b" }, `id "a/b"`, ErrPlan},
		{"other path", func(p *Plan) { p.Trials[1].ID = `a\b` }, "not a file name", ErrPlan},
		{"hidden", func(p *Plan) { p.Trials[1].ID = ".x" }, `id ".x"`, ErrPlan},
		{"here", func(p *Plan) { p.Trials[1].ID = "." }, `id "."`, ErrPlan},
		{"zero byte", func(p *Plan) { p.Trials[1].ID = "a\x00" }, "not a file name", ErrPlan},
		{"new line", func(p *Plan) { p.Trials[1].ID = "a\nb" }, "not a file name", ErrPlan},
		{"long", func(p *Plan) { p.Trials[1].ID = strings.Repeat("x", 201) }, "not a file name", ErrPlan},
		{"twice", func(p *Plan) { p.Trials[1].ID = p.Trials[0].ID }, "another one is named lambda-0.001-seed1", ErrPlan},
		{"configuration", func(p *Plan) { p.Trials[1].Config.NS = 0 }, "trial lambda-0.001-seed2: ns 0", train.ErrConfig},
		{"other validation set", func(p *Plan) { p.Trials[7].Config.Val++ }, "lambda-0.001-seed1 and 2-layer-seed4: val, train_size", ErrPlan},
		{"fewer images", func(p *Plan) { p.Trials[7].Config.TrainSize = 30 }, "must be the same", ErrPlan},
		{"fewer test images", func(p *Plan) { p.Trials[7].Config.TestSize = 10 }, "must be the same", ErrPlan},
		{"mixed unit", func(p *Plan) { p.Trials[7].Unit = p.Trials[0].Unit }, "lambda-0.001-seed1 and 2-layer-seed4: cannot train side by side", ErrPlan},
	} {
		p := smallPlan()
		v.change(p)
		err := p.Check()
		if v.is == nil && err != nil || v.is != nil && (!errors.Is(err, v.is) || !strings.Contains(err.Error(), v.says)) {
			t.Errorf("%s: error %v, want %q", v.name, err, v.says)
		}
	}
}

// drawPlan draws a plan of trials of a few shapes in any order.
func drawPlan(t *rapid.T) *Plan {
	name := rapid.StringMatching(`[ -~λσé]{0,40}`)
	p := &Plan{Format: Format, Experiment: name.Draw(t, "experiment"), Dataset: testData, Program: name.Draw(t, "program")}
	for i := range rapid.IntRange(1, 40).Draw(t, "trials") {
		c := small()
		c.Hidden = [][]int{nil, {5}, {6, 5}}[rapid.IntRange(0, 2).Draw(t, "shape")]
		c.BN, c.NoTest = rapid.Bool().Draw(t, "bn"), rapid.Bool().Draw(t, "no test")
		c.Lambda = rapid.Float64Range(0, 1).Draw(t, "lambda")
		c.Seed, c.OrderSeed = rapid.Uint64().Draw(t, "seed"), rapid.Uint64Range(0, 2).Draw(t, "order seed")
		if rapid.Bool().Draw(t, "normal") {
			c.Init, c.Sigma = model.Normal, rapid.Float64Range(1e-9, 1).Draw(t, "sigma")
		}
		p.Trials = append(p.Trials, Trial{ID: fmt.Sprint("t", i), Group: name.Draw(t, "group"), Unit: i, Config: c})
	}
	return p
}

// TestFuse: every trial is in one unit, a unit holds only trials that are alike and not
// more than allowed, and those that are alike are split as evenly as possible, into the
// same number of units for each worker.
func TestFuse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawPlan(t)
		size, workers := rapid.IntRange(1, 10).Draw(t, "size"), rapid.IntRange(1, 6).Draw(t, "workers")
		p.Fuse(size, workers)
		must(t, p.Check())
		units := p.Units()
		all := slices.Sorted(slices.Values(slices.Concat(units...)))
		if len(all) != len(p.Trials) || len(slices.Compact(all)) != len(p.Trials) {
			t.Fatalf("units %v of %d trials", units, len(p.Trials))
		}
		for _, kind := range kinds(p, units) {
			trials := 0
			for _, n := range kind {
				trials += n
			}
			if slices.Max(kind) > size || slices.Max(kind)-slices.Min(kind) > 1 {
				t.Fatalf("units of %v trials, at most %d each", kind, size)
			}
			fewest := (trials + size - 1) / size
			if len(kind)%workers != 0 && len(kind) != trials || len(kind) >= fewest+workers {
				t.Fatalf("%d units of %d trials for %d workers, %d would do", len(kind), trials, workers, fewest)
			}
		}
	})
}

// TestFuseMany: if all trials differ, twice as many need twice the work: there is no
// pairwise comparison.
func TestFuseMany(t *testing.T) {
	allocations := func(trials int) float64 {
		base := small()
		base.OrderSeed = 0 // that of the trial
		p := &Plan{Format: Format, Dataset: testData, Trials: ofLambdas(base, []float64{0.001}, trials)}
		return testing.AllocsPerRun(1, func() {
			p.Fuse(MaxFuse, 2)
			if units := len(p.Units()); units != trials {
				t.Fatalf("%d units of %d trials that are unlike", units, trials)
			}
			must(t, p.Check())
		})
	}
	if few, many := allocations(500), allocations(1000); many > 2.5*few {
		t.Errorf("%v allocations for 500 trials, %v for 1000", few, many)
	}
}

// kinds returns the sizes of the units, those that are alike together.
func kinds(p *Plan, units [][]int) [][]int {
	var sizes [][]int
	var first []train.Config
	for _, unit := range units {
		c := p.Trials[unit[0]].Config
		at := slices.IndexFunc(first, func(f train.Config) bool { return train.CanShareBatches(f, c) })
		if at < 0 {
			at = len(first)
			first, sizes = append(first, c), append(sizes, nil)
		}
		sizes[at] = append(sizes[at], len(unit))
	}
	return sizes
}

// TestFuseStudy: how the searches of the study are split over two cores.
func TestFuseStudy(t *testing.T) {
	for _, v := range []struct {
		trials, size, workers int
		want                  []int
	}{
		{8, 8, 2, []int{4, 4}},
		{30, 8, 2, []int{8, 7, 8, 7}},
		{3, 8, 2, []int{2, 1}},
		{1, 8, 2, []int{1}},
		{30, 1, 2, slices.Repeat([]int{1}, 30)},
		{6, 8, 5, []int{2, 1, 1, 1, 1}},
		{3, math.MaxInt, math.MaxInt, []int{1, 1, 1}},
		{3, math.MaxInt, 1, []int{3}},
	} {
		p := planOf(seeded("g", small(), v.trials), 1)
		p.Fuse(v.size, v.workers)
		var got []int
		for _, unit := range p.Units() {
			got = append(got, len(unit))
		}
		same(t, v.want, got, "%d trials, units of %d, %d workers", v.trials, v.size, v.workers)
	}
}

// TestPlanJSON: what is written of a plan reads back the same.
func TestPlanJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawPlan(t)
		p.Fuse(3, 2)
		readsBack(t, p, ParsePlan)
	})
}

// TestParsePlanRefuses what is not a plan.
func TestParsePlanRefuses(t *testing.T) {
	text, err := json.Marshal(smallPlan())
	must(t, err)
	whole := string(text)
	for _, v := range []struct{ name, text, says string }{
		{"empty", "", "not a plan: the file is empty"},
		{"cut off", whole[:len(whole)/2], "unexpected EOF"},
		{"list", "[]", "not a plan"},
		{"null", "null", "format 0"},
		{"no list", `{"format":1,"trials":{}}`, "not a plan: trials are not a list"},
		{"no trials", `{"format":1,"trials":null}`, "not a plan: trials are not a list"},
		{"empty list", `{"format":1,"trials":[]}`, "plan without trials"},
		{"empty trial", `{"format":1,"trials":[{},{}]}`, `trial 1: id "" is not a file name`},
		{"colours in a group", strings.Replace(whole, `"lambda=0.001"`, `"\u001b[31m"`, 1), `trial lambda-0.001-seed1: group "\x1b[31m"; use`},
		{"colours in a name", strings.Replace(whole, `"experiment":"`, `"experiment":"\u001b[31m`, 1), `experiment "\x1b[31m`},
		{"long group", strings.Replace(whole, `"lambda=0.001"`, `"`+strings.Repeat("x", 201)+`"`, 1), `xx"; use at most 200 characters`},
		{"list twice", strings.Replace(whole, `"trials":[`, `"trials":[{}],"trials":[`, 1), `trial 1: id ""`},
		{"unknown field", strings.Replace(whole, `"program"`, `"author"`, 1), `unknown field "author"`},
		{"unknown field of a configuration", strings.Replace(whole, `"bn":`, `"batch_norm":`, 1), `unknown field "batch_norm"`},
		{"two plans", whole + whole, "something follows"},
		{"and a word", whole + " end", "something follows"},
		{"number out of range", strings.Replace(whole, `"lambda":0.001`, `"lambda":1e999`, 1), "not a plan"},
		{"negative seed", strings.Replace(whole, `"seed":1`, `"seed":-1`, 1), "not a plan"},
		{"unit of two shapes", strings.Replace(whole, `"hidden":[7]`, `"hidden":[8]`, 1), "side by side"},
	} {
		p, err := ParsePlan([]byte(v.text))
		if p != nil || err == nil || !strings.Contains(err.Error(), v.says) || strings.HasPrefix(v.says, "trial ") && !strings.HasPrefix(err.Error(), v.says) {
			t.Errorf("%s: error %v, want %q", v.name, err, v.says)
		}
	}
	twice := strings.TrimSuffix(whole, "}") + "," + whole[strings.Index(whole, `"trials"`):]
	if p, err := ParsePlan([]byte(twice)); err != nil || len(p.Trials) != len(smallPlan().Trials) {
		t.Errorf("the list of trials twice, of which the last counts: %v, %v", p, err)
	}
	if _, err := ParsePlan([]byte(whole + "\n \n")); err != nil {
		t.Errorf("white space after the plan: %v", err)
	}
}
