package study

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"bnlab/train/experiment"
	"bnlab/train/vary"
)

// Best is the outcome of a search.
type Best struct {
	Over    string   `json:"over"` // the field
	Value   float64  `json:"value"`
	Choose  string   `json:"choose"`   // the criterion
	Score   float64  `json:"score"`    // its mean over seeds
	TestAcc *float64 `json:"test_acc"` // of the final networks, mean over seeds; nil before they are trained
}

// ErrNoBest is wrapped by the errors of a search in which too few trials have a result.
var ErrNoBest = errors.New("every trial of the search diverged or failed")

func (s *Search) noBest() error {
	return fmt.Errorf("no %s to choose from: %w", Symbol(s.Over), ErrNoBest)
}

// Symbol returns a field's symbol in the formulas of the field, or its name.
func Symbol(name string) string {
	symbols := map[string]string{"lambda": "λ", "sigma": "σ", "eta-min": "η_min", "eta-max": "η_max", "bn-eps": "ε", "bn-alpha": "α", "ns": "n_s"}
	return cmp.Or(symbols[name], name)
}

// scores return by what a group is ranked, the higher the better.
var scores = map[string]func(experiment.Group) float64{
	"val-acc":    func(g experiment.Group) float64 { return g.ValAcc.Mean },
	"val-loss":   func(g experiment.Group) float64 { return -g.ValLoss.Mean },
	"train-loss": func(g experiment.Group) float64 { return -g.TrainLoss.Mean },
}

// ranked returns the groups with results, the best first, the earlier of equal ones.
func (s *Search) ranked(groups []experiment.Group) []experiment.Group {
	score := scores[s.Choose]
	rs := slices.DeleteFunc(slices.Clone(groups), func(g experiment.Group) bool { return g.N == 0 || g.Stage == Finals })
	slices.SortStableFunc(rs, func(a, b experiment.Group) int { return cmp.Compare(score(b), score(a)) })
	return rs
}

// ordered returns the ranked groups, and after them those that a budget has stopped: the
// later, the higher, and of one rung by the accuracy there.
func (s *Search) ordered(groups []experiment.Group) []experiment.Group {
	paused := slices.DeleteFunc(slices.Clone(groups), func(g experiment.Group) bool { return g.N > 0 || g.Paused == nil })
	slices.SortStableFunc(paused, func(a, b experiment.Group) int {
		return cmp.Or(cmp.Compare(b.Paused.Epochs, a.Paused.Epochs), cmp.Compare(b.Paused.ValAcc.Mean, a.Paused.ValAcc.Mean))
	})
	return append(s.ranked(groups), paused...)
}

// valueIn returns the value of the field in a group.
func (s *Search) valueIn(g experiment.Group) float64 {
	return vary.Number(g.Config, s.Over)
}

// Best returns the best value of the groups of the stages before the final one. Its error
// wraps ErrNoBest if none has a result.
func (s *Search) Best(groups []experiment.Group) (Best, error) {
	ranked := s.ranked(groups)
	if len(ranked) == 0 {
		return Best{}, s.noBest()
	}
	return Best{Over: s.Over, Value: s.valueIn(ranked[0]), Choose: s.Choose, Score: math.Abs(scores[s.Choose](ranked[0]))}, nil
}

// between returns the interval of the fine stage: from the best of the coarse values to
// the worst, which a budget stops first, or between the neighbours of the best, which end
// with the grid.
func (s *Search) between(coarse []experiment.Group) (low, high float64, err error) {
	ordered := s.ordered(coarse)
	if len(ordered) < 2 || ordered[0].N == 0 {
		return 0, 0, s.noBest()
	}
	a, b := s.valueIn(ordered[0]), s.valueIn(ordered[len(ordered)-1])
	if s.Fine.Between == "best-worst" {
		return min(a, b), max(a, b), nil
	}
	values := s.grid.Numbers()
	slices.Sort(values)
	at := slices.Index(values, a)
	return values[max(at-1, 0)], values[min(at+1, len(values)-1)], nil
}

// fineValues draws the values of the fine stage, uniformly in its scale, rounded to four
// digits; one that would then equal an earlier one keeps all its digits. Whole numbers are
// drawn until they differ, or there are no more.
func (e *Experiment) fineValues(coarse []experiment.Group) ([]float64, error) {
	s := e.Search
	low, high, err := s.between(coarse)
	if err != nil {
		return nil, err
	}
	seed := e.Seeds[0]
	if s.Fine.Seed != nil {
		seed = *s.Fine.Seed
	}
	random := rand.New(rand.NewPCG(seed, 0x6c616d626461))
	draw := func() float64 {
		if s.Fine.Scale == "linear" {
			return low + random.Float64()*(high-low)
		}
		return math.Pow(10, math.Log10(low)+random.Float64()*(math.Log10(high)-math.Log10(low)))
	}
	n, drawn := s.Fine.Draw, map[float64]bool{}
	whole := !vary.Field(&coarse[0].Config, s.Over).CanFloat()
	if whole {
		n = int(min(float64(n), high-low+1))
	}
	var values []float64
	for len(values) < n {
		v := draw()
		switch short := vary.FourDigits(v); {
		case whole:
			v = math.Round(v)
		case !drawn[short]:
			v = short
		}
		if whole && drawn[v] {
			continue
		}
		drawn[v] = true
		values = append(values, v)
	}
	return values, nil
}
