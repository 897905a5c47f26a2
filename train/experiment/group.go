package experiment

import "bnlab/train"

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

	// Others are accuracies with other statistics of batch normalisation than the running
	// ones, as test_acc_precise; nil where no trial was evaluated with any.
	Others map[string]Spread `json:"others,omitempty"`

	Seconds   float64    `json:"seconds"`   // of training and evaluation, mean over trials
	Published *Published `json:"published"` // nil if the study has no figure for it
	Paused    *Paused    `json:"paused"`    // of the trials that a budget has stopped; nil without any
}

// Paused are trials of a group that a budget has stopped. Their numbers are those at the
// rung, not to be compared with those of trained ones.
type Paused struct {
	N      int    `json:"n"`
	Epochs int    `json:"epochs"`
	ValAcc Spread `json:"val_acc"`
}

// Best is the outcome of a search for λ.
type Best struct {
	Lambda  float64  `json:"lambda"`
	ValAcc  float64  `json:"val_acc"`  // the criterion, mean over seeds
	TestAcc *float64 `json:"test_acc"` // of the networks trained with it, mean over seeds; nil before they are
}
