package study

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"bnlab/train/experiment"
)

func parsed(t *testing.T, text string) *Study {
	t.Helper()
	s, err := Parse("my.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func trialsOf(t *testing.T, s *Study, i int) []experiment.Trial {
	t.Helper()
	return s.Experiments[i].Trials()
}

// TestTrials: the product of axes, the last one fastest, then seeds; names say what varies.
func TestTrials(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       []string // groups, each once
		seeds      int
		check      func(experiment.Trial) bool // of the last
	}{
		{"product", "seeds: 2\nexperiments:\n- vary: {hidden: [[50], [50, 50]], bn: [true, false]}",
			[]string{"hidden=50 bn=true", "hidden=50 bn=false", "hidden=50,50 bn=true", "hidden=50,50 bn=false"}, 2,
			func(t experiment.Trial) bool {
				return t.ID == "hidden-50-50-bn-false-seed2" && len(t.Config.Hidden) == 2 && !t.Config.BN && t.Config.Seed == 2
			}},
		{"labels", "seeds: [7]\nexperiments:\n- vary: {hidden: {3-layer: [50, 50]}, bn: {BN: true, '': false}}",
			[]string{"3-layer BN", "3-layer"}, 1, func(t experiment.Trial) bool { return t.ID == "3-layer-seed7" }},
		{"log range", "experiments:\n- vary: {eta_max: {from: 0.001, to: 1, points: 4, scale: log}}",
			[]string{"eta-max=0.001", "eta-max=0.01", "eta-max=0.1", "eta-max=1"}, 1,
			func(t experiment.Trial) bool { return t.Config.EtaMax == 1 }},
		{"linear range of whole numbers", "experiments:\n- vary: {batch: {from: 10, to: 50, points: 3}}",
			[]string{"batch=10", "batch=30", "batch=50"}, 1, func(t experiment.Trial) bool { return t.Config.Batch == 50 }},
		{"zip", "base: {bn: true}\nexperiments:\n- vary:\n    zip: {ns: [100, 200], batch: [50, 100]}\n    sigma: [0.1]",
			[]string{"ns=100 batch=50 sigma=0.1", "ns=200 batch=100 sigma=0.1"}, 1,
			func(t experiment.Trial) bool {
				return t.Config.NS == 200 && t.Config.Batch == 100 && t.Config.Init == "normal" && t.Config.BN
			}},
		{"nothing varies", "experiments:\n- {name: one, base: {ns: 3}}", []string{"one"}, 1,
			func(t experiment.Trial) bool { return t.Config.Evals == 6 }},
	} {
		s := parsed(t, c.text)
		trials := trialsOf(t, s, 0)
		var groups []string
		for i, trial := range trials {
			if i%c.seeds == 0 {
				groups = append(groups, trial.Group)
			}
		}
		if diff := cmp.Diff(c.want, groups); diff != "" || len(trials) != c.seeds*len(c.want) || !c.check(trials[len(trials)-1]) {
			t.Errorf("%s: %d trials, last %+v\n%s", c.name, len(trials), trials[len(trials)-1], diff)
		}
	}
}

// TestDraw: points within their ranges, the same for the same seed, fewer of them its beginning.
func TestDraw(t *testing.T) {
	text := "experiments:\n- vary:\n    eta-max: {from: 0.001, to: 1, scale: log}\n    bn: [true, false]\n    draw: {n: 40, seed: %}"
	ids := func(seed string) (ids []string) {
		for _, trial := range trialsOf(t, parsed(t, strings.ReplaceAll(text, "%", seed)), 0) {
			if v := trial.Config.EtaMax; v < 0.001 || v > 1 {
				t.Errorf("η_max %g", v)
			}
			ids = append(ids, trial.ID)
		}
		return ids
	}
	one := ids("1")
	if len(one) != 40 || !cmp.Equal(one, ids("1")) || cmp.Equal(one, ids("2")) {
		t.Errorf("%d points: %v", len(one), one)
	}
	if few := trialsOf(t, parsed(t, strings.NewReplacer("%", "1", "40", "10").Replace(text)), 0); few[9].ID != one[9] {
		t.Errorf("a shorter draw has %s, not %s", few[9].ID, one[9])
	}
}

