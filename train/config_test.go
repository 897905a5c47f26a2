package train

import (
	"encoding/json"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"bnlab/model"
)

// TestDefault holds the defaults against the study's.
func TestDefault(t *testing.T) {
	c := Default()
	if err := c.Validate(); err != nil {
		t.Error(err)
	}
	if c.Steps() != 9000 || c.Batch != 100 || c.NS != 2250 || c.Cycles != 2 || c.Lambda != 0.005 ||
		c.EtaMin != 1e-5 || c.EtaMax != 1e-1 || c.Init != model.He || c.BNEps != 2.2e-16 ||
		c.BNAlpha != 0.9 || c.Val != 5000 || c.Precision != F32 || !slices.Equal(c.Hidden, []int{50, 50}) {
		t.Errorf("defaults are %+v", c)
	}
	if c.EvalTrain < 1 || c.EvalTrain > 5000 || c.Evals < 10 {
		t.Errorf("%d evaluations a cycle of %d training images: want ten or more, never of all", c.Evals, c.EvalTrain)
	}
}

// TestHiddenOf: a k-layer network has k−1 hidden layers, with the study's widths.
func TestHiddenOf(t *testing.T) {
	for depth, want := range map[int][]int{2: {50}, 3: {50, 50}, 9: {50, 30, 20, 20, 10, 10, 10, 10}} {
		hidden, err := HiddenOf(depth)
		if err != nil || !slices.Equal(hidden, want) || len(hidden) != depth-1 {
			t.Errorf("depth %d: %v, %v, want %v", depth, hidden, err, want)
		}
		hidden[0] = 1 // the caller's own
		if again, _ := HiddenOf(depth); !slices.Equal(again, want) {
			t.Errorf("depth %d: %v after the first result was changed", depth, again)
		}
	}
	for _, depth := range []int{-1, 0, 1, 4, 10} {
		if hidden, err := HiddenOf(depth); err == nil || !strings.HasPrefix(err.Error(), "depth ") {
			t.Errorf("depth %d: %v, %v, want an error that names depth", depth, hidden, err)
		}
	}
}

func TestValidate(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for field, values := range map[string][]func(*Config){
		"hidden": {
			func(c *Config) { c.Hidden = []int{0} },
			func(c *Config) { c.Hidden = []int{50, -1} },
			func(c *Config) { c.Hidden = []int{50, math.MaxInt} },
			func(c *Config) { c.Hidden = []int{50, 1 << 15, 1 << 14} },
			func(c *Config) { c.Hidden = slices.Repeat([]int{1 << 14}, 3) },
			func(c *Config) { c.Hidden = slices.Repeat([]int{1}, 1025) },
		},
		"lambda":  floats(func(c *Config) *float64 { return &c.Lambda }, nan, inf, -inf, -1e-9),
		"eta_min": floats(func(c *Config) *float64 { return &c.EtaMin }, nan, inf, -inf, -1e-9),
		"eta_max": floats(func(c *Config) *float64 { return &c.EtaMax }, nan, inf, -inf, -1, 0, 1e-6),
		"ns":      ints(func(c *Config) *int { return &c.NS }, 0, -1, math.MaxInt, math.MinInt),
		"cycles":  ints(func(c *Config) *int { return &c.Cycles }, 0, -1, math.MaxInt, math.MinInt),
		"batch": append(ints(func(c *Config) *int { return &c.Batch }, 0, -1, math.MinInt),
			func(c *Config) { c.BN, c.Batch = true, 1 }),
		"init": {
			func(c *Config) { c.Init = "" },
			func(c *Config) { c.Init = "glorot" },
		},
		"sigma": append(floats(func(c *Config) *float64 { return &c.Sigma }, nan, inf, -inf, -1, 0.1), // 0.1 without normal
			func(c *Config) { c.Init = model.Normal },
			func(c *Config) { c.Init, c.Sigma = model.Normal, nan },
			func(c *Config) { c.Init, c.Sigma = model.Normal, -0.1 },
			func(c *Config) { c.Init, c.Sigma = model.Normal, 1e-40 }, // all weights 0, or all infinite
			func(c *Config) { c.Init, c.Sigma = model.Normal, 1e39 }),
		"bn_eps":     floats(func(c *Config) *float64 { return &c.BNEps }, nan, inf, -1e-9, 1.5),
		"bn_alpha":   floats(func(c *Config) *float64 { return &c.BNAlpha }, nan, inf, -0.1, 1, 1.1),
		"val":        ints(func(c *Config) *int { return &c.Val }, 0, -1, math.MinInt),
		"train_size": ints(func(c *Config) *int { return &c.TrainSize }, -1, 99, math.MinInt), // 99 is below the batch
		"test_size":  ints(func(c *Config) *int { return &c.TestSize }, -1, math.MinInt),
		"precision": {
			func(c *Config) { c.Precision = "" },
			func(c *Config) { c.Precision = "f16" },
		},
		"evals":      ints(func(c *Config) *int { return &c.Evals }, 0, -1, 4501, math.MaxInt),
		"eval_train": ints(func(c *Config) *int { return &c.EvalTrain }, -1, math.MinInt),
	} {
		for i, spoil := range values {
			c := Default()
			spoil(&c)
			err := c.Validate()
			if err == nil || !errors.Is(err, ErrConfig) || !strings.HasPrefix(err.Error(), field+" ") && !strings.HasPrefix(err.Error(), field+":") {
				t.Errorf("bad value %d of %s: error %v", i, field, err)
			} else if strings.Contains(err.Error(), "\n") {
				t.Errorf("%s: %q is more than a line", field, err)
			}
		}
		if text, _ := json.Marshal(Default()); !strings.Contains(string(text), `"`+field+`":`) {
			t.Errorf("%s is not in the JSON by that name", field)
		}
	}
}

