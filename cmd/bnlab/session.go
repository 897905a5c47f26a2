package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/urfave/cli/v2"

	"bnlab/train"
	"bnlab/train/disk"
	"bnlab/train/experiment"
	"bnlab/train/message"
)

// outFlags name the run folder.
func outFlags(value string) []cli.Flag {
	usage := "keep every finished trial in the run folder `DIR`; the same command again trains only what is missing"
	return []cli.Flag{textFlag("out", value, usage)}
}

// session is a command at work that trains many networks.
type session struct {
	ctx *cli.Context
	sweep
	data  *images // nil before open
	out   string  // run folder; empty to keep results in memory
	start time.Time
	sub   string // of the plan at hand, below the run folder

	reported bool // whether a report was written

	notice func(format string, args ...any) // nil before train
	broken broken
}

// broken counts the trials that an interruption finds in training, and those of them
// that have a checkpoint.
type broken struct {
	sync.Mutex
	trials, kept int
}

func (b *broken) add(unit []experiment.Trial, checkpoint string) {
	b.Lock()
	defer b.Unlock()
	b.trials += len(unit)
	if checkpoint != "" {
		b.kept += len(unit)
	}
}

// newSession reads the flags of a command that trains, the number of workers by
// workersOf, or that plans, by anyWorkers.
func newSession(ctx *cli.Context, workers func(*cli.Context) (int, error)) (*session, error) {
	if err := noArguments(ctx); err != nil {
		return nil, err
	}
	s, err := sweepOf(ctx, workers)
	if err != nil {
		return nil, err
	}
	if out := ctx.String("out"); out != "" {
		if err := canBeFolder("out", out); err != nil {
			return nil, err
		}
	}
	return &session{ctx: ctx, sweep: s, out: ctx.String("out"), start: time.Now()}, nil
}

// open reads the data, once: after all flags are found good, before the first
// plan.
func (s *session) open() (err error) {
	if s.data != nil {
		return nil
	}
	s.data, err = openData(s.ctx, s.base)
	return err
}

// trialsOf makes trials of the flags.
type trialsOf func(ctx *cli.Context, base train.Config, seeds int) ([]experiment.Trial, error)

// single is a command of one plan: it trains the trials and prints the summary.
func single(ctx *cli.Context, name string, make trialsOf) error {
	s, err := newSession(ctx, workersOf)
	if err != nil {
		return err
	}
	trials, err := make(ctx, s.base, s.seeds)
	if err != nil {
		return err
	}
	summary, err := s.stage(name, "", trials)
	if err != nil {
		return err
	}
	return s.finish(summary)
}

// stage trains the trials of one plan, in the folder sub of the run folder, and
// returns their summary.
func (s *session) stage(name, sub string, trials []experiment.Trial) (summary experiment.Summary, err error) {
	if err := s.open(); err != nil {
		return summary, err
	}
	plan := s.plan(name, trials)
	if err := plan.Check(); err != nil {
		return summary, err
	}
	if err := enoughMemoryFor(plan.Trials, s.workers); err != nil {
		return summary, err
	}
	runner := s.runner()
	if s.out != "" {
		if err := disk.NoLink(s.out, sub); err != nil {
			return summary, err
		}
		if runner.Folder, err = experiment.Create(filepath.Join(s.out, sub), plan); err != nil {
			return summary, err
		}
		plan = runner.Folder.Plan
	}
	s.sub = sub
	outcomes, err := s.train(runner, plan)
	if err != nil {
		return summary, err
	}
	return experiment.Summarize(plan, outcomes), nil
}

// plan returns the plan of the trials, parted into units for the workers.
func (s *session) plan(name string, trials []experiment.Trial) *experiment.Plan {
	plan := &experiment.Plan{Format: experiment.Format, Experiment: name, Dataset: s.data.dataset(), Program: programVersion(), Trials: trials}
	plan.Fuse(s.fuse, s.workers)
	return plan
}

func (s *session) runner() experiment.Runner {
	return experiment.Runner{
		Workers: s.workers, Cores: cores(), Data: s.data.data(), Program: programVersion(),
		Warn: s.warn, Interrupted: s.broken.add,
	}
}

// warn tells of a record or a checkpoint that is of no use.
func (s *session) warn(err error) {
	text := "WARNING: " + oneLine(err)
	var second *experiment.SecondError
	switch {
	case errors.As(err, new(*experiment.DamagedError)):
		text += "; set aside as result.json.bad, the trial is trained again"
	case errors.As(err, &second) && second.Equal:
		text = "NOTE: " + oneLine(err)
	}
	s.notice("%s", text)
}

// train runs the plan with its progress on stderr.
func (s *session) train(runner experiment.Runner, plan *experiment.Plan) ([]experiment.Outcome, error) {
	s.notice = noticeTo(s.ctx, nil)
	todo, err := runner.Todo(plan)
	if err != nil {
		return nil, err
	}
	if err := enoughMemoryFor(todo, s.workers); err != nil {
		return nil, err
	}
	progress := newProgress(s.ctx, todo)
	curves, err := newCurves(s.ctx, progress, func(t experiment.Trial) string { return filepath.Join(s.sub, t.ID) })
	if err != nil {
		progress.close()
		return nil, err
	}
	runner.Observer, s.notice = curves, noticeTo(s.ctx, progress)
	outcomes, err := runner.Run(s.ctx.Context, plan)
	progress.close()
	curves.close(s.ctx)
	if err != nil && s.ctx.Err() != nil {
		return nil, s.interrupted(outcomes)
	}
	return outcomes, err
}

// interrupted says what is kept and how to go on.
func (s *session) interrupted(outcomes []experiment.Outcome) error {
	done := 0
	for _, o := range outcomes {
		if o.Done() {
			done++
		}
	}
	if s.out == "" {
		return fmt.Errorf("%w after %d of %s; nothing is kept without --out", errInterrupted, done, message.Count(len(outcomes), "trial"))
	}
	if _, err := os.Stat(s.out); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%w; nothing is kept: %s has gone", errInterrupted, s.out)
	}
	training := ""
	if s.broken.trials > 0 {
		training = fmt.Sprintf(", and checkpoints of %d of %d in training", s.broken.kept, s.broken.trials)
	}
	return fmt.Errorf("%w; %d of %d trials of this stage are kept in %s%s; to go on: %s",
		errInterrupted, done, len(outcomes), s.out, training, again(s.ctx))
}

// say writes a line to stderr unless --quiet.
func (s *session) say(format string, args ...any) {
	if !s.ctx.Bool("quiet") {
		note(s.ctx, format, args...)
	}
}

// errInterrupted is wrapped by the error of a command that a signal stopped.
var errInterrupted = errors.New("interrupted")

// finish prints the summary of all stages.
func (s *session) finish(summary experiment.Summary) error {
	summary.WallSeconds = time.Since(s.start).Seconds()
	if !s.reported { // which tells them too
		warn(s.ctx, summary.Warnings)
	}
	if s.ctx.Bool("json") {
		if err := printJSON(s.ctx.App.Writer, summary); err != nil {
			return err
		}
		return summary.Err()
	}
	printSummary(s.ctx.App.Writer, s.data.title(), summary)
	return summary.Err()
}
