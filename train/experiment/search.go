package experiment

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"bnlab/train"
	"bnlab/train/message"
)

// Stages of a search for λ, in order: a coarse grid, a random fine search, and the
// final networks.
var Stages = []string{"coarse", "fine", "final"}

// Rules are the settings of a search.
type Rules struct {
	Range      string // of the fine stage: "report" (ReportRange) or "neighbours" (NeighbourRange)
	Points     int    // values of λ in the fine stage
	Seeds      int    // trials of each λ in the coarse and the fine stage
	FinalSeeds int    // networks of the final stage
}

// Search trains the stages of a search up to last, one of Stages, in folders with these
// names below sub. Stages already done cost nothing. Only the final stage reads the
// test set. The error wraps ErrNoLambda if no trial has a result.
func (l *Lab) Search(ctx context.Context, base train.Config, rules Rules, last, sub string) (summary Summary, err error) {
	base.BN, base.NoTest = true, true
	stage := func(name string, trials []Trial) (Summary, error) {
		l.Say("search, %s stage: %s", name, message.Count(len(trials), "trial"))
		s, err := l.Run(ctx, "search", filepath.Join(sub, name), trials)
		return s.InStage(name), err
	}
	if summary, err = stage("coarse", Search(base, CoarseLambdas(), rules.Seeds)); err != nil {
		return summary, err
	}
	if last != "coarse" {
		fineRange := ReportRange
		if rules.Range == "neighbours" {
			fineRange = NeighbourRange
		}
		low, high, err := fineRange(summary.Groups)
		if err != nil {
			return summary, err
		}
		fine, err := stage("fine", Search(base, FineLambdas(low, high, rules.Points, base.Seed), rules.Seeds))
		if err != nil {
			return summary, err
		}
		summary = summary.Join(fine)
	}
	best, err := BestLambda(summary.Groups)
	if err != nil {
		return summary, err
	}
	if last == "final" {
		base.NoTest = false // only now that λ is chosen
		final, err := stage("final", Search(base, []float64{best.Lambda}, rules.FinalSeeds))
		if err != nil {
			return summary, err
		}
		if g := final.Groups[0]; g.N > 0 {
			best.TestAcc = &g.TestAcc.Mean
		}
		summary = summary.Join(final)
	}
	summary.Best = &best
	return summary, nil
}

// StagesDone returns an error about the field stage if a stage before it is not
// complete in the run folder dir.
func StagesDone(dir, stage string) error {
	for _, before := range Stages[:slices.Index(Stages, stage)] {
		at := filepath.Join(dir, before)
		missing := "does not exist"
		if _, err := os.Stat(at); !errors.Is(err, fs.ErrNotExist) {
			folder, err := Open(at)
			if err != nil {
				return err
			}
			outcomes, err := folder.Outcomes(func(error) {}) // the stage itself reports damaged ones
			if err != nil {
				return err
			}
			n := len(Summarize(folder.Plan, outcomes).Missing)
			if n == 0 {
				continue
			}
			missing = "lacks " + message.Count(n, "trial")
		}
		return message.Fieldf("{stage} %s: it needs the %s stage, but %s %s; run {stage} %[2]s, or {stage} all", stage, before, at, missing)
	}
	return nil
}
