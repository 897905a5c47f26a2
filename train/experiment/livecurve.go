package experiment

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"bnlab/train"
	"bnlab/train/atomicfile"
	"bnlab/train/claim"
)

// The curve of a trial in training is in the file that its finished curve will replace: a
// line is added at each evaluation, for those who look on. It counts for nothing. Who
// begins or resumes the trial writes it anew, from the points in the checkpoint, and only
// while there is no record; so a line that a killed process has left unfinished stays no
// longer than that. The file stays open: a process that was stopped, and finds the trial
// finished by another, adds to a file that no longer has a name.

// liveCurves writes the curves of a unit in training. nil writes nothing.
type liveCurves struct {
	folder *Folder
	trials []Trial
	held   *claim.Held
	files  []*os.File // nil before the first point
	over   []bool     // not written any more
}

// liveCurves returns what writes the curves of a unit whose claim is held; nil without a
// folder, or where no claim can be made, so that others may train it too. The folders
// of its trials are there.
func (f *Folder) liveCurves(unit []Trial, held *claim.Held) *liveCurves {
	if f == nil || held == nil {
		return nil
	}
	return &liveCurves{f, unit, held, make([]*os.File, len(unit)), make([]bool, len(unit))}
}

// add writes a point of the unit's trial j. What cannot be written is not: the points are
// in the checkpoint too, and are written again with the record.
func (l *liveCurves) add(j int, p train.Point) {
	if l == nil || l.over[j] {
		return
	}
	if !l.held.Mine() {
		l.close()
		return
	}
	line, err := encodeCurve([]train.Point{p})
	if err == nil && l.files[j] == nil {
		l.files[j], err = l.restart(l.trials[j])
	}
	if err == nil {
		_, err = l.files[j].Write(line)
	}
	l.over[j] = err != nil
}

// restart opens the file of a trial, empty. The error wraps fs.ErrExist if the trial has a
// record, whose curve this is: nothing but the next record replaces it.
func (l *liveCurves) restart(t Trial) (*os.File, error) {
	dir := l.folder.TrialDir(t)
	return atomicfile.Restart(filepath.Join(dir, curveFile), func() bool {
		_, err := os.Lstat(filepath.Join(dir, resultFile))
		return errors.Is(err, fs.ErrNotExist)
	})
}

// close ends the writing.
func (l *liveCurves) close() {
	if l == nil {
		return
	}
	for j, file := range l.files {
		if l.over[j] = true; file != nil {
			file.Close()
			l.files[j] = nil
		}
	}
}

// LiveCurve returns the points of a trial in training that are on disk; none if there are
// none, or if they cannot be read now. A line that is not whole ends them.
func (f *Folder) LiveCurve(t Trial) (curve []train.Point) {
	raw, err := atomicfile.Head(filepath.Join(f.TrialDir(t), curveFile), maxCurve(t.Config))
	if err != nil {
		return nil
	}
	for lines := bufio.NewScanner(bytes.NewReader(raw)); lines.Scan(); {
		var p train.Point
		if err := json.Unmarshal(lines.Bytes(), &p); err != nil || !follows(curve, p) {
			break
		}
		curve = append(curve, p)
	}
	return curve
}
