package experiment

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"bnlab/train"
	"bnlab/train/atomicfile"
	"bnlab/train/message"
)

// Lab trains plans on one data set, and keeps their results in one run folder.
type Lab struct {
	Data         Data
	Dataset      Dataset
	Dim, Classes int // values per image, and number of classes

	Program string // version, for the records
	Dir     string // run folder, created if missing; empty to keep results in memory

	Workers int // units trained at once
	Fuse    int // trials that train side by side, at most

	ResumePaused bool // train on what a budget has paused

	// Watch returns the observer of a run that is about to train the trials todo, in
	// the folder sub of the run folder, and a function to call when it is over.
	Watch func(todo []Trial, sub string) (Observer, func(), error)
	// Say reports in one line what begins.
	Say func(format string, args ...any)
	// Warn receives errors about unusable records and checkpoints, and SecondErrors.
	Warn func(error)
	// Metadata returns what is written into a saved network, if a plan has networks kept.
	Metadata func(train.Config, train.Result) (map[string]string, error)
	// Room returns an error if so many bytes of memory are not free; nil to skip the
	// check.
	Room func(bytes float64) error
}

// TrainImages returns the number of training images.
func (l *Lab) TrainImages() int { return l.Data.F32().Train.Len() }

// Interrupted is the error of a run whose context has ended. It wraps context.Canceled.
type Interrupted struct {
	Done, Trials   int    // trials of the plan with a result, and all
	Training, Kept int    // trials in training, and how many of them have a checkpoint
	Dir            string // run folder; empty if results were kept in memory
	Gone           bool   // the run folder no longer exists
}

func (e *Interrupted) Error() string {
	return fmt.Sprintf("interrupted after %d of %d trials", e.Done, e.Trials)
}

func (e *Interrupted) Unwrap() error { return context.Canceled }

// Plan returns the plan of the trials, checked and split into units for the workers.
func (l *Lab) Plan(experiment string, trials []Trial) (*Plan, error) {
	plan := &Plan{Format: Format, Experiment: experiment, Dataset: l.Dataset, Program: l.Program, Trials: trials}
	plan.Fuse(l.Fuse, l.Workers)
	return plan, plan.Check()
}

// Run trains the trials of one plan, in the folder sub of the run folder, and returns
// their summary. Trials with a result there are not trained again. If ctx ends, the
// error is an Interrupted.
func (l *Lab) Run(ctx context.Context, experiment, sub string, trials []Trial) (Summary, error) {
	plan, err := l.Plan(experiment, trials)
	if err != nil {
		return Summary{}, err
	}
	plan, outcomes, err := l.Outcomes(ctx, plan, sub)
	return Summarize(plan, outcomes), err
}

// Outcomes trains the trials of a plan as Run does, and returns their outcomes in the
// plan's order, and the plan with the units in which they train, those of the folder.
// Trials of the folder that the plan does not ask for are left alone, but for those in
// the unit of one that is missing.
func (l *Lab) Outcomes(ctx context.Context, plan *Plan, sub string) (*Plan, []Outcome, error) {
	folder, err := l.Create(plan, sub)
	if err != nil {
		return plan, nil, err
	}
	if folder == nil {
		outcomes, err := l.train(ctx, Runner{}, plan, nil, sub)
		return plan, outcomes, err
	}
	asked, places := folder.Plan.Select(plan)
	if more := len(folder.Plan.Trials) - len(places); more > 0 {
		l.Say("%s holds %s that are not asked for; `bnlab sweep collect` and `bnlab report` show all", folder.Dir, message.Count(more, "more trial"))
	}
	units := map[int]bool{}
	for _, t := range asked.Trials {
		units[t.Unit] = true
	}
	only := func(unit []Trial) bool { return units[unit[0].Unit] || plan.Budget != nil } // whose rungs wait for all
	outcomes, err := l.train(ctx, Runner{Folder: folder, Only: only}, folder.Plan, places, sub)
	return asked, outcomes, err
}

