package train

import (
	"encoding/json"
	"errors"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"bnlab/blas"
	"bnlab/model"
)

// methods are configurations with a method each, by what is on.
func methods() map[string]Config {
	all := map[string]Config{}
	for _, change := range []func(*Config){
		func(c *Config) { c.Activation = "leaky" },
		func(c *Config) { c.Activation = "gelu" },
		func(c *Config) { c.Activation = "tanh" },
		func(c *Config) { c.Activation = "sigmoid" },
		func(c *Config) { c.Dropout = 0.3 },
		func(c *Config) { c.InputDropout = 0.2 },
		func(c *Config) { c.Flip = true },
		func(c *Config) { c.Shift = 1 },
		func(c *Config) { c.Noise = 0.3 },
		func(c *Config) { c.Flip, c.Shift, c.Noise, c.InputDropout = true, 1, 0.1, 0.1 },
		func(c *Config) { c.Smoothing = 0.1 },
		func(c *Config) { c.Loss = "bce" },
		func(c *Config) { c.Loss, c.Smoothing = "bce", 0.2 },
		func(c *Config) { c.Loss, c.EtaMax = "hinge", 0.1 },
		func(c *Config) { c.Decay = "all" },
		func(c *Config) { c.Momentum = 0.5 },
		func(c *Config) { c.Momentum, c.Nesterov = 0.5, true },
		func(c *Config) { c.Momentum, c.Decay = 0.5, "all" },
		func(c *Config) { c.Optimiser, c.EtaMax = "adam", 0.01 },
		func(c *Config) { c.Optimiser, c.EtaMax, c.Beta1, c.Beta2, c.AdamEps = "adam", 0.01, 0, 0.9, 1e-3 },
		func(c *Config) { c.Optimiser, c.EtaMax = "adamw", 0.01 },
		func(c *Config) { c.Schedule = "cosine" },
		func(c *Config) { c.Schedule = "linear" },
		func(c *Config) { c.Schedule, c.StepEvery, c.StepFactor = "step", 20, 0.5 },
		func(c *Config) { c.Schedule = "constant" },
		func(c *Config) { c.Schedule = "range" },
		func(c *Config) { c.NS, c.Warmup = 11, 8 },
		func(c *Config) { c.NS, c.CycleGrowth, c.CycleDecay = 10, 1.6, 0.5 },
		func(c *Config) { c.SetNorm("layer") },
		func(c *Config) { c.NormAfter = true },
		func(c *Config) { c.SetNorm("layer"); c.NormAfter, c.NormLayers = true, []int{2} },
		func(c *Config) { c.NormLayers = []int{1} },
		func(c *Config) { c.Ghost = 5 },
		func(c *Config) { c.Noisy, c.Dropout = true, 0.2 },
		func(c *Config) { c.Noisy, c.Ghost, c.NormAfter = true, 5, true },
		func(c *Config) { c.Frozen = "W+b" },
		func(c *Config) { c.Frozen, c.Momentum, c.Decay = "1.W+2.b+3.W", 0.5, "all" },
		func(c *Config) { c.Frozen, c.Optimiser, c.EtaMax = "gamma+1.W+1.b+1.beta", "adamw", 0.01 },
		func(c *Config) { c.SetNorm("layer"); c.Frozen, c.Dropout = "gamma+3.b", 0.2 },
		func(c *Config) { c.Skip, c.Hidden = 1, []int{6, 6, 6} },
		func(c *Config) { c.Skip, c.Hidden, c.NormLayers = 2, []int{6, 6, 6, 6}, []int{1, 3} },
	} {
		c := small()
		c.NS, c.Evals = 13, 3
		change(&c)
		all[strings.Join(c.Options(), " ")] = c
	}
	return all
}

