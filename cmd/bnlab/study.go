package main

import (
	"context"
	"os"
	"path/filepath"
	"time"

	"bnlab/cmd/internal/dataset"
	"bnlab/cmd/internal/question"
	"bnlab/cmd/internal/results"
	"bnlab/cmd/internal/runfolder"
	"bnlab/cmd/internal/shell"
	"bnlab/cmd/internal/sweep"
	"bnlab/train/answer"
	"bnlab/train/study"
)

type questionOptions struct {
	Vary     shell.Repeated `flag:"vary" arg:"FIELD=VALUES" help:"without a file: vary FIELD, as bn, ns=450,900 or eta-max=1e-3..1:log7; repeat it for more axes"`
	Contrast shell.Repeated `flag:"contrast" arg:"FIELD" help:"without a file: compare the values of FIELD, paired by seed"`
	Set      shell.Repeated `flag:"set" arg:"FIELD=VALUE" help:"set FIELD for all trials, over what the file says"`
	List     bool           `flag:"list" help:"list the studies that come with the program, with how long they take here"`
	Print    bool           `flag:"print" help:"print the study as a file, with --set and --seeds in it, and train nothing"`
	Schema   bool           `flag:"schema" help:"print the JSON schema of study files, for editors"`
	Resume   bool           `flag:"resume-paused" help:"train on the trials that the study's budget has paused, to their end"`
	Seeds    int            `flag:"seeds" min:"0" max:"100000" help:"seeds of each group, from 1 on; 0 for those of the file; of a search those of its final networks"`
	sweep.Trials
	dataset.Options
}

func studyCommand() *shell.Command {
	return shell.New(shell.Command{
		Name:      "study",
		Usage:     "ask any question: vary fields, compare the results",
		Arguments: "[FILE|NAME]",
		Description: `A study is a file in YAML or TOML that says which fields of a training vary, with how
many seeds, and what is compared, or over which field the best value is searched;
--vary says the same in few letters. --list lists the studies that come with the
program, whose names stand for their files. Differences are paired by seed and corrected
for how many there are. The trials are kept in --out, and the same study there again
trains only what is missing.

Examples:
  bnlab study --list
  bnlab study search --print
  bnlab study --vary bn --vary eta-max=1e-3..1:log7 --seeds 5 --contrast bn
  bnlab study --vary hidden=50/100/200 --set bn=true --seeds 3 --print > width.yaml
  bnlab study width.yaml --out runs/width`,
	}, questionOptions{Trials: sweep.DefaultTrials(), Options: dataset.Default()}, "", runStudy)
}

func runStudy(ctx context.Context, call *shell.Call, o questionOptions) error {
	switch {
	case o.Schema:
		return call.Write(study.Schema())
	case o.List:
		return call.Print(o.JSON, results.NewStudies())
	}
	if _, err := sweep.Fuse(call, o.Fuse, sweep.MaxFuse); err != nil { // before a file is read
		return err
	}
	s, err := o.study(call)
	if err != nil {
		return err
	}
	if o.Print {
		return call.Write(s.Text())
	}
	return o.answer(ctx, call, s)
}

// answer trains what is missing of the study and prints what came of it.
func (o questionOptions) answer(ctx context.Context, call *shell.Call, s *study.Study) error {
	base, err := s.Config()
	if err != nil {
		return err
	}
	lab, err := o.Lab(call, base, o.Options, true)
	if err != nil {
		return err
	}
	earlier, err := o.earlierResults(call, s)
	if err != nil {
		return err
	}
	lab.ResumePaused = o.Resume
	start := time.Now()
	experiments, err := runfolder.Answer(ctx, lab, s, "")
	if err != nil {
		return sweep.HowToGoOn(call, err)
	}
	against := ""
	if earlier != nil {
		against = earlier.Dir
		if err := earlier.Compare(experiments); err != nil {
			call.Note("NOTE: %v", err)
		}
	}
	r := results.NewStudy(s.Title, experiments)
	r.Against, r.WallSeconds = against, time.Since(start).Seconds()
	return sweep.PrintStudy(call, o.JSON, r, experiments)
}

// study returns the study: of the file or the name that is given, or what --vary stands
// for.
func (o questionOptions) study(call *shell.Call) (*study.Study, error) {
	if len(call.Args) == 0 {
		if len(o.Vary) == 0 {
			return nil, shell.Usagef("nothing to study: name a file or a study, or give --vary; see `bnlab study --help`")
		}
		return study.Question{Vary: o.Vary, Contrast: o.Contrast, Set: o.Set, Seeds: max(o.Seeds, 1)}.Study()
	}
	for _, flag := range []string{"vary", "contrast"} {
		if call.IsSet(flag) {
			return nil, call.Bad(flag, "goes without a file, which says what varies")
		}
	}
	s, err := question.Read(call)
	if err != nil {
		return nil, err
	}
	return s, s.Override(o.Set, o.Seeds)
}

// earlierResults returns those beside a study's file, if it lies in a run folder that is
// not the one to keep results in; nil for none.
func (o questionOptions) earlierResults(call *shell.Call, s *study.Study) (*answer.Earlier, error) {
	if len(call.Args) == 0 {
		return nil, nil
	}
	dir := filepath.Dir(call.Args[0])
	there, err := os.Stat(dir)
	if err != nil {
		return nil, nil // reading the file reports it
	}
	if here, err := os.Stat(o.Out); err == nil && os.SameFile(here, there) {
		return nil, nil
	}
	return answer.EarlierIn(s, dir, runfolder.Damaged(call))
}
