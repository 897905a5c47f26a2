package main

import (
	"context"
	"errors"
	"slices"

	"bnlab/cmd/internal/shell"
	"bnlab/train/answer"
	"bnlab/train/experiment"
	"bnlab/train/message"
	"bnlab/train/study"
)

// searchRules are the settings of a search.
type searchRules struct {
	Points      int    `flag:"points" min:"1" max:"100000" help:"values of λ in the fine stage"`
	Range       string `flag:"range" values:"report,neighbours" help:"range of the fine stage"`
	SearchSeeds int    `flag:"search-seeds" min:"1" max:"100000" help:"trials per λ in the coarse and fine stages"`
}

// ranges are the ranges of the fine stage, by what the flag calls them.
var ranges = map[string]string{"report": "best-worst", "neighbours": "neighbours"}

func defaultRules() searchRules {
	r := searchRules{Range: "report", SearchSeeds: 1}
	builtInValue("search", "search.fine.draw", &r.Points)
	return r
}

// changes returns what the flags change of a search whose final networks have that many
// seeds, and all its seeds begin with that of the configuration.
func (r searchRules) changes(experiment string, first uint64, seeds int) []study.Change {
	var changes []study.Change
	for path, value := range map[string]any{
		"seeds":               study.SeedsFrom(first, r.SearchSeeds).Value(),
		"search.fine.draw":    r.Points,
		"search.fine.between": ranges[r.Range],
		"search.final.seeds":  study.SeedsFrom(first, seeds).Value(),
	} {
		changes = append(changes, study.Change{Experiment: experiment, Path: path, Value: value})
	}
	return changes
}

type searchOptions struct {
	Stage string `flag:"stage" values:"coarse,fine,final,all" help:"stage to run; it needs the earlier stages in --out"`
	searchRules
	studyOptions
}

func searchCommand() *shell.Command {
	return shell.New(shell.Command{
		Name:  "search",
		Usage: "search for the best λ: coarse grid, fine search, final networks",
		Description: `Experiment 4 of the study: 3-layer networks with batch normalisation. The coarse
stage tries λ = 10^-5, 10^-4.5, … 10^-1.5. The fine stage draws values, uniform in
log λ, between the coarse λ with the best and the one with the worst validation
accuracy (--range neighbours: between the neighbours of the best one). The final
stage trains --seeds networks with the λ of the best validation accuracy. Only these
use the test set.

Examples:
  bnlab search --seeds 3 --out runs/search
  bnlab search --stage coarse
  bnlab search --range neighbours --points 50 --search-seeds 2`,
	}, searchOptions{"all", defaultRules(), defaultStudy("search")}, "hidden bn lambda", search)
}

func search(ctx context.Context, call *shell.Call, o searchOptions) error {
	s, err := ask("search", o.Config, o.Seeds, o.changes("search", o.Seed, o.Seeds))
	if err != nil {
		return err
	}
	e, last := &s.Experiments[0], o.Stage
	if last == "all" {
		last = study.Finals
	} else if last != study.Coarse {
		if o.Out == "" {
			return call.Bad("stage", "name the folder of the earlier stages with --out")
		}
		if err := stageCanBegin(s, o.Out, last); err != nil {
			return err
		}
	}
	lab, err := o.open(call, true)
	if err != nil {
		return err
	}
	return o.finish(call, func() (experiment.Summary, error) {
		r, err := answer.TrainTo(ctx, lab, s, e, last)
		return r.Summary, err
	})
}

// stageCanBegin returns an error if a stage before the last one is not complete.
func stageCanBegin(s *study.Study, dir, last string) error {
	parts := answer.Parts(s, dir)
	at := slices.IndexFunc(parts, func(p answer.Part) bool { return p.Stage == last })
	_, err := parts[at].Before()
	if early := (*answer.EarlyError)(nil); errors.As(err, &early) {
		return message.Fieldf("{stage} %s: it needs the %s stage, but %s; run {stage} %[2]s, or {stage} all", last, early.Needs, early.Missing)
	}
	return err
}
