package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/urfave/cli/v2"

	"bnlab/train"
	"bnlab/train/experiment"
	"bnlab/train/message"
)

func searchCommand() *cli.Command {
	return &cli.Command{
		Name:  "search",
		Usage: "search for the best λ: a coarse grid, a fine draw, the final networks",
		Description: `Experiment 4 of the study: 3-layer networks with batch normalisation. The coarse
stage tries λ = 10^-5, 10^-4.5, … 10^-1.5, the fine one draws values between the
coarse λ with the best and the one with the worst validation accuracy, uniform in
log λ (--range neighbours: between the neighbours of the best one), and the final
one trains --seeds networks with the λ of the best validation accuracy. The test
set is read for those alone.

Examples:
  bnlab search --seeds 3 --out runs/search
  bnlab search --stage coarse
  bnlab search --range neighbours --points 50 --search-seeds 2`,
		Flags: flags([]cli.Flag{
			textFlag("stage", "all", "coarse, fine, final or all; a stage needs the ones before it in --out"),
		}, searchFlags(), sweepFlags(), outFlags(""), without(hyperFlags(train.Default()), "lambda"), dataFlags()),
		Action: searchAction,
	}
}

// searchFlags say how a search goes.
func searchFlags() []cli.Flag {
	return []cli.Flag{
		intFlag("points", 30, "values of λ in the fine stage"),
		textFlag("range", "report", "range of the fine stage: report or neighbours"),
		intFlag("search-seeds", 1, "trials of each λ in the coarse and the fine stage"),
	}
}

// stages lists the stages of a search in their order.
var stages = []string{"coarse", "fine", "final"}

func searchAction(ctx *cli.Context) error {
	last, err := lastStage(ctx.String("stage"))
	if err != nil {
		return err
	}
	s, err := newSession(ctx, workersOf)
	if err != nil {
		return err
	}
	if ctx.String("stage") != "all" && last > 0 && s.out == "" {
		return usagef("--stage %s: name the folder of the stages before it by --out", ctx.String("stage"))
	}
	rules, err := rulesOf(ctx)
	if err != nil {
		return err
	}
	if ctx.String("stage") != "all" {
		if err := s.stagesDone(stages[:last]); err != nil {
			return err
		}
	}
	summary, err := s.search(rules, last, "")
	if err != nil {
		return err
	}
	return s.finish(summary)
}

// stagesDone returns an error where a stage is not complete in the run folder.
func (s *session) stagesDone(before []string) error {
	for _, stage := range before {
		dir := filepath.Join(s.out, stage)
		missing := "is not there"
		if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
			folder, err := experiment.Open(dir)
			if err != nil {
				return err
			}
			outcomes, err := folder.Outcomes(func(error) {}) // the stage itself tells of damaged ones
			if err != nil {
				return err
			}
			n := len(experiment.Summarize(folder.Plan, outcomes).Missing)
			if n == 0 {
				continue
			}
			missing = "lacks " + message.Count(n, "trial")
		}
		return usagef("--stage %s: the %s stage comes before it, and %s %s; run --stage %[2]s, or --stage all", s.ctx.String("stage"), stage, dir, missing)
	}
	return nil
}

func lastStage(name string) (int, error) {
	for i, stage := range stages {
		if name == stage || name == "all" && i == len(stages)-1 {
			return i, nil
		}
	}
	return 0, usagef("--stage %q: give coarse, fine, final or all", name)
}

// searchRules are what searchFlags say.
type searchRules struct {
	points, seeds int
	rangeOf       func(coarse []experiment.Group) (low, high float64, err error)
}

func rulesOf(ctx *cli.Context) (r searchRules, err error) {
	if r.points, err = countFlag(ctx, "points"); err != nil {
		return r, err
	}
	if r.seeds, err = countFlag(ctx, "search-seeds"); err != nil {
		return r, err
	}
	switch name := ctx.String("range"); name {
	case "report":
		r.rangeOf = experiment.ReportRange
	case "neighbours":
		r.rangeOf = experiment.NeighbourRange
	default:
		return r, usagef("--range %q: give report or neighbours", name)
	}
	return r, nil
}

// search runs the stages of a search up to the last-th, in the folder sub of the
// run folder. Stages that are done already cost nothing.
func (s *session) search(rules searchRules, last int, sub string) (summary experiment.Summary, err error) {
	base := s.base
	base.BN, base.NoTest = true, true
	if summary, err = s.searchStage("coarse", sub, experiment.Search(base, experiment.CoarseLambdas(), rules.seeds)); err != nil {
		return summary, err
	}
	if last > 0 {
		low, high, err := rules.rangeOf(summary.Groups)
		if err != nil {
			return summary, noLambda(err, summary)
		}
		fine, err := s.searchStage("fine", sub, experiment.Search(base, experiment.FineLambdas(low, high, rules.points, base.Seed), rules.seeds))
		if err != nil {
			return summary, err
		}
		summary = summary.Join(fine)
	}
	best, err := experiment.BestLambda(summary.Groups)
	if err != nil {
		return summary, noLambda(err, summary)
	}
	if last > 1 {
		// Only now that λ is chosen is the test set read.
		base.NoTest = false
		final, err := s.searchStage("final", sub, experiment.Search(base, []float64{best.Lambda}, s.seeds))
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

// noLambda adds to an error what to try.
func noLambda(err error, s experiment.Summary) error {
	if advice := adviceFor(s.Experiment, s.Causes...); advice != "" {
		return fmt.Errorf("%w; %s", err, advice)
	}
	return err
}

// searchStage runs one stage in a folder of its own name.
func (s *session) searchStage(name, sub string, trials []experiment.Trial) (experiment.Summary, error) {
	s.say("search, %s stage: %s", name, message.Count(len(trials), "trial"))
	summary, err := s.stage("search", filepath.Join(sub, name), trials)
	return summary.InStage(name), err
}
