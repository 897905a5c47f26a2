package experiment

import (
	"context"
	"slices"
	"sync"
)

// fill fills in what a trial has reached under a budget. That it has diverged counts only
// with the record that says so.
func (o *Outcome) fill(rungs []Rung) {
	o.Rungs = slices.DeleteFunc(rungs, func(r Rung) bool { return r.Diverged && !o.Done() })
}

// reached reports whether a trial is where its unit goes on this leg.
func (l leg) reached(o Outcome) bool {
	if l.to == 0 {
		return o.Done()
	}
	return o.at(l.to) != nil
}

// missing reports whether a trial of the unit has not come to the end of the leg.
func (l leg) missing(unit []int, outcomes []Outcome) bool {
	return slices.ContainsFunc(unit, func(i int) bool { return !l.reached(outcomes[i]) })
}

// lacking returns how many trials have not come to the end of the leg, nor failed.
func (l leg) lacking(outcomes []Outcome) (n int) {
	for _, unit := range l.units {
		for _, i := range unit {
			if !l.reached(outcomes[i]) && outcomes[i].Error == "" {
				n++
			}
		}
	}
	return n
}

// underWay returns the units that may be in training: those with a trial that is not at
// the end of its leg, resumed ones too.
func (p *Plan) underWay(outcomes []Outcome) (units [][]int) {
	for _, l := range p.legs(outcomes, true) {
		for _, unit := range l.units {
			if l.missing(unit, outcomes) {
				units = append(units, unit)
			}
		}
	}
	return units
}

// goLegs brings the trials of the plan along its legs, as far as they are decided.
func (r Runner) goLegs(ctx context.Context, plan *Plan, outcomes []Outcome) error {
	data, begin := r.Data, r.begin
	r.states = &sync.Map{}
	legs := plan.legs(outcomes, r.ResumePaused)
	for n := 0; n < len(legs) && ctx.Err() == nil; n++ {
		r.leg = legs[n]
		r.removeOldCheckpoints(plan, outcomes)
		units := r.pending(plan, outcomes)
		if len(units) == 0 && (n+1 < len(legs) || begin == nil) {
			r.removePassed(plan, legs[n+1:])
			continue
		}
		if begin != nil { // once
			if err := begin(plan, units); err != nil {
				return err
			}
			begin = nil
		}
		if r.Data = data; r.coresToSpare(len(units)) {
			r.Data = data.ahead()
		}
		r.trainUnits(ctx, plan, units, outcomes)
		var err error
		if legs, err = r.decide(plan, n, outcomes); err != nil {
			return err
		}
	}
	if n := r.leg.lacking(outcomes); r.leg.to > 0 && n > 0 && ctx.Err() == nil && r.Waits != nil {
		r.Waits(r.leg.to, n)
	}
	return nil
}

// removePassed removes the checkpoints of units at the end of the leg, which a process has
// left that was killed there, but for those of units that go on as they are.
func (r Runner) removePassed(plan *Plan, later []leg) {
	if r.Folder == nil || len(later) == 0 || r.leg.to == 0 {
		return
	}
	for _, unit := range r.leg.units {
		goesOn := slices.ContainsFunc(later, func(l leg) bool {
			return slices.ContainsFunc(l.units, func(other []int) bool { return slices.Equal(unit, other) })
		})
		if trials := trialsOf(plan, unit); !goesOn {
			r.warn(r.Folder.checkpoints(trials).Remove(r.training(plan, trials)))
		}
	}
}

// trainUnits brings units to the end of the leg.
func (r Runner) trainUnits(ctx context.Context, plan *Plan, units [][]int, outcomes []Outcome) {
	p := &pool{free: units}
	var workers sync.WaitGroup
	for range r.Workers {
		workers.Go(func() { r.work(ctx, plan, p, outcomes) })
	}
	watched, end := context.WithCancel(ctx)
	var watching sync.WaitGroup
	watching.Go(func() { p.watch(watched) })
	workers.Wait()
	end()
	watching.Wait()
}

// tellReached tells the observer that a unit has come to a rung, and that those of its
// trials that have diverged go no further.
func (r Runner) tellReached(trials []Trial, outcomes []Outcome) {
	r.Observer.Reached(trials)
	for _, o := range outcomes {
		if o.Done() && o.Result.Diverged {
			r.Observer.Done([]Outcome{o})
		}
	}
}

// decide finds out what other processes have done during leg n and who goes on. It
// returns the legs that are known now.
func (r Runner) decide(plan *Plan, n int, outcomes []Outcome) ([]leg, error) {
	if plan.Budget == nil {
		return []leg{r.leg}, nil
	}
	for i := range outcomes {
		if err := r.refresh(plan, i, outcomes); err != nil {
			return nil, err
		}
	}
	legs := plan.legs(outcomes, r.ResumePaused)
	if r.leg.to == 0 || len(legs) == n+1 {
		return legs, nil
	}
	var paused []Trial
	for i, t := range plan.Trials {
		if p := outcomes[i].Paused; p != nil && p.Epochs == r.leg.to {
			paused = append(paused, t)
			if !r.ResumePaused {
				r.states.Delete(t.ID)
			}
		}
	}
	if !r.ResumePaused {
		r.Observer.Paused(paused)
	}
	if r.Decided != nil {
		r.Decided(r.leg.to, legs[n+1].groups, r.leg.groups)
	}
	return legs, nil
}

// keepRungs keeps what the trials of a unit have reached at the end of a leg: first the
// states to go on from, then the numbers to decide by, which mean that all is there.
func (r Runner) keepRungs(plan *Plan, unit []int, rec *recorder, origin Origin, outcomes []Outcome) error {
	for j, p := range rec.paused {
		o := &outcomes[unit[j]]
		if r.leg.reached(*o) {
			continue
		}
		rung := Rung{Epochs: r.leg.to, Steps: p.Result.Steps, ValAcc: p.ValAcc, Diverged: p.Result.Diverged, Mixed: p.Result.Mixed,
			TrainSeconds: p.Result.TrainSeconds, EvalSeconds: p.Result.EvalSeconds}
		if below := o.at(r.leg.from); below != nil {
			rung.Mixed = rung.Mixed || below.Mixed
		}
		if rung.Diverged {
			r.removeState(rec.trials[j])
		} else if err := r.keepState(plan, rec.trials[j], p.State); err != nil {
			return err
		}
		if r.Folder != nil {
			var err error
			if rung, err = r.Folder.keepRung(rungRecord{Origin: origin, Trial: rec.trials[j], Rung: rung}); err != nil {
				return err
			}
		}
		o.Rungs = append(o.Rungs, rung)
		slices.SortFunc(o.Rungs, func(a, b Rung) int { return a.Epochs - b.Epochs })
	}
	return nil
}