// observers are configurations that evaluate in another way, and train like the study.
func observers() map[string]Config {
	all := map[string]Config{}
	for _, change := range []func(*Config){
		func(c *Config) { c.Statistics = "precise" },
		func(c *Config) { c.Statistics, c.PreciseImages = "precise", 35 },
		func(c *Config) { c.Statistics = "adaptive" },
		func(c *Config) { c.Statistics = "batch" },
		func(c *Config) { c.Statistics, c.EvalBatch, c.Dropout = "adaptive+batch+precise", 7, 0.2 },
		func(c *Config) { c.Snapshots = true },
		func(c *Config) { c.Statistics, c.Ghost, c.Noisy = "adaptive+batch+precise", 5, true },
		func(c *Config) { c.Landscape = 5 },
		func(c *Config) { c.Landscape, c.LandscapeTo, c.Dropout, c.Momentum = 1, 20, 0.3, 0.5 },
		func(c *Config) { c.Landscape, c.BN, c.Optimiser, c.EtaMax = 8, false, "adamw", 0.01 },
		func(c *Config) { c.Landscape, c.Snapshots, c.Frozen = 8, true, "b+1.W" },
	} {
		c := small()
		c.NS, c.Evals = 13, 3
		change(&c)
		all[strings.Join(c.Options(), " ")] = c
	}
	return all
}

// bothKinds are the methods and the observers.
func bothKinds() map[string]Config {
	all := methods()
	maps.Copy(all, observers())
	return all
}

// TestMethodsTell: each method changes what is trained.
func TestMethodsTell(t *testing.T) {
	seen := map[string]string{}
	plain := small()
	plain.NS, plain.Evals = 13, 3
	seen[trace(fitAll[float64](t, plain))] = "no method"
	for name, c := range methods() {
		got := trace(fitAll[float64](t, c))
		if other, ok := seen[got]; ok {
			t.Errorf("%s trains like %s", name, other)
		}
		seen[got] = name
	}
}

// TestMethodsSideBySide: with each method, nets that differ in all that they may differ in
// have side by side the bits that each has alone.
func TestMethodsSideBySide(t *testing.T) {
	for name, c := range bothKinds() {
		t.Run(name+" f64", func(t *testing.T) { sideBySide[float64](t, apart(c)) })
		t.Run(name+" f32", func(t *testing.T) {
			skipIfMixes(t)
			c := c
			c.Precision = F32
			sideBySide[float32](t, apart(c))
		})
		t.Run(name+" bf16", func(t *testing.T) {
			c := c
			c.Precision = BF16
			sideBySide[float32](t, apart(c))
		})
	}
}

// apart returns c and others that can train beside it.
func apart(c Config) []Config {
	other, plain := c, c
	other.Lambda, other.EtaMax, other.Seed = 0.02, 0.2, 4
	plain.Seed, plain.Smoothing = 5, 0
	withoutNorm(&plain)
	if c.Ghost > 0 {
		other.Ghost = 2
	}
	if c.Dropout > 0 {
		other.Dropout, plain.Dropout = 0.5, 0
	}
	if c.Momentum > 0 {
		other.Momentum = 0.25
	}
	if c.Schedule == "cosine" {
		other.Schedule = "linear"
	}
	if c.Loss != model.Softmax {
		plain.Loss, other.Loss, other.Smoothing = model.Softmax, model.Hinge, 0
	}
	if c.Decay == "all" {
		other.Decay = "weights"
	}
	if c.Landscape > 0 {
		plain.Landscape, plain.LandscapeTo = 0, 4
		other.Landscape, other.LandscapeTo = 3, 0.5
	}
	if c.Statistics != "" {
		plain.Evaluation = Default().Evaluation // as it is without batch normalisation
		other.Statistics, other.PreciseImages, other.EvalBatch = "batch", 0, 5
	}
	return []Config{plain, other, c}
}

// withoutNorm turns batch normalisation and what needs it off, or on where it is off, if nets
// with and without it can train side by side.
func withoutNorm(c *Config) {
	if c.Norm == model.NoNorm && !c.NormAfter && len(c.NormLayers) == 0 {
		other := *c
		other.BN, other.Ghost, other.Noisy = !c.BN, 0, false
		other.Statistics, other.PreciseImages, other.EvalBatch = "", 0, 0
		if other.checkFrozen() == nil {
			*c = other
		}
	}
}

func sideBySide[T blas.Float](t *testing.T, configs []Config) {
	together := fitAll[T](t, configs...)
	for i, c := range configs {
		alone := fitAll[T](t, c)
		if diff := cmp.Diff(alone.points[0], together.points[i]) + cmp.Diff(alone.results[0], together.results[i]); diff != "" {
			t.Errorf("trial %d: evaluations alone − side by side +\n%s", i, diff)
		}
		for j, p := range alone.tensors(0) {
			if !slices.Equal(p.Data, together.tensors(i)[j].Data) {
				t.Errorf("trial %d: %s alone differs from %[2]s side by side", i, p.Name)
			}
		}
	}
}

