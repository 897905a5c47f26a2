package experiment

import (
	"context"
	"fmt"
	"io"
	"runtime/debug"

	"bnlab/blas"
	"bnlab/train"
	"bnlab/train/checkpoint"
	"bnlab/train/claim"
)

// train trains the trials of one unit side by side, all of them even if some are done:
// on some kernels the bits of a result depend on its neighbours. It leaves with u what
// keeps the outcomes. If the claim is lost, the error is errTaken, and nothing is kept.
func (r Runner) train(ctx context.Context, plan *Plan, u *pendingUnit, outcomes []Outcome) error {
	rec := &recorder{trials: trialsOf(plan, u.unit), observer: r.Observer, held: u.held, curves: make([][]train.Point, len(u.unit))}
	rec.live = r.Folder.liveCurves(rec.trials, u.held)
	if r.Metadata != nil && r.Folder != nil {
		rec.snapshot = r.saveSnapshot
	}
	defer rec.live.close()
	if r.leg.from > 0 {
		for _, i := range u.unit {
			rec.below = append(rec.below, *outcomes[i].at(r.leg.from))
		}
	}
	r.Observer.Start(rec.trials)
	origin := StartNow(r.Program, plan.Dataset, rec.trials[0].Config.Precision)
	results, failure := r.resume(ctx, plan, rec)
	origin.EndNow()
	if context.Cause(ctx) == errTaken || !u.held.Mine() {
		r.Observer.Taken(rec.trials)
		return errTaken
	}
	if failure != nil && ctx.Err() != nil {
		return nil // interrupted, not failed
	}
	if r.Metadata == nil {
		rec.network = nil // makes room for those of the next unit
	}
	u.keep = func() error {
		return r.keep(plan, u.unit, rec, origin, rec.outcomes(origin, results, failure), outcomes)
	}
	return nil
}

// resume trains the trials of a unit, from their checkpoint in the folder, if any. If
// checkpoints cannot be accessed it ends the run. A failed unit keeps no checkpoint, so
// the next run starts it anew.
func (r Runner) resume(ctx context.Context, plan *Plan, rec *recorder) ([]train.Result, error) {
	of := r.training(plan, rec.trials)
	if r.Folder == nil {
		return r.fit(ctx, of.Trials, rec, r.from(plan, rec, train.Discard))
	}
	place := r.Folder.checkpoints(rec.trials)
	store := checkpoint.Open(place, of, false, checkpoint.Callbacks{Warn: r.Warn, Stop: r.stop})
	results, err := r.fit(ctx, of.Trials, rec, r.from(plan, rec, guarded{store, rec.held}))
	store.Close()
	switch {
	case err == nil || context.Cause(ctx) == errTaken:
	case ctx.Err() == nil:
		r.warn(place.Remove(of))
	case r.Interrupted != nil:
		r.Interrupted(rec.trials, store.Last())
	}
	return results, err
}

// fit trains in the precision of the configurations. A panic becomes an error with its
// stack, so that it fails one unit and not the run.
func (r Runner) fit(ctx context.Context, configs []train.Config, rec *recorder, keep train.Checkpointer) (results []train.Result, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %.10000s\n%.100000s", fmt.Sprint(p), debug.Stack()) // as much as fits into maxRecord, even escaped
		}
	}()
	err = train.Choose(configs[0].Precision,
		func() (err error) { results, err = fitIn(ctx, r.leg, configs, r.Data.F32(), rec, keep); return err },
		func() (err error) { results, err = fitIn(ctx, r.leg, configs, r.Data.F64(), rec, keep); return err })
	return results, err
}

// fitIn trains in precision T up to the end of the leg, and leaves with the recorder what
// is to be kept: the networks, or what they have reached.
func fitIn[T blas.Float](ctx context.Context, l leg, configs []train.Config, data train.Data[T], rec *recorder, keep train.Checkpointer) (results []train.Result, err error) {
	if l.to > 0 {
		rec.paused, err = train.Pause(ctx, configs, data, rec, keep, l.to)
		for _, p := range rec.paused {
			results = append(results, p.Result)
		}
		return results, err
	}
	results, fitted, err := train.Resume(ctx, configs, data, rec, keep)
	rec.network = func(j int, w io.Writer, metadata map[string]string) error {
		return fitted.Network.Save(w, fitted.Net(j), metadata)
	}
	return results, err
}

// recorder keeps the curves of a unit and forwards everything.
type recorder struct {
	trials   []Trial
	observer Observer
	held     *claim.Held
	curves   [][]train.Point
	live     *liveCurves
	network  func(j int, w io.Writer, metadata map[string]string) error // writes that of trial j, once trained
	snapshot func(Trial, train.Snapshot) error                          // nil to keep none

	below  []Rung         // from which the trials go on; nil from the start
	paused []train.Paused // what they have reached at the next
}

func (r *recorder) Progress(steps int) {
	r.held.Progress(steps)
	r.observer.Progress(r.trials, steps)
}

func (r *recorder) Point(trial int, p train.Point) {
	r.curves[trial] = append(r.curves[trial], p)
	r.live.add(trial, p)
	r.observer.Point(r.trials[trial], p)
}

func (r *recorder) Snapshot(s train.Snapshot) error {
	if r.snapshot == nil || !r.held.Mine() {
		return nil
	}
	return r.snapshot(r.trials[s.Trial], s)
}

// outcomes returns the outcomes of the trials, as on disk.
func (r *recorder) outcomes(origin Origin, results []train.Result, failure error) []Outcome {
	all := make([]Outcome, len(r.trials))
	for j := range all {
		o := Outcome{Origin: origin, Trial: r.trials[j], Curve: r.curves[j]}
		if failure != nil {
			o.Error = failure.Error()
		} else if o.Result = results[j]; o.Result.Mixed || r.below != nil && r.below[j].Mixed {
			o.Origin, o.Result.Mixed = origin.mix(), false
		}
		all[j] = o
	}
	return all
}
