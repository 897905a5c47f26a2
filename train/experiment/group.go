package experiment

import (
	"cmp"
	"errors"
	"slices"

	"bnlab/train"
)

// Group holds the trials that differ only in their seed.
type Group struct {
	Stage     string       `json:"stage"` // part of an experiment with several
	Name      string       `json:"name"`
	Config    train.Config `json:"config"`   // of the first trial
	N         int          `json:"n"`        // trials with a result
	Diverged  int          `json:"diverged"` // trials that ended in NaN or Inf
	Failed    int          `json:"failed"`   // trials that ended in an error
	TestAcc   Spread       `json:"test_acc"`
	ValAcc    Spread       `json:"val_acc"`
	TrainLoss Spread       `json:"train_loss"`
	ValLoss   Spread       `json:"val_loss"`
	Seconds   float64      `json:"seconds"`   // of training and evaluation, mean over trials
	Published *Published   `json:"published"` // nil if the study has no figure for it
}

// Best is the outcome of a search for λ.
type Best struct {
	Lambda  float64  `json:"lambda"`
	ValAcc  float64  `json:"val_acc"`  // the criterion, mean over seeds
	TestAcc *float64 `json:"test_acc"` // of the networks trained with it, mean over seeds; nil before they are
}

// ErrNoLambda is the error of a search in which no trial has a result.
var ErrNoLambda = errors.New("no λ to choose from: every trial of the search diverged or failed")

// BestLambda returns the group with the highest mean validation accuracy, the first if
// several are equal. The test set is not used.
func BestLambda(groups []Group) (Best, error) {
	ranked := ranked(groups)
	if len(ranked) == 0 {
		return Best{}, ErrNoLambda
	}
	g := ranked[0]
	return Best{Lambda: g.Config.Lambda, ValAcc: g.ValAcc.Mean}, nil
}

// ranked returns the groups with results, highest validation accuracy first.
func ranked(groups []Group) []Group {
	rs := slices.DeleteFunc(slices.Clone(groups), func(g Group) bool { return g.N == 0 })
	slices.SortStableFunc(rs, func(a, b Group) int { return cmp.Compare(b.ValAcc.Mean, a.ValAcc.Mean) })
	return rs
}

// ReportRange returns the range of the fine search as the study chose it: between
// the coarse λ with the best and the one with the worst validation accuracy.
func ReportRange(coarse []Group) (low, high float64, err error) {
	rs := ranked(coarse)
	if len(rs) < 2 {
		return 0, 0, ErrNoLambda
	}
	a, b := rs[0].Config.Lambda, rs[len(rs)-1].Config.Lambda
	return min(a, b), max(a, b), nil
}

// NeighbourRange returns the range from the coarse λ just below the best one to the
// one just above it. If the best is at an end of the grid, the range ends there.
func NeighbourRange(coarse []Group) (low, high float64, err error) {
	best, err := BestLambda(coarse)
	if err != nil || len(ranked(coarse)) < 2 {
		return 0, 0, ErrNoLambda
	}
	var lambdas []float64
	for _, g := range coarse {
		lambdas = append(lambdas, g.Config.Lambda)
	}
	slices.Sort(lambdas)
	at := slices.Index(lambdas, best.Lambda)
	return lambdas[max(at-1, 0)], lambdas[min(at+1, len(lambdas)-1)], nil
}
