package experiment

import (
	"testing"

	"bnlab/model"
	"bnlab/train"
)

func figureOf(t Trial) *Published { return publishedFor(t.Config) }

// TestPublished: each group of the study has its figure.
func TestPublished(t *testing.T) {
	base := train.Default()
	base.NS = 900
	want := map[string]float64{
		"3-layer BN": 0.5345, "3-layer": 0.529, "9-layer BN": 0.5142, "9-layer": 0.4286,
		"sigma=0.1 BN": 0.52, "sigma=0.1": 0.52, "sigma=0.001 BN": 0.52, "sigma=0.0001 BN": 0.52,
		"sigma=0.001": 0.10, "sigma=0.0001": 0.10,
	}
	trials := append(ofDepths(t, train.Default(), 3, 9), ofSigmas(base, 1e-1, 1e-3, 1e-4)...)
	for _, trial := range trials {
		if p := figureOf(trial); p == nil || *p.TestAcc != want[trial.Group] {
			t.Errorf("%s: %+v, want %g", trial.Group, p, want[trial.Group])
		}
	}
	if len(trials) != len(want) {
		t.Errorf("%d groups, want %d", len(trials), len(want))
	}
	if p := figureOf(ofDepths(t, train.Default(), 2)[0]); p != nil {
		t.Errorf("2-layer, which the study does not give: %+v", p)
	}
}

// TestPublishedAsStudied: a published figure is shown only beside trainings like the
// study's.
func TestPublishedAsStudied(t *testing.T) {
	for _, v := range []struct {
		name   string
		change func(*train.Config)
		keeps  bool
	}{
		{"seed", func(c *train.Config) { c.Seed = 9 }, true},
		{"order", func(c *train.Config) { c.OrderSeed = 0 }, true},
		{"precision", func(c *train.Config) { c.Precision = train.F64 }, true},
		{"evaluations", func(c *train.Config) { c.Evals, c.EvalTrain = 3, 0 }, true},
		{"λ", func(c *train.Config) { c.Lambda = 0.004 }, false},
		{"η min", func(c *train.Config) { c.EtaMin = 1e-4 }, false},
		{"η max", func(c *train.Config) { c.EtaMax = 0.2 }, false},
		{"n_s", func(c *train.Config) { c.NS = 1000 }, false},
		{"cycles", func(c *train.Config) { c.Cycles = 3 }, false},
		{"batch", func(c *train.Config) { c.Batch = 50 }, false},
		{"ε", func(c *train.Config) { c.BNEps = 1e-5 }, false},
		{"α", func(c *train.Config) { c.BNAlpha = 0.99 }, false},
		{"validation", func(c *train.Config) { c.Val = 1000 }, false},
		{"training images", func(c *train.Config) { c.TrainSize = 10000 }, false},
		{"test images", func(c *train.Config) { c.TestSize = 1000 }, false},
		{"no test", func(c *train.Config) { c.NoTest = true }, false},
	} {
		sigma := train.Default()
		sigma.NS = 900
		for group, trials := range map[string]func(train.Config) []Trial{
			"3-layer BN":  func(c train.Config) []Trial { return ofDepths(t, c, 3) },
			"sigma=0.001": func(c train.Config) []Trial { return ofSigmas(c, 0.001)[1:] },
		} {
			c := train.Default()
			if group != "3-layer BN" {
				c = sigma
			}
			v.change(&c)
			if got := figureOf(trials(c)[0]) != nil; got != v.keeps {
				t.Errorf("%s with another %s: published figure %v, want %v", group, v.name, got, v.keeps)
			}
		}
	}
	// Of another initialisation, and the sweep over σ with another network.
	c := train.Default()
	c.Init = model.Xavier
	if figureOf(ofDepths(t, c, 3)[0]) != nil {
		t.Error("a figure beside Xavier weights")
	}
	c = train.Default()
	c.NS, c.Hidden = 900, []int{100}
	if figureOf(ofSigmas(c, 0.1)[0]) != nil {
		t.Error("a figure of 3-layer networks beside 2-layer ones")
	}
	c.NS, c.Hidden = 2250, []int{50, 50}
	if figureOf(ofSigmas(c, 0.1)[0]) != nil {
		t.Error("a figure of n_s = 900 beside n_s = 2250")
	}
}