// TestMethodsResume: with each method, a training goes on from the end of every epoch to
// the bits of one that was not interrupted.
func TestMethodsResume(t *testing.T) {
	for name, c := range bothKinds() {
		t.Run(name, func(t *testing.T) { resumeEverywhere[float64](t, apart(c)) })
		t.Run(name+" bf16", func(t *testing.T) {
			c := c
			c.Precision = BF16
			resumeEverywhere[float32](t, apart(c))
		})
	}
}

// TestMethodsJSON: what is off leaves no trace in JSON, so that what was trained before a
// method was there is the same training; what is on comes back.
func TestMethodsJSON(t *testing.T) {
	const before = `{"hidden":[50,50],"bn":false,"lambda":0.005,"eta_min":0.00001,"eta_max":0.1,"ns":2250,"cycles":2,"batch":100,` +
		`"init":"he","sigma":0,"bn_eps":2.2e-16,"bn_alpha":0.9,"val":5000,"train_size":0,"test_size":0,"no_test":false,` +
		`"precision":"f32","seed":1,"order_seed":1,"evals":10,"eval_train":5000}`
	if text, err := json.Marshal(Default()); err != nil || string(text) != before {
		t.Errorf("the default configuration is written as\n%s, %v, want\n%s", text, err, before)
	}
	var c Config
	if err := json.Unmarshal([]byte(before), &c); err != nil || c.Validate() != nil || c.Options() != nil {
		t.Errorf("read as %+v, %v", c, err)
	}
	for name, c := range bothKinds() {
		text, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		back := Default()
		if err := json.Unmarshal(text, &back); err != nil || !slices.Equal(back.Options(), c.Options()) {
			t.Errorf("%s came back as %v, %v", name, back.Options(), err)
		}
	}
	if err := json.Unmarshal([]byte(`{"activaton":"tanh"}`), &c); err == nil || !strings.Contains(err.Error(), `unknown field "activaton"`) {
		t.Errorf("a field that is not there: %v", err)
	}
}

