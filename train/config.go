// Package train trains networks. It holds the configuration, the learning rate
// schedule, the data order, the training loop, and the records of a training.
package train

import (
	"math"

	"bnlab/blas"
	"bnlab/model"
)

// Precision names the floating point type of a training.
type Precision string

// Single precision is twice as fast; double precision is for comparisons. BF16 is F32 with
// the operands of the products rounded to bfloat16, which some CPUs multiply faster.
const (
	F32  Precision = "f32"
	F64  Precision = "f64"
	BF16 Precision = "bf16"
)

// Bits returns how many bits parameters, gradients and statistics have: 32 or 64.
func (p Precision) Bits() int { return Choose(p, func() int { return 32 }, func() int { return 64 }) }

// Mark returns ", bf16" where results of this precision must say so, else nothing: with f32
// and f64 it is in the configuration alone.
func (p Precision) Mark() string {
	if p == BF16 {
		return ", " + string(p)
	}
	return ""
}

// Backend returns what computes the products in precision p.
func (p Precision) Backend() blas.Backend {
	return Choose(p, blas.CurrentOf[float32], blas.CurrentOf[float64])
}

// Choose calls the function for precision p and returns its result. This is where a
// program goes from a configuration to a type.
func Choose[R any](p Precision, f32, f64 func() R) R {
	if p == F64 {
		return f64()
	}
	return f32()
}

// Config is everything that determines a training, given data and backend. Its tags
// describe each field to programs that let users set it: its name (that in JSON), its
// meaning, its values if there are few, and its group. Two more are for this package:
// fuse, of a field in which nets side by side may differ (on: where none is off), and off, of an option that was
// not always there, the value with which it is as if it were not.
type Config struct {
	Hidden []int `json:"hidden" help:"hidden layer sizes, first to last; empty for none"`
	BN     bool  `json:"bn" fuse:"own" help:"use batch normalisation in the hidden layers"`

	Lambda  float64    `json:"lambda" fuse:"own" group:"Hyper-parameters" help:"weight λ of the L2 penalty λ·Σ‖W‖²"`
	EtaMin  float64    `json:"eta_min" fuse:"own" group:"Hyper-parameters" help:"minimum learning rate"`
	EtaMax  float64    `json:"eta_max" fuse:"own" group:"Hyper-parameters" help:"maximum learning rate"`
	NS      int        `json:"ns" group:"Hyper-parameters" help:"half the length of a learning-rate cycle, in steps"`
	Cycles  int        `json:"cycles" group:"Hyper-parameters" help:"number of learning-rate cycles"`
	Batch   int        `json:"batch" group:"Hyper-parameters" help:"mini-batch size"`
	Init    model.Init `json:"init" fuse:"own" group:"Hyper-parameters" values:"he,xavier,normal" help:"weight initialisation"`
	Sigma   float64    `json:"sigma" fuse:"own" group:"Hyper-parameters" help:"standard deviation of the initial weights; implies init normal"`
	BNEps   float64    `json:"bn_eps" group:"Hyper-parameters" help:"ε of batch normalisation"`
	BNAlpha float64    `json:"bn_alpha" group:"Hyper-parameters" help:"momentum α of the running statistics"`

	Methods
	Normalisation
	Optimisation
	Scheduling
	Augmentation
	Evaluation

	Val       int `json:"val" group:"Data" help:"size of the validation set, taken from the end of the training images"`
	TrainSize int `json:"train_size" group:"Data" help:"use only the first N training images (0 = all)"`
	TestSize  int `json:"test_size" group:"Data" help:"use only the first N test images (0 = all)"`

	NoTest bool `json:"no_test"` // do not use the test images, as in a search for λ

	Precision Precision `json:"precision" group:"Seeds, precision, evaluation" values:"f32,f64,bf16" help:"floating-point precision; bf16 is f32 with the operands of products rounded to bfloat16"`
	Seed      uint64    `json:"seed" fuse:"own" group:"Seeds, precision, evaluation" help:"seed of the initial weights; of the first trial, if several"`
	OrderSeed uint64    `json:"order_seed" group:"Seeds, precision, evaluation" help:"shuffling seed, shared by all trials (0 = each trial's own seed)"`
	Evals     int       `json:"evals" group:"Seeds, precision, evaluation" help:"evaluations per cycle"`
	EvalTrain int       `json:"eval_train" group:"Seeds, precision, evaluation" help:"training images used in each evaluation (0 = all)"`
}

