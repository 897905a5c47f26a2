package experiment

import (
	"fmt"
	"slices"
)

// Budget stops trials early, by successive halving (Jamieson and Talwalkar 2016): all
// train to the first rung, the better groups to the next, and so on; those that are left
// train to the end. A trial that is stopped is paused: it keeps its state.
type Budget struct {
	Rungs   []int   `json:"rungs"`   // epochs, increasing
	Keep    float64 `json:"keep"`    // share of the groups that goes on at each rung, rounded up
	Fuse    int     `json:"fuse"`    // trials that go on side by side, at most
	Workers int     `json:"workers"` // units of them that train at once
}

// Rung is what a trial has reached at a rung.
type Rung struct {
	Epochs   int     `json:"epochs"`
	Steps    int     `json:"steps"`
	ValAcc   float64 `json:"val_acc"`  // validation accuracy; 0 if the loss is not finite
	Diverged bool    `json:"diverged"` // a NaN or Inf occurred on the way
	Mixed    bool    `json:"mixed"`    // the last bits depend on the trials beside it

	TrainSeconds float64 `json:"train_seconds"`
	EvalSeconds  float64 `json:"eval_seconds"`
}

// check returns an error about a value that no study has.
func (b *Budget) check() error {
	if b == nil {
		return nil
	}
	last := 0
	for _, rung := range b.Rungs {
		if rung <= last {
			return fmt.Errorf("budget: rungs %v; give epochs, from 1 on, each above the one before", b.Rungs)
		}
		last = rung
	}
	if last == 0 || !(b.Keep > 0 && b.Keep <= 1) || b.Fuse < 1 || b.Workers < 1 {
		return fmt.Errorf("budget: keep %g, fuse %d, workers %d, %d rungs; give a share above 0, up to 1, and 1 or more of each", b.Keep, b.Fuse, b.Workers, len(b.Rungs))
	}
	return nil
}

// difference names the first difference between two budgets.
func (b *Budget) difference(other *Budget) string {
	switch {
	case (b == nil) != (other == nil):
		return map[bool]string{true: "no budget, not one", false: "a budget, not none"}[b == nil]
	case b != nil && !slices.Equal(b.Rungs, other.Rungs):
		return fmt.Sprintf("budget with rungs %v, not %v", b.Rungs, other.Rungs)
	case b != nil && b.Keep != other.Keep:
		return fmt.Sprintf("budget that keeps %g, not %g", b.Keep, other.Keep)
	}
	return ""
}
