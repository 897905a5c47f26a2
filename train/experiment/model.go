package experiment

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"bnlab/train/atomicfile"
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
