package experiment

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"bnlab/train"
)

// Follower looks at a run folder again and again, while any processes write to it, and
// writes nothing. It asks for the dates of files and reads those that have changed. It is
// not to be used by several goroutines.
type Follower struct {
	dir      string
	folder   *Folder
	plan     fs.FileInfo // as it was read
	trials   []followed
	outcomes []Outcome
	finished []TrialCurve              // those read last
	claims   map[string]*followedClaim // by path
	looks    int
	revision int
}

// followed is what was last seen of a trial. Dates are nil before there is a file.
type followed struct {
	record  fs.FileInfo
	damaged error // the record is
	live    fs.FileInfo
	points  []train.Point // while it trains
}

// Look is what a look at a run folder shows. It holds until the next one.
type Look struct {
	Folder   *Folder
	Outcomes []Outcome // in the plan's order, without curves; those without a valid record are not Done
	Training []UnitInTraining
	Finished []TrialCurve // of trials that are done, at most MostCurves
	Damaged  []error      // records that count as missing
	Revision int          // of the outcomes: another number says that they have changed
	Changed  bool         // since the look before
}

// UnitInTraining is a unit in training.
type UnitInTraining struct {
	Claim
	Curves []TrialCurve // of those of its trials that are not done
}

// TrialCurve is the curve of a trial, as far as it is known.
type TrialCurve struct {
	Trial  Trial
	Points []train.Point
}

// MostCurves is of how many finished trials a Follower keeps the curves: those that it has
// read last.
const MostCurves = 60

// restEvery is at how many looks once a trial that is done is looked at again.
const restEvery = 16

// Follow returns what follows the run folder dir, which need not exist.
func Follow(dir string) *Follower { return &Follower{dir: dir, claims: map[string]*followedClaim{}} }

// Look looks at the folder. After an error, such as that the folder does not exist, the next
// look may succeed.
func (f *Follower) Look() (l Look, err error) {
	if l.Changed, err = f.open(); err != nil {
		return l, err
	}
	f.looks++
	for i := range f.trials {
		changed, err := f.lookAt(i)
		if err != nil {
			return l, err
		}
		l.Changed = l.Changed || changed
		if damaged := f.trials[i].damaged; damaged != nil {
			l.Damaged = append(l.Damaged, damaged)
		}
	}
	if l.Changed {
		f.revision++
	}
	training, changed, err := f.training()
	if err != nil {
		return l, err
	}
	l.Folder, l.Outcomes, l.Revision, l.Training, l.Finished = f.folder, f.outcomes, f.revision, training, f.finished
	l.Changed = l.Changed || changed
	return l, nil
}

// open reads the plan if it has changed, and then begins anew.
func (f *Follower) open() (changed bool, err error) {
	info, err := os.Stat(planPath(f.dir))
	if err == nil && f.folder != nil && unchanged(info, f.plan) {
		return false, nil
	}
	folder, err := Open(f.dir) // whose error tells what to do
	if err != nil {
		f.folder = nil
		return false, err
	}
	n := len(folder.Plan.Trials)
	f.folder, f.plan, f.finished = folder, info, nil
	f.trials, f.outcomes = make([]followed, n), make([]Outcome, n)
	return true, nil
}

// unchanged reports whether a file is as it was.
func unchanged(now, before fs.FileInfo) bool {
	return before != nil && now.Size() == before.Size() && now.ModTime().Equal(before.ModTime()) && os.SameFile(now, before)
}

// lookAt reads what trial i of the plan has reached since the look before.
func (f *Follower) lookAt(i int) (changed bool, err error) {
	if f.atRest(i) && (i+f.looks)%restEvery != 0 {
		return false, nil
	}
	changed, err = f.readRecord(i)
	if err != nil || f.folder.Plan.Budget == nil {
		return changed, err
	}
	before := len(f.outcomes[i].Rungs)
	err = f.readRungs(i)
	return changed || len(f.outcomes[i].Rungs) != before, err
}

// atRest reports whether nothing more is to come of trial i: it has its record, and, under
// a budget, what is written after that.
func (f *Follower) atRest(i int) bool {
	o, b := f.outcomes[i], f.folder.Plan.Budget
	return o.Done() && (b == nil || o.at(b.Rungs[len(b.Rungs)-1]) != nil)
}

// readRecord reads the record of trial i if it has changed. One that is damaged is read
// again at each look: it may be on its way.
func (f *Follower) readRecord(i int) (changed bool, err error) {
	trial, seen := f.folder.Plan.Trials[i], &f.trials[i]
	info, err := os.Lstat(filepath.Join(f.folder.TrialDir(trial), resultFile))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		changed = seen.record != nil || seen.damaged != nil
		seen.record, seen.damaged, f.outcomes[i] = nil, nil, Outcome{Rungs: f.outcomes[i].Rungs}
		return changed, nil
	case err != nil:
		return false, err
	case unchanged(info, seen.record):
		return false, nil
	}
	r, found, err := f.folder.Read(trial)
	switch {
	case errors.As(err, new(*DamagedError)):
		changed = seen.damaged == nil
		seen.record, seen.damaged, f.outcomes[i] = nil, err, Outcome{Rungs: f.outcomes[i].Rungs}
		return changed, nil
	case err != nil || !found:
		return false, err
	}
	r.Rungs = f.outcomes[i].Rungs
	*seen, f.outcomes[i] = followed{record: info}, r.withoutCurve()
	if len(r.Curve) > 0 {
		f.finished = append(f.finished, TrialCurve{trial, r.Curve})
		f.finished = f.finished[max(0, len(f.finished)-MostCurves):]
	}
	return true, nil
}

// readRungs reads what trial i has reached under a budget and was not seen to.
func (f *Follower) readRungs(i int) error {
	trial, o := f.folder.Plan.Trials[i], &f.outcomes[i]
	var rungs []Rung
	for _, epochs := range f.folder.Plan.Budget.Rungs {
		if known := slices.IndexFunc(o.Rungs, func(r Rung) bool { return r.Epochs == epochs }); known >= 0 {
			rungs = append(rungs, o.Rungs[known])
			continue
		}
		if _, err := os.Lstat(f.folder.rungPath(trial, epochs)); err != nil {
			continue
		}
		r, err := f.folder.readRung(trial, epochs)
		switch {
		case err == nil:
			rungs = append(rungs, r.Rung)
		case !errors.Is(err, fs.ErrNotExist) && !errors.As(err, new(*DamagedError)):
			return err
		}
	}
	o.fill(rungs)
	return nil
}