func floats(field func(*Config) *float64, values ...float64) (spoilers []func(*Config)) {
	for _, v := range values {
		spoilers = append(spoilers, func(c *Config) { *field(c) = v })
	}
	return spoilers
}

func ints(field func(*Config) *int, values ...int) (spoilers []func(*Config)) {
	for _, v := range values {
		spoilers = append(spoilers, func(c *Config) { *field(c) = v })
	}
	return spoilers
}

// TestValidateAccepts the edges of what makes sense.
func TestValidateAccepts(t *testing.T) {
	for name, change := range map[string]func(*Config){
		"no hidden layer":       func(c *Config) { c.Hidden = nil },
		"nine layers":           func(c *Config) { c.Hidden, _ = HiddenOf(9) },
		"no decay":              func(c *Config) { c.Lambda = 0 },
		"constant η":            func(c *Config) { c.EtaMin = c.EtaMax },
		"η 0":                   func(c *Config) { c.EtaMin, c.EtaMax = 0, 0 },
		"one step up":           func(c *Config) { c.NS, c.Evals = 1, 2 },
		"one image":             func(c *Config) { c.Batch = 1 },
		"two images with BN":    func(c *Config) { c.BN, c.Batch = true, 2 },
		"σ":                     func(c *Config) { c.Init, c.Sigma = model.Normal, 1e-4 },
		"tiny σ":                func(c *Config) { c.Init, c.Sigma = model.Normal, 1e-37 },
		"tiny σ in f64":         func(c *Config) { c.Init, c.Sigma, c.Precision = model.Normal, 1e-300, F64 },
		"huge σ in f64":         func(c *Config) { c.Init, c.Sigma, c.Precision = model.Normal, 1e300, F64 },
		"wide layers":           func(c *Config) { c.Hidden = []int{1 << 16, 1 << 12} },
		"ε 0":                   func(c *Config) { c.BNEps = 0 },
		"α 0":                   func(c *Config) { c.BNAlpha = 0 },
		"a batch of all images": func(c *Config) { c.TrainSize = c.Batch },
		"f64":                   func(c *Config) { c.Precision = F64 },
	} {
		c := Default()
		change(&c)
		if err := c.Validate(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestConfigJSON: a configuration comes back from JSON as it was.
func TestConfigJSON(t *testing.T) {
	c := small()
	text, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	var back Config
	if err := json.Unmarshal(text, &back); err != nil || !slices.Equal(back.Hidden, c.Hidden) || !CanShareBatches(back, c) || back.Lambda != c.Lambda {
		t.Errorf("%+v came back as %+v, %v", c, back, err)
	}
}

// TestCanShareBatches: what fuses and what does not.
func TestCanShareBatches(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*Config)
		alike  bool
	}{
		"nothing":         {func(c *Config) {}, true},
		"bn":              {func(c *Config) { c.BN = !c.BN }, true},
		"lambda":          {func(c *Config) { c.Lambda *= 2 }, true},
		"eta":             {func(c *Config) { c.EtaMin, c.EtaMax = 0.1, 0.2 }, true},
		"init":            {func(c *Config) { c.Init, c.Sigma = model.Normal, 0.1 }, true},
		"seed":            {func(c *Config) { c.Seed++ }, true},
		"order seed":      {func(c *Config) { c.OrderSeed++ }, false},
		"order as seed":   {func(c *Config) { c.Seed, c.OrderSeed = c.OrderSeed, 0 }, true},
		"order by seed":   {func(c *Config) { c.Seed, c.OrderSeed = c.OrderSeed+1, 0 }, false},
		"hidden":          {func(c *Config) { c.Hidden = []int{8, 7} }, false},
		"depth":           {func(c *Config) { c.Hidden = []int{8} }, false},
		"batch":           {func(c *Config) { c.Batch++ }, false},
		"ns":              {func(c *Config) { c.NS++ }, false},
		"cycles":          {func(c *Config) { c.Cycles++ }, false},
		"eps":             {func(c *Config) { c.BNEps = 1e-5 }, false},
		"alpha":           {func(c *Config) { c.BNAlpha = 0.5 }, false},
		"val":             {func(c *Config) { c.Val++ }, false},
		"train size":      {func(c *Config) { c.TrainSize = 50 }, false},
		"test size":       {func(c *Config) { c.TestSize = 5 }, false},
		"no test":         {func(c *Config) { c.NoTest = true }, false},
		"precision":       {func(c *Config) { c.Precision = F32 }, false},
		"evaluations":     {func(c *Config) { c.Evals++ }, false},
		"activation":      {func(c *Config) { c.Activation = "tanh" }, false},
		"dropout":         {func(c *Config) { c.Dropout = 0.1 }, true},
		"input dropout":   {func(c *Config) { c.InputDropout = 0.1 }, false},
		"flip":            {func(c *Config) { c.Flip = true }, false},
		"shift":           {func(c *Config) { c.Shift = 1 }, false},
		"noise":           {func(c *Config) { c.Noise = 1 }, false},
		"smoothing":       {func(c *Config) { c.Smoothing = 0.1 }, true},
		"loss":            {func(c *Config) { c.Loss = "hinge" }, true},
		"decay":           {func(c *Config) { c.Decay = "all" }, true},
		"frozen":          {func(c *Config) { c.Frozen = "W" }, false},
		"momentum":        {func(c *Config) { c.Momentum = 0.9 }, false},
		"optimiser":       {func(c *Config) { c.Optimiser = "adam" }, false},
		"schedule":        {func(c *Config) { c.Schedule = "cosine" }, true},
		"cycle decay":     {func(c *Config) { c.CycleDecay = 0.5 }, true},
		"cycle growth":    {func(c *Config) { c.CycleGrowth = 2 }, false},
		"warm-up":         {func(c *Config) { c.Warmup = 9 }, false},
		"training images": {func(c *Config) { c.EvalTrain++ }, false},
	} {
		a, b := small(), small()
		c.change(&b)
		if CanShareBatches(a, b) != c.alike || CanShareBatches(b, a) != c.alike {
			t.Errorf("another %s: want %v", name, c.alike)
		}
	}
}

// TestMomentaShareBatches: two values of an option that all nets have or none.
func TestMomentaShareBatches(t *testing.T) {
	a, b := small(), small()
	a.Momentum, b.Momentum = 0.5, 0.9
	if !CanShareBatches(a, b) {
		t.Error("two momenta cannot train side by side")
	}
}

// TestMessages: what is wrong with a configuration is told with the numbers that it has and
// the numbers that it may have.
func TestMessages(t *testing.T) {
	for want, change := range map[string]func(*Config){
		"hidden: 1025 layers, give at most 1024":                                                                    func(c *Config) { c.Hidden = make([]int, 1025) },
		"hidden: layer 2 has 0 units, give 1 to 65536":                                                              func(c *Config) { c.Hidden = []int{5, 0} },
		"hidden: 4294836225 weights between hidden layers, 17.2 GB in f32; give fewer units, for at most 268435456": func(c *Config) { c.Hidden = []int{65535, 65535} },
		"eta_max 0.001: give a finite learning rate of eta_min (0.01) or above":                                     func(c *Config) { c.EtaMin, c.EtaMax = 0.01, 0.001 },
		"ns 0: give the steps of half a cycle, 1 to 536870912":                                                      func(c *Config) { c.NS = 0 },
		"cycles 0: give 1 to 238609 with ns 2250":                                                                   func(c *Config) { c.Cycles = 0 },
		"batch 1 with bn: the variance of a batch needs at least 2 images":                                          func(c *Config) { c.Batch, c.BN = 1, true },
		"train_size 99: less than one batch of 100":                                                                 func(c *Config) { c.TrainSize = 99 },
		"evals 4501: give 1 to 4500 evaluations per cycle of 4500 steps":                                            func(c *Config) { c.Evals = 4501 },
		"evals 4000 with cycles 17: 68000 evaluations, give at most 65536":                                          func(c *Config) { c.Evals, c.Cycles = 4000, 17 },
		"sigma 1e-40: outside the range of f32; give 1.2e-38 to 3.4e38, or precision f64":                           func(c *Config) { c.Init, c.Sigma = model.Normal, 1e-40 },
	} {
		c := Default()
		change(&c)
		if err := c.Validate(); err == nil || err.Error() != want {
			t.Errorf("got %v\nwant %s", err, want)
		}
	}
}
