package bench

import (
	"fmt"
	"math"

	"bnlab/train"
)

// Estimates tells how long trainings take here. What is measured for one of them is kept
// for others of the same shape.
type Estimates struct {
	Nets                int // side by side
	Dim, Classes        int // values per image, and number of classes
	TrainSize, TestSize int // images of the data set, those for validation among the first

	known map[string]Cost
}

// Seconds returns the time of a training on one core, evaluations included; NaN where it
// cannot be measured.
func (e *Estimates) Seconds(c train.Config) float64 {
	key := fmt.Sprint(c.Hidden, c.BN, c.Batch, c.Precision, c.Methods, c.Normalisation)
	cost, ok := e.known[key]
	if !ok {
		var err error
		if cost, err = CostOf(c, e.Nets, e.Dim, e.Classes); err != nil {
			cost = Cost{math.NaN(), math.NaN()}
		}
		if e.known == nil {
			e.known = map[string]Cost{}
		}
		e.known[key] = cost
	}
	return cost.Step*float64(c.Steps()) + cost.Image*float64(e.evaluated(c))
}

// evaluated returns how many images a training evaluates.
func (e *Estimates) evaluated(c train.Config) int {
	each := c.EvalTrain
	if each == 0 {
		each = e.TrainSize - c.Val
	}
	return c.Evals*c.Cycles*(each+c.Val) + e.TestSize
}