// Default returns the configuration of the published study: 3-layer network,
// without batch normalisation.
func Default() Config {
	c := Config{
		Hidden: []int{50, 50}, Lambda: 0.005,
		EtaMin: 1e-5, EtaMax: 1e-1, NS: 2250, Cycles: 2, Batch: 100,
		Init: model.He, BNEps: 2.2e-16, BNAlpha: 0.9,
		Val: 5000, Precision: F32, Seed: 1, OrderSeed: 1,
		Evals: 10, EvalTrain: 5000,
	}
	c.turnOff()
	return c
}

// Hidden sizes of the studied depths, by number of layers.
var depths = map[int][]int{
	2: {50},
	3: {50, 50},
	9: {50, 30, 20, 20, 10, 10, 10, 10},
}

// HiddenOf returns the hidden layer sizes of the study's k-layer network.
func HiddenOf(k int) ([]int, error) {
	hidden, ok := depths[k]
	if !ok {
		return nil, badf("{depth} %d: the study has 2, 3 and 9; give one of these", k)
	}
	return append([]int(nil), hidden...), nil
}

// Validate returns an error that names the first field with an invalid value, the
// value, and what is allowed.
func (c Config) Validate() error {
	for _, check := range []func() error{c.checkNet, c.checkMethods, c.checkSchedule, c.checkRest, c.checkEvaluation, c.checkSnapshots, c.checkLandscape} {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

func (c Config) checkNet() error {
	if n := len(c.Hidden); n > maxLayers {
		return badf("{hidden}: %d layers, give at most %d", n, maxLayers)
	}
	weights := 0
	for i, h := range c.Hidden {
		if h < 1 || h > maxUnits {
			return badf("{hidden}: layer %d has %d units, give 1 to %d", i+1, h, maxUnits)
		}
		if i > 0 {
			weights += h * c.Hidden[i-1]
		}
	}
	if weights > maxWeights {
		return badf("{hidden}: %d weights between hidden layers, %.1f GB in f32; give fewer units, for at most %d", weights, 4e-9*float64(weights), maxWeights)
	}
	switch {
	case !inRange(c.Lambda, 0, math.MaxFloat64):
		return badf("{lambda} %g: give a finite number of 0 or above", c.Lambda)
	case c.Init != model.He && c.Init != model.Xavier && c.Init != model.Normal:
		return badf("{init} %q: give he, xavier or normal", c.Init)
	case !inRange(c.Sigma, 0, math.MaxFloat64):
		return badf("{sigma} %g: give a finite standard deviation of 0 or above", c.Sigma)
	case c.Init == model.Normal && c.Sigma == 0:
		return badf("{sigma} 0: with {init} normal give a standard deviation above 0")
	case c.Init == model.Normal && c.Precision != F64 && !inRange(c.Sigma, 0x1p-126, math.MaxFloat32):
		return badf("{sigma} %g: outside the range of %s; give 1.2e-38 to 3.4e38, or {precision} f64", c.Sigma, c.Precision)
	case c.Init != model.Normal && c.Sigma != 0:
		return badf("{sigma} %g: needs {init} normal", c.Sigma)
	case !inRange(c.BNEps, 0, 1):
		return badf("{bn_eps} %g: give a number from 0 to 1", c.BNEps)
	case !inRange(c.BNAlpha, 0, 1) || c.BNAlpha == 1:
		return badf("{bn_alpha} %g: give a number from 0 up to, not including, 1", c.BNAlpha)
	}
	return nil
}

func (c Config) checkRest() error {
	switch {
	case c.Val < 1:
		return badf("{val} %d: give at least 1 validation image", c.Val)
	case c.TrainSize < 0:
		return badf("{train_size} %d: give a number of images, 0 for all", c.TrainSize)
	case c.TrainSize > 0 && c.TrainSize < c.Batch:
		return badf("{train_size} %d: less than one batch of %d", c.TrainSize, c.Batch)
	case c.TestSize < 0:
		return badf("{test_size} %d: give a number of images, 0 for all", c.TestSize)
	case c.Precision != F32 && c.Precision != F64 && c.Precision != BF16:
		return badf("{precision} %q: give f32, f64 or bf16", c.Precision)
	case c.Evals < 1 || c.Evals > 2*c.NS:
		return badf("{evals} %d: give 1 to %d evaluations per cycle of %d steps", c.Evals, 2*c.NS, 2*c.NS)
	case c.Evals*c.Cycles > maxEvals: // cannot overflow: it is at most Steps
		return badf("{evals} %d with {cycles} %d: %d evaluations, give at most %d", c.Evals, c.Cycles, c.Evals*c.Cycles, maxEvals)
	case c.EvalTrain < 0:
		return badf("{eval_train} %d: give a number of images, 0 for all", c.EvalTrain)
	}
	return nil
}
