package experiment

import (
	"context"
	"errors"
	"slices"
	"sync"

	"bnlab/blas"
	"bnlab/train"
)

// Data supplies the data set in either precision. Several goroutines may call both
// at once.
type Data struct {
	F32 func() train.Data[float32]
	F64 func() train.Data[float64]
}

// ahead returns the same data, with prefetched mini-batches.
func (d Data) ahead() Data {
	return Data{
		F32: func() train.Data[float32] { data := d.F32(); data.Prefetch = true; return data },
		F64: func() train.Data[float64] { data := d.F64(); data.Prefetch = true; return data },
	}
}

// Observer observes a run. Its methods are called by several goroutines at once.
type Observer interface {
	Start(trials []Trial)               // a unit begins to train
	Progress(trials []Trial, steps int) // a unit has done as many updates
	Point(trial Trial, p train.Point)   // a trial was evaluated
	Done(outcomes []Outcome)            // a unit has ended, here or in another process
	Reached(trials []Trial)             // a unit has come to a rung of a budget, here or in another process
	Paused(trials []Trial)              // a budget has stopped trials
	Taken(trials []Trial)               // a unit that began is trained by another process
	Waiting(claims []Claim)             // a worker waits for other processes; called at each look at them
}

// Silent is an observer that does nothing.
type Silent struct{}

func (Silent) Start([]Trial)            {}
func (Silent) Progress([]Trial, int)    {}
func (Silent) Point(Trial, train.Point) {}
func (Silent) Done([]Outcome)           {}
func (Silent) Reached([]Trial)          {}
func (Silent) Paused([]Trial)           {}
func (Silent) Taken([]Trial)            {}
func (Silent) Waiting([]Claim)          {}

// Runner trains the trials of a plan.
type Runner struct {
	Workers  int // units trained at once
	Data     Data
	Observer Observer
	Program  string // version, for the records

	Folder *Folder            // where records are read and written; nil to keep them in memory
	Only   func([]Trial) bool // units to train, by their trials; nil for all
	Warn   func(error)        // called, by several goroutines at once, for records and checkpoints that were set aside, with a SecondError and a TakenError

	// Metadata, if not nil, returns what is written into the saved network of a trial; it has
	// networks saved in the folder.
	Metadata func(train.Config, train.Result) (map[string]string, error)

	// Begin, if not nil, is called once before training, with the trials to train. It
	// returns the observer, or an error, which ends the run.
	Begin func(todo []Trial) (Observer, error)

	// Interrupted, if not nil, is called for each unit that was training when the run
	// was interrupted, with the checkpoint it will resume from; empty for none.
	Interrupted func(unit []Trial, checkpoint string)

	ResumePaused bool // train on what the plan's budget has paused
	// Decided, if not nil, is called when a rung of the budget, in epochs, is decided that
	// this run has trained for, with how many of the groups go on; Waits when the run ends
	// at a rung that so many trials have not reached, which others are to train.
	Decided func(epochs, on, groups int)
	Waits   func(epochs, trials int)

	stop   context.CancelCauseFunc // ends the run
	failed map[int]Origin          // of the trials, by their places in the plan, that had failed before the run
	leg    leg                     // on which it trains
	states *sync.Map               // train.State by a trial's ID, where no folder keeps them
}

// Run trains the trials of the plan that have no record yet and returns the outcomes of
// all trials in the plan's order, whichever process trained them: units that others train
// in the folder are waited for, and taken over if their process dies. Untrained trials are
// not Done, and curves in the folder are not read into memory. A trial that fails does
// not stop the others. If ctx ends, Run stops at once, keeps finished trials and the
// last epochs of unfinished ones, and returns the error of ctx. It also stops if a
// record cannot be written, or an existing checkpoint cannot be read, and returns that
// error.
func (r Runner) Run(ctx context.Context, plan *Plan) ([]Outcome, error) {
	outcomes := make([]Outcome, len(plan.Trials))
	if err := r.load(plan, outcomes); err != nil {
		return nil, err
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	r.stop = stop
	if err := r.goLegs(ctx, plan, outcomes); err != nil {
		return nil, err
	}
	return outcomes, context.Cause(ctx)
}

// begin calls Begin for the observer.
func (r *Runner) begin(plan *Plan, units [][]int) (err error) {
	if r.Begin == nil {
		return nil
	}
	var todo []Trial
	for _, unit := range units {
		todo = append(todo, trialsOf(plan, unit)...)
	}
	r.Observer, err = r.Begin(todo)
	return err
}

// work settles units until there are no more or the run has ended. While one trains, the
// outcomes of the one before are written.
func (r Runner) work(ctx context.Context, plan *Plan, p *pool, outcomes []Outcome) {
	waiting := func(busy []*pendingUnit) { r.Observer.Waiting(claimsOf(plan, busy)) }
	var writing sync.WaitGroup
	defer writing.Wait()
	for {
		u := p.take(ctx, waiting)
		if u == nil {
			return
		}
		settled, err := r.settle(ctx, plan, u, outcomes)
		switch {
		case err != nil:
			r.stop(err)
		case !settled:
			p.putBack(u)
		case u.keep != nil:
			writing.Wait()
			writing.Go(func() {
				defer u.held.Release()
				if err := u.keep(); err != nil {
					r.stop(err)
				}
			})
		}
	}
}

// coresToSpare reports whether workers without a unit leave a core to each that has one.
// Cores without a worker are not counted: they may belong to other processes, and a
// gatherer that waits for its turn there costs more than it saves.
func (r Runner) coresToSpare(units int) bool {
	threads := max(1, blas.Current().Threads) // which 0 stands for where none are told
	return min(r.Workers, units)*(threads+1) <= r.Workers*threads
}

// load fills in what is in the folder. A failed trial is tried again.
func (r *Runner) load(plan *Plan, outcomes []Outcome) error {
	failed := map[int]Origin{}
	for i := range outcomes {
		if err := r.refresh(plan, i, outcomes); err != nil {
			return err
		}
		if o := &outcomes[i]; o.Error != "" {
			failed[i], *o = o.Origin, Outcome{Rungs: o.Rungs}
		}
	}
	r.failed = failed
	return nil
}

// refresh fills in what any process has made of trial i since this one looked.
func (r Runner) refresh(plan *Plan, i int, outcomes []Outcome) error {
	if r.Folder == nil {
		return nil
	}
	t := plan.Trials[i]
	if !outcomes[i].Done() {
		record, found, err := r.Folder.Load(t)
		switch {
		case errors.As(err, new(*DamagedError)):
			r.Warn(err)
		case err != nil:
			return err
		case found && (record.Error == "" || record.Origin != r.failed[i]):
			outcomes[i] = record.withoutCurve()
		}
	}
	rungs, err := r.Folder.rungs(t, true, r.Warn)
	outcomes[i].fill(rungs)
	return err
}

// pending returns the units to train: the requested ones with a missing trial.
func (r Runner) pending(plan *Plan, outcomes []Outcome) [][]int {
	return slices.DeleteFunc(slices.Clone(r.leg.units), func(unit []int) bool {
		return !r.leg.missing(unit, outcomes) || r.Only != nil && !r.Only(trialsOf(plan, unit))
	})
}
