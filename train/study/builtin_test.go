package study

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"bnlab/model"
	"bnlab/train"
	"bnlab/train/document"
	"bnlab/train/experiment"
)

// asked returns the study that comes with the program under a name, with a base and two
// seeds from its own on, and other changes.
func asked(t *testing.T, name string, base train.Config, changes ...Change) *Study {
	t.Helper()
	s, err := BuiltIn(name).With(append(changes, Change{Path: "base", Value: BaseOf(base)}, Change{Path: "seeds", Value: SeedsFrom(base.Seed, 2).Value()})...)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestBuiltIn: names, groups and configurations of the studies that come with the program,
// with which run folders of earlier versions were made.
func TestBuiltIn(t *testing.T) {
	base := train.Default()
	base.Seed, base.Lambda = 7, 0.01
	three, nine := []int{50, 50}, []int{50, 30, 20, 20, 10, 10, 10, 10}
	type want struct {
		id, group string
		change    func(*train.Config)
	}
	compare := []want{
		{"3-layer-bn-seed7", "3-layer BN", func(c *train.Config) { c.Hidden, c.BN = three, true }},
		{"3-layer-bn-seed8", "3-layer BN", func(c *train.Config) { c.Hidden, c.BN, c.Seed = three, true, 8 }},
		{"3-layer-seed7", "3-layer", func(c *train.Config) { c.Hidden = three }},
		{"3-layer-seed8", "3-layer", func(c *train.Config) { c.Hidden, c.Seed = three, 8 }},
		{"9-layer-bn-seed7", "9-layer BN", func(c *train.Config) { c.Hidden, c.BN = nine, true }},
		{"9-layer-bn-seed8", "9-layer BN", func(c *train.Config) { c.Hidden, c.BN, c.Seed = nine, true, 8 }},
		{"9-layer-seed7", "9-layer", func(c *train.Config) { c.Hidden = nine }},
		{"9-layer-seed8", "9-layer", func(c *train.Config) { c.Hidden, c.Seed = nine, 8 }},
	}
	search := []want{
		{"lambda-1e-05-seed7", "lambda=1e-05", func(c *train.Config) { c.Lambda = 1e-5 }},
		{"lambda-1e-05-seed8", "lambda=1e-05", func(c *train.Config) { c.Lambda, c.Seed = 1e-5, 8 }},
		{"lambda-0.03162-seed7", "lambda=0.03162", func(c *train.Config) { c.Lambda = 0.03162 }},
		{"lambda-0.03162-seed8", "lambda=0.03162", func(c *train.Config) { c.Lambda, c.Seed = 0.03162, 8 }},
	}
	for i := range search {
		change := search[i].change
		search[i].change = func(c *train.Config) { change(c); c.BN, c.NoTest = true, true }
	}
	normal := func(sigma float64, bn bool, seed uint64) func(*train.Config) {
		return func(c *train.Config) { c.Init, c.Sigma, c.BN, c.Seed, c.NS = model.Normal, sigma, bn, seed, 900 }
	}
	sigma := []want{
		{"sigma-0.1-bn-seed7", "sigma=0.1 BN", normal(0.1, true, 7)}, {"sigma-0.1-bn-seed8", "sigma=0.1 BN", normal(0.1, true, 8)},
		{"sigma-0.1-seed7", "sigma=0.1", normal(0.1, false, 7)}, {"sigma-0.1-seed8", "sigma=0.1", normal(0.1, false, 8)},
		{"sigma-0.0001-bn-seed7", "sigma=0.0001 BN", normal(1e-4, true, 7)}, {"sigma-0.0001-bn-seed8", "sigma=0.0001 BN", normal(1e-4, true, 8)},
		{"sigma-0.0001-seed7", "sigma=0.0001", normal(1e-4, false, 7)}, {"sigma-0.0001-seed8", "sigma=0.0001", normal(1e-4, false, 8)},
	}
	few := []Change{{"search", "search.coarse", []float64{1e-5, 0.03162}}, {"search", "seeds", []uint64{7, 8}}, {"sigma", "vary.sigma", []float64{0.1, 1e-4}}}
	withBN, slow := base, base
	withBN.BN, slow.NS = true, 900
	for name, c := range map[string]struct {
		s    *Study
		want [][]want
	}{
		"compare":   {asked(t, "compare", base), [][]want{compare}},
		"search":    {asked(t, "search", withBN, few[:2]...), [][]want{search}},
		"sigma":     {asked(t, "sigma", slow, few[2]), [][]want{sigma}},
		"reproduce": {asked(t, "reproduce", base, few...), [][]want{compare, search, sigma}},
	} {
		for i, e := range c.s.Experiments {
			var trials []experiment.Trial
			for _, w := range c.want[i] {
				config := base
				w.change(&config)
				trials = append(trials, experiment.Trial{ID: w.id, Group: w.group, Config: config})
			}
			if diff := cmp.Diff(trials, e.Trials()); diff != "" {
				t.Errorf("%s, %s: want − got +\n%s", name, e.Name, diff)
			}
		}
	}
	if s := BuiltIn("other"); s != nil {
		t.Error("a study of no name that is one")
	}
}

// TestBuiltInSize: the whole study is 12 + 8 + 30 + 3 + 18 = 71 trials for 3 seeds, and its
// experiments are those of the other files.
func TestBuiltInSize(t *testing.T) {
	whole := BuiltIn("reproduce")
	if err := whole.Override(nil, 3); err != nil {
		t.Fatal(err)
	}
	for i, want := range []int{12, 8, 18} {
		e := whole.Experiments[i]
		if len(e.Trials()) != want {
			t.Errorf("%s: %d trials, want %d", e.Name, len(e.Trials()), want)
		}
		alone := BuiltIn(e.Name)
		if err := alone.Override(nil, 3); err != nil || !cmp.Equal(alone.Experiments[0].Trials(), e.Trials()) {
			t.Errorf("%s alone has other trials, error %v", e.Name, err)
		}
		if s := e.Search; s != nil && (s.Fine.Draw != 30 || len(s.Final.Seeds) != 3 || s.Fine.Between != "best-worst") {
			t.Errorf("%+v", s)
		}
	}
}

// TestOverride: what is printed with other values is a study of these values, and what
// nobody has changed stays.
func TestOverride(t *testing.T) {
	const text = `title: 'a: "b"' # why
base: {ns: 9, hidden: []}
seeds: [4, 5]
experiments:
- name: one
  base: {ns: 5, init: he}
  vary: {zip: {batch: [10, 20], lambda: [1e-3, 1e-4]}, bn: {"": false, BN: true}}
  contrast: [bn, {of: batch, metric: val-loss}]
- name: two
  seeds: 1
  base: {eta_max: 0.2}
  search: {over: lambda, coarse: {from: 0.1, to: 1, points: 3}, final: {seeds: 2}}
`
	s := parsed(t, text)
	if err := s.Override([]string{"eta-max=1", "ns=7", "hidden=3,4"}, 3); err != nil {
		t.Fatal(err)
	}
	printed, err := s.Text()
	want := `title: 'a: "b"' # why
base: {ns: 7, hidden: [3, 4], eta-max: 1}
seeds: 3
experiments:
  - name: one
    base: {init: he}
    vary: {zip: {batch: [10, 20], lambda: [1e-3, 1e-4]}, bn: {"": false, BN: true}}
    contrast: [bn, {of: batch, metric: val-loss}]
  - name: two
    seeds: 1
    search: {over: lambda, coarse: {from: 0.1, to: 1, points: 3}, final: {seeds: 3}}
`
	if diff := cmp.Diff(want, string(printed)); diff != "" || err != nil {
		t.Errorf("error %v, want − got +\n%s", err, diff)
	}
	again := parsed(t, string(printed))
	for i, e := range s.Experiments {
		if !cmp.Equal(e.Trials(), again.Experiments[i].Trials()) || len(e.Trials()) != []int{12, 3}[i] {
			t.Errorf("%s: %d trials, not those of the file that is printed", e.Name, len(e.Trials()))
		}
	}
	if got := document.Of([]any{true, 3, "x", uint64(4), []int{}}); len(got.Items) != 5 || got.Items[4].Kind != document.List {
		t.Errorf("%+v", got)
	}
}