// Create is Grow if there is memory to train the trials of the plan; nil without a run
// folder.
func (l *Lab) Create(plan *Plan, sub string) (*Folder, error) {
	if err := plan.checkKept(l.Dir); err != nil {
		return nil, err
	}
	if err := l.room(plan.Trials); err != nil || l.Dir == "" {
		return nil, err
	}
	return l.Grow(plan, sub)
}

// Grow returns the folder sub of the run folder, whose plan holds the given one, as the
// function Grow does. Trials that are new are fused among themselves.
func (l *Lab) Grow(plan *Plan, sub string) (*Folder, error) {
	if err := plan.checkKept(l.Dir); err != nil {
		return nil, err
	}
	if err := atomicfile.NoLink(l.Dir, sub); err != nil {
		return nil, err
	}
	return Grow(filepath.Join(l.Dir, sub), plan, func(added *Plan) { added.Fuse(l.Fuse, l.Workers) })
}

// Finish trains the missing trials of the plan in a folder, in the units that only
// selects, and returns the outcomes of all trials.
func (l *Lab) Finish(ctx context.Context, folder *Folder, only func([]Trial) bool) ([]Outcome, error) {
	return l.train(ctx, Runner{Folder: folder, Only: only}, folder.Plan, nil, "")
}

// train runs the plan with Watch's observer, saves networks if the plan has them kept, and
// returns the outcomes of the trials asked for, by their places in the plan, nil for all.
func (l *Lab) train(ctx context.Context, r Runner, plan *Plan, asked []int, sub string) ([]Outcome, error) {
	if plan.Keep == KeepModels {
		r.Metadata = l.Metadata
	}
	i := &interruption{}
	r.Workers, r.Data, r.Program = l.Workers, l.Data, l.Program
	r.Warn, r.Interrupted, r.ResumePaused = l.Warn, i.add, l.ResumePaused
	r.Decided = func(epochs, on, groups int) {
		l.Say("after %s: %d of %s go on", message.Count(epochs, "epoch"), on, message.Count(groups, "group"))
	}
	r.Waits = func(epochs, trials int) {
		l.Say("waiting: %s of other shards or processes have not trained for %s, after which it is decided who goes on; then run this again",
			message.Count(trials, "trial"), message.Count(epochs, "epoch"))
	}
	over := func() {}
	r.Begin = func(todo []Trial) (observer Observer, err error) {
		if err := l.room(todo); err != nil {
			return nil, err
		}
		observer, end, err := l.Watch(todo, sub)
		if err == nil {
			over = end
		}
		return observer, err
	}
	outcomes, err := r.Run(ctx, plan)
	over()
	if asked != nil && outcomes != nil {
		outcomes = outcomesOf(asked, outcomes)
	}
	if err != nil && ctx.Err() != nil {
		return nil, i.error(outcomes, l.Dir)
	}
	return outcomes, err
}

// room returns an error if workers that train the units of the trials, the largest
// possibly at the same time, need more memory than is free.
func (l *Lab) room(trials []Trial) error {
	if l.Room == nil {
		return nil
	}
	units := map[int][]train.Config{}
	for _, t := range trials {
		units[t.Unit] = append(units[t.Unit], t.Config)
	}
	var sizes []float64
	for _, configs := range units {
		sizes = append(sizes, train.Bytes(configs, l.Dim, l.Classes))
	}
	slices.Sort(sizes)
	sum := 0.0
	for _, size := range sizes[max(0, len(sizes)-l.Workers):] {
		sum += size
	}
	return l.Room(sum)
}

// interruption counts the trials in training at an interruption, and those of them with
// a checkpoint.
type interruption struct {
	sync.Mutex
	trials, kept int
}

func (i *interruption) add(unit []Trial, checkpoint string) {
	i.Lock()
	defer i.Unlock()
	i.trials += len(unit)
	if checkpoint != "" {
		i.kept += len(unit)
	}
}

func (i *interruption) error(outcomes []Outcome, dir string) error {
	e := &Interrupted{Trials: len(outcomes), Training: i.trials, Kept: i.kept, Dir: dir}
	for _, o := range outcomes {
		if o.Done() {
			e.Done++
		}
	}
	if dir != "" {
		_, err := os.Stat(dir)
		e.Gone = errors.Is(err, fs.ErrNotExist)
	}
	return e
}
