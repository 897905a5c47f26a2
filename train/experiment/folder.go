package experiment

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"bnlab/blas"
	"bnlab/train"
	"bnlab/train/disk"
)

// Folder is a run on disk:
//
//	plan.json                  every trial's configuration, written once
//	trials/ID/curve.jsonl      one line an evaluation
//	trials/ID/result.json      a finished trial: its presence means done
//	trials/ID/checkpoint.STEPS of a unit in training, in the folder of its first trial
//
// Every file appears whole or not at all, and no file has two writers but with
// the same content, so several processes, on several hosts, may share a folder.
type Folder struct {
	Dir  string
	Plan *Plan
}

const (
	planFile   = "plan.json"
	resultFile = "result.json"
	curveFile  = "curve.jsonl"

	checkpointFile = "checkpoint" // and the steps
)

// Create returns the folder dir with the given plan in it. Where one is there
// already it must have the same trials on the same data; units and program
// version stay as they are on disk. Anything else is an error that wraps ErrPlan
// and names the difference.
func Create(dir string, plan *Plan) (*Folder, error) {
	if err := plan.Check(); err != nil {
		return nil, err
	}
	if err := plan.write(dir); err != nil {
		return nil, err
	}
	// Another process may have been first: what is on disk counts.
	f, err := Open(dir)
	if err != nil {
		return nil, err
	}
	if difference := f.Plan.difference(plan); difference != "" {
		return nil, planErrorf("%s holds another plan: %s; give another --out, or the flags it was made with", dir, difference)
	}
	return f, nil
}

// write writes the plan into dir unless one is there.
func (p *Plan) write(dir string) error {
	path := filepath.Join(dir, planFile)
	if _, err := os.Stat(path); errors.Is(err, syscall.ENOTDIR) {
		return planErrorf("%s: a file, where the folder of a run must be; name another", dir)
	} else if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := disk.MakeDirs(dir); err != nil {
		return err
	}
	text, err := json.MarshalIndent(p, "", " ")
	if err != nil {
		return err
	}
	return disk.WriteNew(path, text, []byte("\n"))
}

// Open returns the folder dir, which must hold a plan.
func Open(dir string) (*Folder, error) {
	path := filepath.Join(dir, planFile)
	raw, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, planErrorf("no %s; make one by `bnlab sweep plan`, or name the folder of a run", path)
	}
	if errors.Is(err, syscall.ENOTDIR) {
		return nil, planErrorf("%s: a file, where the folder of a run must be; name another", dir)
	}
	if err != nil {
		return nil, err
	}
	plan, err := ParsePlan(raw)
	if err != nil {
		return nil, planErrorf("%s: %v", path, err)
	}
	return &Folder{Dir: dir, Plan: plan}, nil
}

// TrialDir returns the folder of a trial.
func (f *Folder) TrialDir(t Trial) string { return filepath.Join(f.Dir, "trials", t.ID) }

// Read returns the record of a trial and whether there is one. A record that
// cannot be read, or is of something else, is a DamagedError.
func (f *Folder) Read(t Trial) (r Record, found bool, err error) {
	path := filepath.Join(f.TrialDir(t), resultFile)
	raw, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return r, false, nil
	}
	if err != nil {
		return r, false, err
	}
	if r, err = parseRecord(raw, f.Plan, t); err == nil {
		path := filepath.Join(f.TrialDir(t), curveFile)
		r.Curve, err = readCurve(path)
		if n := len(r.Curve); err == nil && r.Result.Final != nil && n > 0 && r.Curve[n-1].Step != r.Result.Steps {
			err = fmt.Errorf("%s: ends at step %d of %d", path, r.Curve[n-1].Step, r.Result.Steps)
		}
	}
	if err != nil {
		return Record{}, false, &DamagedError{Path: path, Reason: err}
	}
	return r, true, nil
}

// Load is Read for a run that is about to train: a damaged record is renamed to
// result.json.bad, out of the way of the one to come.
func (f *Folder) Load(t Trial) (Record, bool, error) {
	r, found, err := f.Read(t)
	var damaged *DamagedError
	if errors.As(err, &damaged) {
		// Another process may have been first, and it is out of the way.
		moved := os.Rename(damaged.Path, damaged.Path+".bad")
		if moved != nil && !errors.Is(moved, fs.ErrNotExist) {
			return r, false, moved
		}
	}
	return r, found, err
}

// Outcomes returns the outcomes of all trials that have a sound record, in the
// plan's order, those without not having Ran, and the backend of the first; nil
// for no records. It tells warn of each damaged record, and changes nothing on disk.
func (f *Folder) Outcomes(warn func(error)) ([]Outcome, *blas.Backend, error) {
	outcomes := make([]Outcome, len(f.Plan.Trials))
	var backend *blas.Backend
	for i, t := range f.Plan.Trials {
		r, found, err := f.Read(t)
		switch {
		case errors.As(err, new(*DamagedError)):
			warn(err)
		case err != nil:
			return nil, nil, err
		case found:
			outcomes[i] = r.Outcome
			if backend == nil {
				backend = &r.Backend
			}
		}
	}
	return outcomes, backend, nil
}

// makeTrialDir makes the folder of a trial and returns it. The run folder itself
// must be there: one that has vanished shall not come back without its plan.
func (f *Folder) makeTrialDir(t Trial) (string, error) {
	dir := f.TrialDir(t)
	if err := disk.MakeDir(filepath.Dir(dir)); err != nil {
		return "", err
	}
	return dir, disk.MakeDir(dir)
}

// Save writes the curve of a record, then the record.
func (f *Folder) Save(r Record) error {
	dir, err := f.makeTrialDir(r.Trial)
	if err != nil {
		return err
	}
	var curve bytes.Buffer
	lines := json.NewEncoder(&curve)
	for _, p := range r.Curve {
		if err := lines.Encode(p); err != nil {
			return err
		}
	}
	if err := disk.Write(filepath.Join(dir, curveFile), curve.Bytes()); err != nil {
		return err
	}
	text, err := json.MarshalIndent(r, "", " ")
	if err != nil {
		return err
	}
	return disk.Write(filepath.Join(dir, resultFile), text, []byte("\n"))
}

// readCurve reads the points of a curve, one a line.
func readCurve(path string) ([]train.Point, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	var curve []train.Point
	for lines := bufio.NewScanner(file); ; {
		if !lines.Scan() {
			return curve, lines.Err()
		}
		var p train.Point
		if err := json.Unmarshal(lines.Bytes(), &p); err != nil {
			return nil, fmt.Errorf("%s: line %d: %w", path, len(curve)+1, err)
		}
		if n := len(curve); p.Step < 1 || n > 0 && p.Step <= curve[n-1].Step || !p.Sound() {
			return nil, fmt.Errorf("%s: line %d: no evaluation that follows the one before", path, n+1)
		}
		curve = append(curve, p)
	}
}
