package experiment

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"bnlab/train"
	"bnlab/train/atomicfile"
	"bnlab/train/checkpoint"
)

// rungRecord is what a trial has reached at a rung, as stored on disk, in the file
// rung.EPOCHS.json of its folder.
type rungRecord struct {
	Format int `json:"format"`
	Origin
	Trial Trial  `json:"trial"`
	Rung  Rung   `json:"rung"`
	Sum   string `json:"sha256"` // as in a recordFile
}

func (f *Folder) rungPath(t Trial, epochs int) string {
	return filepath.Join(f.TrialDir(t), fmt.Sprintf("rung.%d.json", epochs))
}

// rungs returns what a trial has reached at the rungs of the plan's budget. It passes
// damaged records to warn, and, to make room, renames them to rung.EPOCHS.json.bad.
func (f *Folder) rungs(t Trial, makeRoom bool, warn func(error)) (rungs []Rung, err error) {
	if f.Plan.Budget == nil {
		return nil, nil
	}
	for _, epochs := range f.Plan.Budget.Rungs {
		r, err := f.readRung(t, epochs)
		switch {
		case errors.Is(err, fs.ErrNotExist):
		case errors.As(err, new(*DamagedError)):
			warn(err)
			if makeRoom {
				if err := atomicfile.SetAside(f.rungPath(t, epochs)); err != nil {
					return nil, err
				}
			}
		case err != nil:
			return nil, err
		default:
			rungs = append(rungs, r.Rung)
		}
	}
	return rungs, nil
}

// MarkPaused sets in the outcomes of all trials which of them the plan's budget has
// stopped. It passes damaged records of rungs to warn, and changes nothing on disk.
func (f *Folder) MarkPaused(outcomes []Outcome, warn func(error)) error {
	for i, t := range f.Plan.Trials {
		rungs, err := f.rungs(t, false, warn)
		if err != nil {
			return err
		}
		outcomes[i].fill(rungs)
	}
	f.Plan.legs(outcomes, false)
	return nil
}

// readRung reads the record of a trial at a rung.
func (f *Folder) readRung(t Trial, epochs int) (r rungRecord, err error) {
	path := f.rungPath(t, epochs)
	raw, err := atomicfile.Read(path, maxRecord)
	if errors.Is(err, fs.ErrNotExist) {
		return r, err
	}
	if err == nil {
		r, err = parseRung(raw, f.Plan, t, epochs)
	}
	return r, damaged(path, err)
}

// parseRung reads the record of a rung and checks that it is that of trial t.
func parseRung(raw []byte, p *Plan, t Trial, epochs int) (r rungRecord, err error) {
	if err := json.Unmarshal(raw, &r); err != nil {
		return r, fmt.Errorf("not a record: %w", err)
	}
	whole := Record{Format: r.Format, Outcome: Outcome{Origin: r.Origin, Trial: r.Trial}}
	switch err := whole.belongs(p, t); {
	case err != nil:
		return r, err
	case r.Rung.Epochs != epochs || r.Rung.Steps < 1 || !(r.Rung.ValAcc >= 0 && r.Rung.ValAcc <= 1) ||
		!(train.Result{TrainSeconds: r.Rung.TrainSeconds, EvalSeconds: r.Rung.EvalSeconds}).Sound():
		return r, fmt.Errorf("record of a rung that no training reaches")
	case sumIn(raw) == nil:
		return r, errChecksum
	}
	return r, verifyChecksum(raw, nil)
}

// keepRung writes what a trial has reached at a rung, unless that is there already, and
// returns what is there.
func (f *Folder) keepRung(r rungRecord) (Rung, error) {
	if _, err := f.makeTrialDir(r.Trial); err != nil {
		return r.Rung, err
	}
	r.Format, r.Sum = Format, zeroSum
	text, err := json.MarshalIndent(r, "", " ")
	if err != nil {
		return r.Rung, err
	}
	text = append(text, '\n')
	copy(sumIn(text), sumOf(text, nil))
	if err := atomicfile.WriteNew(f.rungPath(r.Trial, r.Rung.Epochs), text); err != nil {
		return r.Rung, err
	}
	there, err := f.readRung(r.Trial, r.Rung.Epochs)
	return there.Rung, err
}

// pausedStates returns the place of the state with which a trial has reached a rung, as
// one that trains alone.
func (f *Folder) pausedStates(t Trial) checkpoint.Place {
	return checkpoint.Place{Dir: f.TrialDir(t), Name: "paused"}
}
