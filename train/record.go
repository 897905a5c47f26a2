package train

import (
	"math"
)

// Metrics are the results of a net on the training and validation images. A loss is the
// mean cross-entropy; a cost is what is minimised: with label smoothing, if any, and
// λ·Σ‖W‖²; an accuracy is a fraction from 0 to 1.
type Metrics struct {
	TrainLoss float64 `json:"train_loss"`
	TrainCost float64 `json:"train_cost"`
	TrainAcc  float64 `json:"train_acc"`
	ValLoss   float64 `json:"val_loss"`
	ValCost   float64 `json:"val_cost"`
	ValAcc    float64 `json:"val_acc"`
}

// Sound reports whether an evaluation can produce these numbers.
func (m Metrics) Sound() bool {
	return sound(math.MaxFloat64, m.TrainLoss, m.TrainCost, m.ValLoss, m.ValCost) && sound(1, m.TrainAcc, m.ValAcc)
}

// Point is one evaluation during a training: a line of curve.jsonl.
type Point struct {
	Step  int     `json:"step"`  // updates done
	Epoch float64 `json:"epoch"` // passes over the training images done
	Eta   float64 `json:"eta"`   // learning rate of the last update
	Metrics
	ByStatistics
}

// Sound reports whether an evaluation can produce these numbers.
func (p Point) Sound() bool { return p.Metrics.Sound() && p.ByStatistics.sound() }

// CurveBytes limits the size of a curve as JSON, several times above what its points need.
func (c Config) CurveBytes() int { return (512 + 256*len(c.kinds())) * (1 + c.Evals*c.Cycles) }

// ResultBytes limits the size of a Result as JSON, several times above what it needs.
func (c Config) ResultBytes() int { return 1024 + 512*c.probes() }

// Final holds the metrics of the trained net on all training and validation images,
// and on the test images unless the configuration has NoTest, in evaluation mode.
type Final struct {
	Metrics
	*TestMetrics
	ByStatistics
}

// TestMetrics are the results of a net on the test images.
type TestMetrics struct {
	TestLoss float64 `json:"test_loss"`
	TestCost float64 `json:"test_cost"`
	TestAcc  float64 `json:"test_acc"`
}

// Result is the outcome of one training.
type Result struct {
	Steps    int    `json:"steps"`    // updates done
	Diverged bool   `json:"diverged"` // a NaN or Inf occurred
	Final    *Final `json:"final"`    // nil if diverged

	Landscape []Probe `json:"landscape,omitempty"` // along the gradient, on the way

	// Seconds spent on updates and on evaluations, divided equally among nets trained
	// side by side.
	TrainSeconds float64 `json:"train_seconds"`
	EvalSeconds  float64 `json:"eval_seconds"`

	// Mixed says that the last bits depend on the nets trained beside this one
	// (model.Network.Mixed).
	Mixed bool `json:"-"`
}

// Sound reports whether a training can produce these numbers.
func (r Result) Sound() bool {
	const ages = 1e12 // seconds
	if r.Steps < 0 || !soundProbes(r.Landscape) || !sound(ages, r.TrainSeconds, r.EvalSeconds) {
		return false
	}
	f := r.Final
	return f == nil || f.Metrics.Sound() && f.ByStatistics.sound() && (f.TestMetrics == nil || sound(math.MaxFloat64, f.TestLoss, f.TestCost) && sound(1, f.TestAcc))
}

// Recorder observes trainings. A trial is numbered by its configuration's index in
// Fit.
type Recorder interface {
	// Progress is called every few updates with the number of updates done.
	Progress(steps int)
	// Point is called for every evaluation of a trial that has not diverged.
	Point(trial int, p Point)
}

// State is a training at the end of an epoch: everything that Resume needs, with the
// same configurations, data and backend, to reach the same bits. It has no random
// state, because Steps and the configurations' seeds determine the order of the images.
type State struct {
	Steps   int       `json:"steps"`   // updates done
	Results []Result  `json:"results"` // of each trial so far, without final metrics
	Curves  [][]Point `json:"curves"`  // of each trial so far

	// Numbers are the parameters, running statistics and moments of the optimiser of each
	// trial, in the order of model.Network.State, little-endian in the training's precision.
	Numbers []byte `json:"-"`
}

// Checkpointer keeps states of a training, so that it can resume after an
// interruption.
type Checkpointer interface {
	// Restore calls use with the states it has, latest first, until use returns nil,
	// which means that it has accepted one.
	Restore(use func(State) error)
	// Keep receives the state at the end of each epoch, and owns it from then on.
	Keep(State)
}

// Discard is a Recorder, and a Checkpointer, that keeps nothing.
var Discard discard

type discard struct{}

func (discard) Progress(int)              {}
func (discard) Point(int, Point)          {}
func (discard) Restore(func(State) error) {}
func (discard) Keep(State)                {}

// Paused is a training that was stopped at the end of an epoch, to go on or not.
type Paused struct {
	State  State  // of this training alone, as if nothing had trained beside it
	Result Result // so far; it is final if the training has diverged

	// ValAcc is the validation accuracy there, from 0 to 1; 0 if the loss is not a number
	// or infinite. No curve holds it.
	ValAcc float64
}
