package experiment

// keep keeps what the trials of a unit have come to, and then removes the checkpoints. On a
// disk it takes milliseconds a trial, most of them waiting: it runs while the next unit
// trains.
func (r Runner) keep(plan *Plan, unit []int, rec *recorder, origin Origin, done, outcomes []Outcome) error {
	if err := r.saveMissing(unit, rec, done, outcomes); err != nil {
		return err
	}
	failed := done[0].Error != "" // they do so together
	if !failed {
		if err := r.keepRungs(plan, unit, rec, origin, outcomes); err != nil {
			return err
		}
		r.removeCheckpoints(rec.trials)
	}
	if !failed && r.leg.to > 0 {
		r.tellReached(rec.trials, done)
		return nil
	}
	r.Observer.Done(done)
	return nil
}

// saveMissing saves the outcomes that were missing, but those of trials that go on from
// a rung, and sets in done and outcomes the ones that count.
func (r Runner) saveMissing(unit []int, rec *recorder, done, outcomes []Outcome) error {
	for j, i := range unit {
		goesOn := r.leg.to > 0 && done[j].Error == "" && !done[j].Result.Diverged
		if outcomes[i].Done() || goesOn {
			continue
		}
		if err := r.saveModel(rec, j, done[j]); err != nil {
			return err
		}
		kept, err := r.save(done[j])
		if err != nil {
			return err
		}
		kept.Rungs = outcomes[i].Rungs
		outcomes[i], done[j] = kept, kept
	}
	return nil
}

// save keeps an outcome and returns the one that counts: that of another process if it
// was first, which it reports.
func (r Runner) save(o Outcome) (Outcome, error) {
	if r.Folder == nil {
		return o, nil
	}
	kept, err := r.Folder.Keep(Record{Format: Format, Outcome: o})
	if err != nil {
		return o, err
	}
	if other := compareOutcomes(kept.Outcome, o); other != nil {
		r.Warn(other)
	}
	return kept.withoutCurve(), nil
}