// TestMethodsRefused: what makes no sense is refused by name, with what to do.
func TestMethodsRefused(t *testing.T) {
	for want, change := range map[string]func(*Config){
		`activation "": give relu, leaky, gelu, tanh or sigmoid`:                                                func(c *Config) { c.Activation = "" },
		`activation "swish": give relu, leaky, gelu, tanh or sigmoid`:                                           func(c *Config) { c.Activation = "swish" },
		`smoothing 1: give a number from 0 up to, not including, 1`:                                             func(c *Config) { c.Smoothing = 1 },
		`dropout 1: give a probability from 0 up to, not including, 1`:                                          func(c *Config) { c.Dropout = 1 },
		`input_dropout -0.1: give a probability from 0 up to, not including, 1`:                                 func(c *Config) { c.InputDropout = -0.1 },
		`loss "mse": give softmax, bce or hinge`:                                                                func(c *Config) { c.Loss = "mse" },
		`smoothing 0.1: loss hinge has no target to smooth; leave it out, or give loss bce`:                     func(c *Config) { c.Loss, c.Smoothing = "hinge", 0.1 },
		`shift 32: give a number of pixels from 0 to 31`:                                                        func(c *Config) { c.Shift = 32 },
		`noise -1: give a finite standard deviation of 0 or above`:                                              func(c *Config) { c.Noise = -1 },
		`decay "bias": give weights or all`:                                                                     func(c *Config) { c.Decay = "bias" },
		`optimiser "lion": give sgd, adam or adamw`:                                                             func(c *Config) { c.Optimiser = "lion" },
		`momentum 1: give a number from 0 up to, not including, 1`:                                              func(c *Config) { c.Momentum = 1 },
		`momentum 0.9: adam has beta1 instead; leave it out, or give optimiser sgd`:                             func(c *Config) { c.Momentum, c.Optimiser = 0.9, "adam" },
		`nesterov: there is no momentum to look ahead with; give momentum, such as 0.9`:                         func(c *Config) { c.Nesterov = true },
		`beta1 1: give a number from 0 up to, not including, 1`:                                                 func(c *Config) { c.Optimiser, c.Beta1 = "adam", 1 },
		`beta2 -1: give a number from 0 up to, not including, 1`:                                                func(c *Config) { c.Optimiser, c.Beta2 = "adamw", -1 },
		`adam_eps 0: give a number above 0`:                                                                     func(c *Config) { c.Optimiser, c.AdamEps = "adam", 0 },
		`beta1: only adam and adamw have one; give optimiser adam`:                                              func(c *Config) { c.Beta1 = 0.8 },
		`adam_eps: only adam and adamw have one; give optimiser adam`:                                           func(c *Config) { c.AdamEps = 1e-3 },
		`schedule "poly": give cyclical, cosine, linear, step, constant or range`:                               func(c *Config) { c.Schedule = "poly" },
		`warmup -1: give a number of steps from 0 to 1073741824`:                                                func(c *Config) { c.Warmup = -1 },
		`warmup 5: schedule range begins at the smallest rate by itself`:                                        func(c *Config) { c.Warmup, c.Schedule = 5, "range" },
		`cycle_growth 0.5: give a factor from 1 to 100`:                                                         func(c *Config) { c.CycleGrowth = 0.5 },
		`cycle_decay 2: give a factor from 0 to 1`:                                                              func(c *Config) { c.CycleDecay = 2 },
		`schedule linear has no cycles to grow or decay: leave cycle_growth and cycle_decay out`:                func(c *Config) { c.Schedule, c.CycleDecay = "linear", 0.5 },
		`step_every 0: with schedule step give the steps between two, at least 1`:                               func(c *Config) { c.Schedule = "step" },
		`step_every 9: needs schedule step`:                                                                     func(c *Config) { c.StepEvery = 9 },
		`step_factor 0.5: needs schedule step`:                                                                  func(c *Config) { c.StepFactor = 0.5 },
		`statistics "precise+": give precise, adaptive, batch, or several as precise+adaptive`:                  func(c *Config) { c.Statistics = "precise+" },
		`snapshots: schedule linear has no cycles, at whose ends the network is kept; leave one of the two out`: func(c *Config) { c.Snapshots, c.Schedule = true, "linear" },
		`snapshots: a network for each of cycles 1001; give at most 1000`:                                       func(c *Config) { c.Snapshots, c.Cycles, c.Evals = true, 1001, 1 },
		`landscape -1: give the updates between two probes, or 0 for none`:                                      func(c *Config) { c.Landscape = -1 },
		`landscape_to 2: needs landscape`:                                                                       func(c *Config) { c.LandscapeTo = 2 },
		`landscape_to 0: give how many learning rates to look ahead, 1e-6 to 1e6`:                               func(c *Config) { c.Landscape, c.LandscapeTo = 1, 0 },
		`landscape 1: 4800 probes in 4800 steps, give at most 2000; look every 3 steps or more`:                 func(c *Config) { c.Landscape, c.Cycles, c.Evals = 1, 200, 1 },
		`statistics running: running is always there; leave it out`:                                             func(c *Config) { c.Statistics = "running" },
		`statistics "precis": give precise, adaptive, batch, or several as precise+adaptive`:                    func(c *Config) { c.Statistics = "precis" },
		`statistics precise+precise: precise is there twice`:                                                    func(c *Config) { c.Statistics = "precise+precise" },
		`statistics batch: only batch normalisation has statistics; give bn`:                                    func(c *Config) { c.Statistics, c.BN = "batch", false },
		`precise_images 50: needs statistics precise`:                                                           func(c *Config) { c.PreciseImages = 50 },
		`precise_images 9: give at least the 10 of a mini-batch, or 0 for all training images`:                  func(c *Config) { c.Statistics, c.PreciseImages = "precise", 9 },
		`eval_batch 8: needs statistics batch`:                                                                  func(c *Config) { c.Statistics, c.EvalBatch = "adaptive", 8 },
		`eval_batch 1: give 2 to 65536 images, or 0 for as many as in a mini-batch`:                             func(c *Config) { c.Statistics, c.EvalBatch = "batch", 1 },
		`step_factor 2: give a factor from 0 to 1`:                                                              func(c *Config) { c.Schedule, c.StepEvery, c.StepFactor = "step", 9, 2 },
		`cycles 1001 with cycle_growth 1.5: give at most 1000 cycles that grow`:                                 func(c *Config) { c.CycleGrowth, c.Cycles = 1.5, 1001 },
		`eta_min 0: schedule range goes up in a log scale; give a rate above 0`:                                 func(c *Config) { c.Schedule, c.EtaMin = "range", 0 },
		`warmup 0, cycle_growth 100: with ns 12 and cycles 9 more than 1073741824 steps; give less`:             func(c *Config) { c.CycleGrowth, c.Cycles = 100, 9 },
		`warmup 1073741824, cycle_growth 1: with ns 12 and cycles 2 more than 1073741824 steps; give less`:      func(c *Config) { c.Warmup = 1 << 30 },

		`frozen "V+b": give none, W, b, gamma or beta, of one layer with its number, as 1.W; several as W+1.b`:    func(c *Config) { c.Frozen = "V+b" },
		`frozen "": give none, W, b, gamma or beta, of one layer with its number, as 1.W; several as W+1.b`:       func(c *Config) { c.Frozen = "" },
		`frozen "W+none": give none, W, b, gamma or beta, of one layer with its number, as 1.W; several as W+1.b`: func(c *Config) { c.Frozen = "W+none" },
		`frozen "W+": give none, W, b, gamma or beta, of one layer with its number, as 1.W; several as W+1.b`:     func(c *Config) { c.Frozen = "W+" },
		`frozen 4.W: no layer 4; give numbers from 1 to 3`:                                                        func(c *Config) { c.Frozen = "4.W" },
		`frozen 1.W+gamma: nothing normalises; give norm batch or layer`:                                          func(c *Config) { c.BN, c.Frozen = false, "1.W+gamma" },
		`frozen 3.beta: no normalisation has the 3.beta; leave it out`:                                            func(c *Config) { c.Frozen = "3.beta" },
		`frozen 2.gamma: no normalisation has the 2.gamma; leave it out`:                                          func(c *Config) { c.NormLayers, c.Frozen = []int{1}, "2.gamma" },
		`frozen W+b: nothing is left to train; leave out one of them`:                                             func(c *Config) { c.BN, c.Frozen = false, "W+b" },
		`frozen W+b+gamma+beta: nothing is left to train; leave out one of them`:                                  func(c *Config) { c.Frozen = "W+b+gamma+beta" },
		`frozen 1.W+2.W+3.W: write it as W`:                                                                       func(c *Config) { c.Frozen = "1.W+2.W+3.W" },
		`frozen W+1.W: write it as W`:                                                                             func(c *Config) { c.Frozen = "W+1.W" },
		`frozen 1.b+1.b: write it as 1.b`:                                                                         func(c *Config) { c.Frozen = "1.b+1.b" },
		`frozen b+W: write it as W+b`:                                                                             func(c *Config) { c.Frozen = "b+W" },
		`frozen 1.gamma: write it as gamma`:                                                                       func(c *Config) { c.NormLayers, c.Frozen = []int{1}, "1.gamma" },

		`norm "": give none, batch or layer`:                                                                            func(c *Config) { c.Norm = "" },
		`norm "group": give none, batch or layer`:                                                                       func(c *Config) { c.Norm = "group" },
		`norm batch: a configuration has it as bn true`:                                                                 func(c *Config) { c.Norm = "batch" },
		`norm layer: bn says batch; give one of the two`:                                                                func(c *Config) { c.Norm = "layer" },
		`norm_after: nothing normalises; give norm batch or layer`:                                                      func(c *Config) { c.BN, c.NormAfter = false, true },
		`norm_layers: nothing normalises; give norm batch or layer`:                                                     func(c *Config) { c.BN, c.NormLayers = false, []int{1} },
		`norm_layers: no hidden layer 3; give numbers from 1 to 2`:                                                      func(c *Config) { c.NormLayers = []int{1, 3} },
		`norm_layers: no hidden layer 0; give numbers from 1 to 2`:                                                      func(c *Config) { c.NormLayers = []int{0} },
		`norm_layers: 1 after 2; give the numbers in order, each once`:                                                  func(c *Config) { c.NormLayers = []int{2, 1} },
		`norm_layers: 2 after 2; give the numbers in order, each once`:                                                  func(c *Config) { c.NormLayers = []int{2, 2} },
		`norm_layers: all 2; leave it out for that`:                                                                     func(c *Config) { c.NormLayers = []int{1, 2} },
		`hidden: layer 2 has 1 unit, and norm layer normalises over units; give at least 2`:                             func(c *Config) { c.SetNorm("layer"); c.Hidden = []int{8, 1} },
		`ghost 5: only batch normalisation has statistics of images; give norm batch`:                                   func(c *Config) { c.SetNorm("layer"); c.Ghost = 5 },
		`ghost 1: give a number of images from 2 that divides batch, 10, and is less`:                                   func(c *Config) { c.Ghost = 1 },
		`ghost -2: give a number of images from 2 that divides batch, 10, and is less`:                                  func(c *Config) { c.Ghost = -2 },
		`ghost 4: give a number of images from 2 that divides batch, 10, and is less`:                                   func(c *Config) { c.Ghost = 4 },
		`ghost 10: give a number of images from 2 that divides batch, 10, and is less`:                                  func(c *Config) { c.Ghost = 10 },
		`noisy: only batch normalisation has the noise; give norm batch`:                                                func(c *Config) { c.BN, c.Noisy = false, true },
		`skip 3: give 0, 1 or 2 layers`:                                                                                 func(c *Config) { c.Skip = 3 },
		`skip -1: give 0, 1 or 2 layers`:                                                                                func(c *Config) { c.Skip = -1 },
		`skip 2: no hidden layer has as many units as the one 2 below it; give hidden of equal sizes, such as 50,50,50`: func(c *Config) { c.Skip = 2 },
		`skip 1: no hidden layer has as many units as the one 1 below it; give hidden of equal sizes, such as 50,50,50`: func(c *Config) { c.Skip = 1 },
	} {
		c := small()
		change(&c)
		if err := c.Validate(); err == nil || err.Error() != want || !errors.Is(err, ErrConfig) {
			t.Errorf("got %v\nwant %s", err, want)
		}
	}
}

