package experiment

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"bnlab/train"
	"bnlab/train/atomicfile"
	"bnlab/train/message"
)

// saveModel saves the network of trial j of a unit, if networks are kept. It comes before
// the record, so that a finished trial has its network; one that has diverged has none.
func (r Runner) saveModel(rec *recorder, j int, o Outcome) error {
	if r.Metadata == nil || r.Folder == nil || o.Error != "" || o.Result.Diverged {
		return nil
	}
	metadata, err := r.Metadata(o.Trial.Config, o.Result)
	if err != nil {
		return err
	}
	var file bytes.Buffer
	if err := rec.network(j, &file, metadata); err != nil {
		return err
	}
	dir, err := r.Folder.makeTrialDir(o.Trial)
	if err != nil {
		return err
	}
	return atomicfile.Write(filepath.Join(dir, modelFile), file.Bytes())
}

// saveSnapshot saves the network of a trial at the end of a cycle.
func (r Runner) saveSnapshot(t Trial, s train.Snapshot) error {
	metadata, err := r.Metadata(t.Config, train.Result{Steps: s.Steps})
	if err != nil {
		return err
	}
	var file bytes.Buffer
	if err := s.Save(&file, metadata); err != nil {
		return err
	}
	dir, err := r.Folder.makeTrialDir(t)
	if err != nil {
		return err
	}
	return atomicfile.Write(SnapshotPath(filepath.Join(dir, modelFile), s.Cycle), file.Bytes())
}

// checkKept returns an error if trials have snapshots and no networks are saved.
func (p *Plan) checkKept(dir string) error {
	for _, t := range p.Trials {
		if t.Config.Snapshots && (p.Keep != KeepModels || dir == "") {
			return message.Fieldf("{snapshots}: no network is saved; in a study write keep: models and give {out}, or train a single network")
		}
	}
	return nil
}

// ModelPath returns the path of a trial's network, which is there if the plan keeps
// networks and the trial has a result.
func (f *Folder) ModelPath(t Trial) string { return filepath.Join(f.TrialDir(t), modelFile) }

// WithoutModel returns the finished trials of a folder whose network is not there, though
// they have not diverged.
func (f *Folder) WithoutModel(outcomes []Outcome) (ids []string) {
	for _, o := range outcomes {
		if !o.Done() || o.Error != "" || o.Result.Diverged {
			continue
		}
		if _, err := os.Lstat(f.ModelPath(o.Trial)); errors.Is(err, fs.ErrNotExist) {
			ids = append(ids, o.Trial.ID)
		}
	}
	return ids
}
