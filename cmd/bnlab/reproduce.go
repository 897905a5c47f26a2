package main

import (
	"path/filepath"

	"github.com/urfave/cli/v2"

	"bnlab/train"
	"bnlab/train/experiment"
	"bnlab/train/message"
	"bnlab/train/report"
)

func reproduceCommand() *cli.Command {
	return &cli.Command{
		Name:  "reproduce",
		Usage: "repeat the whole study and report it",
		Description: `Experiments 1 to 5 of the study: the gradient check, then compare, search and
sigma, each in a folder of its own below --out, then the report with the study's
figures beside ours. What is in the folder already is not done again.

Examples:
  bnlab reproduce --seeds 3
  bnlab reproduce --seeds 5 --out runs/five --json > five.json
  bnlab reproduce --seeds 2 --ns 45 --sigma-ns 18 --points 5 --out runs/quick    a quick look`,
		Flags: flags(compareFlags(), searchFlags(), sigmaFlags()[:1], []cli.Flag{
			intFlag("sigma-ns", sigmaNS, "steps of half a cycle in the sweep over σ"),
		}, sweepFlags(), outFlags("runs/reproduce"), without(hyperFlags(train.Default()), "init", "sigma"), dataFlags()),
		Action: reproduceAction,
	}
}

func reproduceAction(ctx *cli.Context) error {
	s, err := newSession(ctx, workersOf)
	if err != nil {
		return err
	}
	if s.out == "" {
		return usagef("--out: name the folder for the study")
	}
	trials, err := compareTrials(ctx, s.base, s.seeds)
	if err != nil {
		return err
	}
	sigmaBase := s.base
	sigmaBase.NS = ctx.Int("sigma-ns")
	sigmaBase.Evals = min(sigmaBase.Evals, 2*max(sigmaBase.NS, 1))
	sigmas, err := sigmaTrials(ctx, sigmaBase, s.seeds)
	if err != nil {
		return err
	}
	rules, err := rulesOf(ctx)
	if err != nil {
		return err
	}
	place := filepath.Join(s.out, "report")
	if err := report.CheckPlace(place, []string{s.out}, append(dataFiles(ctx), ctx.String("config"))...); err != nil {
		return err
	}
	if err := s.open(); err != nil {
		return err
	}
	// The last flags to be used shall not be the last to be found wrong.
	if err := s.plan("sigma", sigmas).Check(); err != nil {
		return err
	}
	if err := s.checkGradients(); err != nil {
		return err
	}
	summary := experiment.Summary{Experiment: "reproduce", Dataset: s.data.dataset()}
	for _, stage := range []struct {
		name string
		run  func() (experiment.Summary, error)
	}{
		{"compare", func() (experiment.Summary, error) { return s.plainStage("compare", trials) }},
		{"search", func() (experiment.Summary, error) { return s.search(rules, len(stages)-1, "search") }},
		{"sigma", func() (experiment.Summary, error) { return s.plainStage("sigma", sigmas) }},
	} {
		part, err := stage.run()
		if err != nil {
			return err
		}
		summary = summary.Join(part)
	}
	study, err := writeReport(ctx, []string{s.out}, place)
	if err != nil {
		return err
	}
	s.reported = true
	if err := s.finish(summary); err != nil || ctx.Bool("json") {
		return err
	}
	return printClaims(ctx, study)
}

// plainStage runs the trials of one plan in a folder of its own name.
func (s *session) plainStage(name string, trials []experiment.Trial) (experiment.Summary, error) {
	s.say("%s: %s", name, message.Count(len(trials), "trial"))
	return s.stage(name, name, trials)
}
