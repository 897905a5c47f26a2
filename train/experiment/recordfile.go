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
	"bnlab/train/atomicfile"
)

// maxCurve limits the size of a curve in bytes.
func maxCurve(c train.Config) int64 { return 1<<16 + int64(c.CurveBytes()) }

// Read returns the record of a trial and whether there is one. A record that is
// damaged, or belongs to something else, is a DamagedError; one that cannot be read is
// an atomicfile.Unread.
func (f *Folder) Read(t Trial) (Record, bool, error) {
	r, sum, err := f.read(t)
	return r, sum != nil, err
}

// read is Read with the checksum of the record: empty in one of an earlier version
// without checksums, nil if there is no record.
func (f *Folder) read(t Trial) (Record, *string, error) {
	path := filepath.Join(f.TrialDir(t), resultFile)
	raw, err := atomicfile.Read(path, maxRecord)
	if errors.Is(err, fs.ErrNotExist) {
		return Record{}, nil, nil
	}
	var r Record
	sum := string(sumIn(raw))
	if err == nil {
		r, err = f.parse(raw, sum, t)
	}
	if err != nil {
		return Record{}, nil, damaged(path, err)
	}
	return r, &sum, nil
}

// parse parses the record of t, with its curve.
func (f *Folder) parse(raw []byte, sum string, t Trial) (Record, error) {
	r, err := parseRecord(raw, f.Plan, t)
	if err != nil {
		return r, err
	}
	dir := f.TrialDir(t)
	public := filepath.Join(dir, curveFile)
	full, err := r.withCurve(raw, public)
	if err == nil || errors.As(err, new(*atomicfile.Unread)) {
		return full, err
	}
	// Its writer may be about to name the curve, or was killed before it did.
	if own := ownCurve(sum); own != "" {
		for _, path := range []string{filepath.Join(dir, own), public} {
			if full, err := r.withCurve(raw, path); err == nil {
				return full, nil
			}
		}
	}
	return full, err
}

// withCurve returns the record with the curve in the file path, if the two belong
// together.
func (r Record) withCurve(raw []byte, path string) (Record, error) {
	curve, err := atomicfile.Read(path, maxCurve(r.Trial.Config))
	if errors.As(err, new(atomicfile.Unfit)) {
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
	return r, verifyChecksum(raw, curve)
}

// Load is Read for a run that is about to train: it renames a damaged record to
// result.json.bad, to make room for the new one, and finishes what a killed process has
// begun.
func (f *Folder) Load(t Trial) (Record, bool, error) {
	r, sum, err := f.read(t)
	if errors.As(err, new(*DamagedError)) {
		return f.setAside(t, false)
	}
	if sum != nil {
		err = nameCurve(f.TrialDir(t), *sum)
	}
	return r, sum != nil, err
}

// setAside makes room for a new record: it renames a damaged one to result.json.bad,
// and returns its error, and removes one of a failed training, if asked to. It returns
// a record that stays.
func (f *Folder) setAside(t Trial, failed bool) (Record, bool, error) {
	unlock := atomicfile.Lock(f.TrialDir(t)) // another process may have just replaced what was seen
	defer unlock()
	path := filepath.Join(f.TrialDir(t), resultFile)
	r, sum, err := f.read(t)
	switch {
	case errors.As(err, new(*DamagedError)):
		if moved := atomicfile.SetAside(path); moved != nil {
			return r, false, moved
		}
	case sum != nil && failed && r.Error != "":
		return Record{}, false, atomicfile.Remove(path)
	case sum != nil:
		err = nameCurve(f.TrialDir(t), *sum)
	}
	return r, sum != nil, err
}

// keepTries is how often Keep tries to write a record while other processes, which have
// theirs, remove half-written files.
const keepTries = 10

// Keep saves a record, unless there already is one of a training that did not fail, and
// returns the one that is on disk in the end: if several processes finish one trial,
// that of the first.
func (f *Folder) Keep(r Record) (Record, error) {
	there, found, err := f.Load(r.Trial)
	if found && there.Error != "" {
		there, found, err = f.setAside(r.Trial, true)
	}
	for try := 0; ; try++ {
		switch {
		case found:
			return there, nil
		case err != nil && !errors.As(err, new(*DamagedError)) && !errors.Is(err, fs.ErrNotExist):
			return r, err
		case try == keepTries:
			return r, cmp.Or(err, fs.ErrNotExist)
		case try > 0:
			time.Sleep(rand.N(time.Duration(try) * 20 * time.Millisecond))
		}
		if err = f.Save(r); err == nil {
			there, found, err = f.Load(r.Trial)
		}
	}
}

// makeTrialDir creates the folder of a trial and returns it. The run folder must exist:
// one that has disappeared must not come back without its plan.
func (f *Folder) makeTrialDir(t Trial) (string, error) {
	return f.TrialDir(t), f.makeTrialDirs([]Trial{t})
}

// makeTrialDirs creates the folders of trials, as makeTrialDir does.
func (f *Folder) makeTrialDirs(trials []Trial) error {
	all := filepath.Join(f.Dir, trialsDir)
	if err := atomicfile.MakeDir(all); err != nil {
		return err
	}
	names := make([]string, len(trials))
	for i, t := range trials {
		names[i] = t.ID
	}
	return atomicfile.MakeDirsIn(all, names...)
}

// parseCurve reads the points of a curve, one per line.
func parseCurve(raw []byte) (curve []train.Point, err error) {
	for lines := bufio.NewScanner(bytes.NewReader(raw)); ; {
		if !lines.Scan() {
			return curve, lines.Err()
		}
		var p train.Point
		if err := json.Unmarshal(lines.Bytes(), &p); err != nil {
			return nil, fmt.Errorf("line %d: %w", len(curve)+1, err)
		}
		if !follows(curve, p) {
			return nil, fmt.Errorf("line %d: not an evaluation that follows the previous one", len(curve)+1)
		}
		curve = append(curve, p)
	}
}

// follows reports whether p can be the next point of a curve.
func follows(curve []train.Point, p train.Point) bool {
	n := len(curve)
	return p.Step >= 1 && (n == 0 || p.Step > curve[n-1].Step) && p.Sound()
}

// checkCurve returns an error if the curve does not lead to the result.
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
