package experiment

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"bnlab/train/atomicfile"
)

// Folder is a run on disk:
//
//	plan.json                  every trial's configuration; only grows, replaced whole
//	trials/ID/curve.jsonl      one line an evaluation; while the trial trains, as many as there are so far
//	trials/ID/result.json      a finished trial: its presence means done
//	trials/ID/model.safetensors its network, if the plan keeps them
//	trials/ID/checkpoint.*     of a unit in training, in the folder of its first trial
//	trials/ID/claim            who trains it, there too
//	trials/ID/rung.N.json      what a trial has reached after N epochs, where a budget decides
//	trials/ID/paused.*         the state to go on from there
//	trials/ID/curve.*.jsonl    a curve on its way: see Save
//
// Every file but a claim, and the curve of a trial in training, appears whole or not at
// all. Several processes, on several hosts, may share a folder: each trains what no other
// has claimed. Should two train the same all the same, they write the same; those with other
// kernels or threads have checkpoints with other names, and the first record stays. Dir and trials
// may be links; links below them are refused with atomicfile.ErrLink, since anyone who
// may write there could make a run write elsewhere.
type Folder struct {
	Dir  string
	Plan *Plan
}

const (
	planFile   = "plan.json"
	resultFile = "result.json"
	curveFile  = "curve.jsonl"
	modelFile  = "model.safetensors"
	trialsDir  = "trials"

	claimFile      = "claim"
	checkpointFile = "checkpoint" // and of which training, and the steps

	maxRecord = 1 << 20 // bytes: it may hold the stack of a panic
)

// maxPlan is the maximum size of a plan in bytes: 1300 for each of maxTrials, of which
// one of 9 layers takes 900. A test lowers it.
var maxPlan int64 = 128 << 20

// written is the plan that this process has written last to a folder. A long one takes
// seconds to be read: one that is on disk as it was written is known. It is zero if there
// is none.
type written struct {
	plan *Plan
	text []byte
}

// write writes the plan to dir unless it holds one. Another process may do so just then.
func (p *Plan) write(dir string) (written, error) {
	path := planPath(dir)
	switch _, err := os.Stat(path); {
	case errors.Is(err, syscall.ENOTDIR):
		return written{}, nil // Open says so
	case !errors.Is(err, fs.ErrNotExist):
		return written{}, err
	}
	text, err := p.encode()
	if err != nil {
		return written{}, err
	}
	if err := atomicfile.MakeDirs(dir); err != nil {
		return written{}, err
	}
	return written{p, text}, atomicfile.WriteNew(path, text)
}

// planPath returns the path of the plan in the folder dir, which may be a link.
func planPath(dir string) string {
	if real, err := atomicfile.Real(dir); err == nil {
		dir = real
	}
	return filepath.Join(dir, planFile)
}

// Open returns the folder dir, which must hold a plan.
func Open(dir string) (*Folder, error) { return open(dir, written{}) }

// open is Open in a process that may have written the plan.
func open(dir string, last written) (*Folder, error) {
	path := planPath(dir)
	raw, err := atomicfile.Read(path, maxPlan)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, planErrorf("no %s; make one with `bnlab sweep plan`, or name a run folder", path)
	}
	if errors.Is(err, syscall.ENOTDIR) {
		return nil, planErrorf("%s: a file, expected a run folder; name another", dir)
	}
	if errors.As(err, new(*atomicfile.Unread)) {
		return nil, err
	}
	plan := last.plan
	if err == nil && (plan == nil || !bytes.Equal(raw, last.text)) {
		plan, err = ParsePlan(raw)
	}
	if err != nil {
		return nil, planErrorf("%s: %v", path, err)
	}
	return &Folder{Dir: dir, Plan: plan}, nil
}

// TrialDir returns the folder of a trial.
func (f *Folder) TrialDir(t Trial) string { return filepath.Join(f.Dir, trialsDir, t.ID) }

// Outcomes returns the outcomes of all trials in the plan's order, without their
// curves; those without a valid record are not Done. It passes each damaged record to
// warn, and changes nothing on disk.
func (f *Folder) Outcomes(warn func(error)) ([]Outcome, error) {
	outcomes := make([]Outcome, len(f.Plan.Trials))
	for i, t := range f.Plan.Trials {
		r, found, err := f.Read(t)
		switch {
		case errors.As(err, new(*DamagedError)):
			warn(err)
		case err != nil:
			return nil, err
		case found:
			outcomes[i] = r.withoutCurve()
		}
	}
	return outcomes, f.MarkPaused(outcomes, warn)
}

// Files returns the paths of the files of the run, or study, in the folder dir: the
// plan, gradient checks, and everything in the folders of trials. They need not exist.
func Files(dir string) iter.Seq[string] {
	return func(yield func(string) bool) {
		paths := []string{filepath.Join(dir, planFile), filepath.Join(dir, gradientFile)}
		trials, _ := os.ReadDir(filepath.Join(dir, trialsDir)) // if they cannot be read, reading them reports it
		for _, t := range trials {
			files, _ := os.ReadDir(filepath.Join(dir, trialsDir, t.Name()))
			for _, f := range files {
				paths = append(paths, filepath.Join(dir, trialsDir, t.Name(), f.Name()))
			}
		}
		slices.Values(paths)(yield)
	}
}

// SnapshotPath returns the path of the network at the end of a cycle, from 1, beside the
// trained one at path: m-cycle1.safetensors beside m.safetensors.
func SnapshotPath(path string, cycle int) string {
	extension := filepath.Ext(path)
	return fmt.Sprintf("%s-cycle%d%s", strings.TrimSuffix(path, extension), cycle, extension)
}
