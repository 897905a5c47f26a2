package experiment

import (
	"errors"
	"path/filepath"

	"bnlab/train/atomicfile"
	"bnlab/train/claim"
)

// A record and its curve are two files. Processes that finish one trial at the same
// time must not mix them, and the first pair must stay. So the curve is first written
// under a name unique to its record, and the record decides: it appears only with a
// complete curve, unless another record exists. A process killed before that has left
// nothing that counts; one killed after it has left everything, and the next run gives
// the curve its usual name.

// Save writes a record and its curve, unless the trial already has a record, which is
// not an error.
func (f *Folder) Save(r Record) error {
	dir, err := f.makeTrialDir(r.Trial)
	if err != nil {
		return err
	}
	curve, err := encodeCurve(r.Curve)
	if err != nil {
		return err
	}
	text, err := encodeRecord(r, curve)
	if err != nil {
		return err
	}
	own := filepath.Join(dir, ownCurve(string(sumIn(text))))
	if err := atomicfile.Write(own, curve); err != nil {
		return err
	}
	// If no other is being written, the curve gets its name before the record exists;
	// on a disk without links, just after.
	_ = link(own, curveFile)
	if err := atomicfile.WriteNew(filepath.Join(dir, resultFile), text); err != nil {
		return err
	}
	if first, err := atomicfile.Read(filepath.Join(dir, resultFile), maxRecord); err == nil {
		if err := nameCurve(dir, string(sumIn(first))); err != nil {
			return err
		}
	}
	return atomicfile.Remove(own) // if another was first
}

// clear removes what killed writers have left in the folder of a trial that has its
// record and its curve under the usual name.
func (f *Folder) clear(t Trial) error {
	dir := f.TrialDir(t)
	files := []string{resultFile, curveFile, modelFile}
	if t.Config.Snapshots {
		for cycle := range t.Config.Cycles {
			files = append(files, SnapshotPath(modelFile, cycle+1))
		}
	}
	err := atomicfile.Clear(dir, files...)
	names, unread := atomicfile.List(dir)
	for _, name := range names {
		if hidden, _ := atomicfile.Hidden(name); ownCurves.MatchString(name) || ownCurves.MatchString(hidden) {
			err = errors.Join(err, atomicfile.Remove(filepath.Join(dir, name)))
		}
	}
	return errors.Join(err, unread, claim.Clear(dir, claimFile, names))
}