// TestMethodsComplete: every option is among the methods of these tests, and among the
// cases of the golden file.
func TestMethodsComplete(t *testing.T) {
	tested := map[string]bool{}
	for _, c := range bothKinds() {
		for _, f := range fields() {
			tested[f.name] = tested[f.name] || !c.IsOff(f.name)
		}
	}
	golden := append(readGolden(t).Cases, readGoldenEvaluation(t)...)
	for _, f := range fields() {
		if !tested[f.name] {
			t.Errorf("%s is off in all methods", f.name)
		}
		if f.off.IsValid() && !slices.ContainsFunc(golden, func(c goldenCase) bool { return strings.Contains(string(c.Config), `"`+f.name+`":`) }) {
			t.Errorf("no golden case has %s", f.name)
		}
	}
}

// TestSmoothedCost: the loss that is reported is without label smoothing, the cost with it,
// of all three sets.
func TestSmoothedCost(t *testing.T) {
	c := small()
	c.Lambda, c.Smoothing = 0, 0.2
	o := fitAll[float64](t, c)
	data, _ := draw[float64]()
	final := o.results[0].Final
	for name, set := range map[string]struct {
		source     Source[float64]
		loss, cost float64
	}{
		"train": {data.Train, final.TrainLoss, final.TrainCost},
		"val":   {data.Val, final.ValLoss, final.ValCost},
		"test":  {data.Test, final.TestLoss, final.TestCost},
	} {
		x, labels := gather(set.source, sorted(set.source.Len()))
		p := o.nets.Network.Probabilities(x)
		loss, cost := 0.0, 0.0
		for i, y := range labels {
			for j := range p.Rows {
				target := 0.2 / float64(p.Rows)
				if j == int(y) {
					target += 0.8
					loss -= math.Log(p.At(j, i))
				}
				cost -= target * math.Log(p.At(j, i))
			}
		}
		n := float64(len(labels))
		if !close10(set.loss, loss/n) || !close10(set.cost, cost/n) || set.cost <= set.loss {
			t.Errorf("%s: loss %g, cost %g, want %g, %g", name, set.loss, set.cost, loss/n, cost/n)
		}
	}
}
