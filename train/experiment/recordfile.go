package experiment

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"path/filepath"
	"time"

	"bnlab/train"
	"bnlab/train/disk"
)

// maxRecord bounds the bytes of a record: it may hold the stack of a panic.
const maxRecord = 64 << 20

// maxCurve bounds the bytes of a curve, some times above what its points take.
func maxCurve(c train.Config) int64 { return 1<<16 + 512*int64(1+c.Evals*c.Cycles) }

// Read returns the record of a trial and whether there is one. A record that can be
// read but is damaged, or belongs to something else, is a DamagedError; one that the
// machine cannot read is a disk.Unread.
func (f *Folder) Read(t Trial) (Record, bool, error) {
	path := filepath.Join(f.TrialDir(t), resultFile)
	raw, err := disk.Read(path, maxRecord)
	if errors.Is(err, fs.ErrNotExist) {
		return Record{}, false, nil
	}
	var r Record
	if err == nil {
		r, err = f.parse(raw, t)
	}
	switch {
	case err == nil:
		return r, true, nil
	case errors.As(err, new(*disk.Unread)):
		return Record{}, false, err
	}
	return Record{}, false, &DamagedError{Path: path, Reason: err}
}

// parse makes of the text of a record, and the curve beside it, the record of t.
func (f *Folder) parse(raw []byte, t Trial) (Record, error) {
	r, err := parseRecord(raw, f.Plan, t)
	if err != nil {
		return r, err
	}
	path := filepath.Join(f.TrialDir(t), curveFile)
	curve, err := disk.Read(path, maxCurve(t.Config))
	if errors.As(err, new(disk.Unfit)) {
		return r, fmt.Errorf("%s: %w", path, err)
	}
	if err != nil {
		return r, err
	}
	if r.Curve, err = parseCurve(curve); err == nil {
		err = r.checkCurve()
	}
	if err != nil {
		return r, fmt.Errorf("%s: %w", path, err)
	}
	return r, checkSeal(raw, curve)
}

// Load is Read for a run that is about to train: it renames a damaged record to
// result.json.bad, to make room for the new one.
func (f *Folder) Load(t Trial) (Record, bool, error) {
	r, found, err := f.Read(t)
	var damaged *DamagedError
	if errors.As(err, &damaged) {
		// Another process may have been first, and it is out of the way.
		if moved := disk.SetAside(damaged.Path); moved != nil {
			return r, false, moved
		}
	}
	return r, found, err
}

// keepTries is how often Keep tries to leave a record and the curve of the same
// training, where others write theirs.
const keepTries = 10

// Keep saves a record, unless there already is one of a training that did not fail,
// and returns the one that is on disk in the end. If several processes with
// different kernels write curve and record at once, the last one sees the outcome of
// both.
func (f *Folder) Keep(r Record) (Record, error) {
	var saved error
	for try := 0; ; try++ {
		there, found, err := f.Read(r.Trial)
		switch {
		case found && (there.Error == "" || try > 0):
			return there, nil
		case errors.As(err, new(*disk.Unread)):
			return r, err
		case try == keepTries:
			return r, cmp.Or(saved, err, fs.ErrNotExist)
		case try > 0:
			time.Sleep(rand.N(time.Duration(try) * 20 * time.Millisecond))
		}
		// One that has its record clears away what others are about to write.
		if saved = f.Save(r); saved != nil && !errors.Is(saved, fs.ErrNotExist) {
			return r, saved
		}
	}
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
	text, err := seal(r, curve.Bytes())
	if err != nil {
		return err
	}
	if err := disk.Write(filepath.Join(dir, curveFile), curve.Bytes()); err != nil {
		return err
	}
	return disk.Write(filepath.Join(dir, resultFile), text)
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

// parseCurve reads the points of a curve, one a line.
func parseCurve(raw []byte) (curve []train.Point, err error) {
	for lines := bufio.NewScanner(bytes.NewReader(raw)); ; {
		if !lines.Scan() {
			return curve, lines.Err()
		}
		var p train.Point
		if err := json.Unmarshal(lines.Bytes(), &p); err != nil {
			return nil, fmt.Errorf("line %d: %w", len(curve)+1, err)
		}
		if n := len(curve); p.Step < 1 || n > 0 && p.Step <= curve[n-1].Step || !p.Sound() {
			return nil, fmt.Errorf("line %d: no evaluation that follows the one before", n+1)
		}
		curve = append(curve, p)
	}
}

// checkCurve returns an error where the curve does not lead to the result.
func (r Record) checkCurve() error {
	last := 0
	if n := len(r.Curve); n > 0 {
		last = r.Curve[n-1].Step
	}
	if r.Result.Final != nil && last != r.Result.Steps {
		return fmt.Errorf("ends at step %d of %d", last, r.Result.Steps)
	}
	return nil
}