// TestRefuses: bad input is one line with file, line and what to write.
func TestRefuses(t *testing.T) {
	e := "experiments:\n- name: x\n  "
	for _, c := range []struct{ text, says string }{
		{"", "my.yaml, line 1: no experiments"},
		{"titel: x", `my.yaml, line 1: "titel": no such key here (did you mean "title"?)`},
		{"base: {lamda: 1}", `line 1: "lamda" is no field of a training (did you mean "lambda"?)`},
		{"base: {no-test: true}", "no field of a training"},
		{"base:\n  lambda: -1\n" + e, "line 2: lambda -1: give a finite number of 0 or above"},
		{"base: {ns: ten}", `line 1: "ten": give a whole number`},
		{"seeds: 0", "line 1: seeds \"0\": give a number from 1 to"},
		{"seeds: [1, 1]", "line 1: seed 1 is there twice"},
		{"seeds: []", "line 1: no seeds"},
		{e + "vary: {bn: []}", "line 3: bn: no values"},
		{e + "vary: {bn: [true, true]}", "line 3: true is there twice"},
		{e + "vary: {lambda: [0.1, 0.10]}", "line 3: 0.1 is there twice"},
		{e + "vary: {lambda: [.nan]}", `line 3: ".nan": give a number`},
		{e + "vary: {lambda: 3}", "line 3: lambda: give a list of values"},
		{e + "vary: {eta-mx: [1]}", `line 3: "eta-mx" is no field of a training (did you mean "eta-max"?)`},
		{e + "vary: {seed: [1]}", "line 3: seed cannot vary: write seeds:"},
		{e + "vary: {val: [1, 2]}", "line 3: val cannot vary: all trials of a study share their data"},
		{e + "vary: {dataset: [cifar10]}", `line 3: "dataset" is no field`},
		{e + "vary:\n    eta-max: [0.1]\n    eta_max: [1]", "line 5: eta-max appears twice"},
		{e + "vary:\n    eta-max: [0.1, -0.2]", "line 4: eta-max -0.2: give a finite learning rate"},
		{e + "vary: {zip: {ns: [1, 2], batch: [3]}}", "line 3: zip: batch has 1 value, ns has 2"},
		{e + "vary: {lambda: {from: 1, to: 0.1, points: 3}}", "line 3: from 1 to 0.1: give a smaller number first"},
		{e + "vary: {lambda: {from: 0, to: 0.1, points: 3, scale: log}}", "line 3: from 0: a log scale begins above 0"},
		{e + "vary: {lambda: {from: 1, to: 2, points: 1}}", "line 3: points 1: give how many values"},
		{e + "vary: {lambda: {from: 1, to: 2, points: 3, scale: cubic}}", `line 3: scale "cubic"`},
		{e + "vary: {ns: {from: 1, to: 2, points: 3}}", `line 3: "1.5": give a whole number`},
		{e + "vary: {lambda: {from: 1, to: 2, points: 90000}}\n  seeds: 2", "line 2: 90000 points with 2 seeds: 180000 trials, give at most 100000"},
		{e + "vary: {lambda: {from: 1, to: 2, points: 9000}, sigma: {from: 1, to: 2, points: 9000}}", "line 2: more than 100000 points"},
		{e + "vary: {bn: [true]}\n  contrast: bn", "line 4: contrast bn: the axis has one value"},
		{e + "vary: {bn: [true, false]}\n  contrast: nb", "line 4: contrast nb: it does not vary"},
		{e + "contrast: bn", "line 3: contrast bn: nothing varies"},
		{e + "vary: {bn: [true, false]}\n  contrast: {of: bn, metric: test-ac}", `line 4: metric "test-ac": give test-acc, val-acc, train-loss or val-loss (did you mean "test-acc"?)`},
		{e + "vary: {bn: [true, false], draw: {n: 3}}\n  contrast: bn", "line 4: contrast bn: points that are drawn have no partners"},
		{e + "vary: {bn: [true, false]}\n  published:\n  - {where: {lambda: 3}, test-acc: 0.5}", "line 5: published: no group has these values"},
		{"experiments:\n- {name: a}\n- {name: a}", "line 3: another experiment is named a"},
		{"experiments:\n- {name: a}\n- {vary: {bn: [true]}}", `line 3: experiment "": give it a name`},
		{"base: {val: 100}\nexperiments:\n- {name: a, base: {val: 100}}\n- name: b\n  base: {ns: 4,\n   val: 200}", "line 6: val: all trials of a study share their data; set it in base of the study"},
		{"experiments:\n- {name: a/b}", `line 2: experiment "a/b": give it a name`},
		{e + "base: &a {ns: 3}", "line 3: anchors (&) and aliases (*) are not supported"},
	} {
		_, err := Parse("my.yaml", []byte(c.text))
		if err == nil || !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "\n") || !strings.HasPrefix(err.Error(), "my.yaml") {
			t.Errorf("%q:\n got %v\nwant %s", c.text, err, c.says)
		}
	}
}

// BenchmarkTrials makes the trials of the largest study.
func BenchmarkTrials(b *testing.B) {
	s, err := Parse("x.yaml", []byte("seeds: 10\nexperiments:\n- vary: {lambda: {from: 1e-5, to: 1, points: 5000, scale: log}, bn: [true, false]}"))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if trials, err := s.Experiments[0].trialsOf(s.Experiments[0].Vary, s.Experiments[0].Seeds); err != nil || len(trials) != 100_000 {
			b.Fatal(len(trials), err)
		}
	}
}

// TestWholeRange: a linear range of whole numbers has whole numbers.
func TestWholeRange(t *testing.T) {
	s, err := Parse("x.yaml", []byte("base: {evals: 1}\nexperiments:\n  - vary:\n      ns: {from: 1, to: 9999, points: 9999}\n"))
	if err != nil {
		t.Fatal(err)
	}
	for i, trial := range s.Experiments[0].Trials() {
		if trial.Config.NS != i+1 {
			t.Fatalf("trial %d has ns %d", i, trial.Config.NS)
		}
	}
}

// TestLongName: a group whose name is no folder's is refused with what is too long.
func TestLongName(t *testing.T) {
	label := strings.Repeat("a", 240)
	_, err := Parse("x.yaml", []byte("experiments:\n  - vary:\n      ns: {"+label+": 4, b: 5}\n"))
	if err == nil || !strings.Contains(err.Error(), "a name of 246 characters; give shorter labels") {
		t.Errorf("error %v", err)
	}
}
