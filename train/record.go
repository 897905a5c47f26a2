package train

import (
	"math"
	"slices"
)

// Metrics are the results of a net on the training and validation images. A cost is
// a loss plus λ·Σ‖W‖²; an accuracy is a fraction from 0 to 1.
type Metrics struct {
	TrainLoss float64 `json:"train_loss"`
	TrainCost float64 `json:"train_cost"`
	TrainAcc  float64 `json:"train_acc"`
	ValLoss   float64 `json:"val_loss"`
	ValCost   float64 `json:"val_cost"`
	ValAcc    float64 `json:"val_acc"`
}

// Sound reports whether an evaluation can give these numbers.
func (m Metrics) Sound() bool {
	return sound(math.MaxFloat64, m.TrainLoss, m.TrainCost, m.ValLoss, m.ValCost) && sound(1, m.TrainAcc, m.ValAcc)
}

// sound tells whether all values are numbers from 0 to most.
func sound(most float64, values ...float64) bool {
	return !slices.ContainsFunc(values, func(v float64) bool { return !inRange(v, 0, most) })
}

// Point is one evaluation during a training: a line of curve.jsonl.
type Point struct {
	Step  int     `json:"step"`  // updates done
	Epoch float64 `json:"epoch"` // passes over the training images done
	Eta   float64 `json:"eta"`   // learning rate of the last update
	Metrics
}

// Final are the metrics of the trained net: of all training and validation
// images, and of the test images unless the configuration leaves them alone, in
// evaluation mode.
type Final struct {
	Metrics
	*TestMetrics
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
	Diverged bool   `json:"diverged"` // a NaN or Inf turned up
	Final    *Final `json:"final"`    // nil where diverged

	// Seconds spent on updates and on evaluations. Nets trained side by side
	// share them in equal parts.
	TrainSeconds float64 `json:"train_seconds"`
	EvalSeconds  float64 `json:"eval_seconds"`

	// Mixed says that the last bits follow from the nets trained beside this one
	// (model.Network.Mixed).
	Mixed bool `json:"-"`
}

// Sound reports whether a training can give these numbers.
func (r Result) Sound() bool {
	const ages = 1e12 // seconds
	if r.Steps < 0 || !sound(ages, r.TrainSeconds, r.EvalSeconds) {
		return false
	}
	f := r.Final
	return f == nil || f.Metrics.Sound() && (f.TestMetrics == nil || sound(math.MaxFloat64, f.TestLoss, f.TestCost) && sound(1, f.TestAcc))
}

// Recorder watches trainings. Trials have the numbers of their configurations in
// Fit.
type Recorder interface {
	// Progress is called every few updates with the number done.
	Progress(steps int)
	// Point is called for every evaluation of a trial that has not diverged.
	Point(trial int, p Point)
}

// State is a training at the end of an epoch: all that Resume needs, with the
// same configurations, data and backend, to go on to the same bits. It has no
// random state, because the order of the images follows from Steps and the
// configurations' seeds.
type State struct {
	Steps   int       `json:"steps"`   // updates done
	Results []Result  `json:"results"` // of each trial so far, without final metrics
	Curves  [][]Point `json:"curves"`  // of each trial so far

	// Numbers are the parameters and running statistics of each trial, in the
	// order of model.Network.Tensors, little-endian in the training's precision.
	Numbers []byte `json:"-"`
}

// Checkpointer keeps the states of a training, so that it can go on after an
// interruption.
type Checkpointer interface {
	// Restore calls use with the states it has, the latest first, until use returns
	// no error, which means that it has taken one.
	Restore(use func(State) error)
	// Keep receives the state at the end of each epoch, which then belongs to the
	// Checkpointer.
	Keep(State)
}

// Discard is a Recorder, and a Checkpointer, that keeps nothing.
var Discard discard

type discard struct{}

func (discard) Progress(int)              {}
func (discard) Point(int, Point)          {}
func (discard) Restore(func(State) error) {}
func (discard) Keep(State)                {}
