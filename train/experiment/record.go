package experiment

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"

	"bnlab/train"
	"bnlab/train/atomicfile"
	"bnlab/train/checkpoint"
)

// Record is a finished trial as stored on disk: everything that led to the result, and
// the result.
type Record struct {
	Format int `json:"format"`
	Outcome
}

// Outcome is the outcome of a trial.
type Outcome struct {
	Origin
	Trial  Trial         `json:"trial"`
	Result train.Result  `json:"result"`
	Error  string        `json:"error"` // why it failed; empty if it did not
	Curve  []train.Point `json:"-"`     // in a file of its own

	Rungs  []Rung `json:"-"` // reached under a budget, in files of their own
	Paused *Rung  `json:"-"` // where the budget has stopped it; nil if it goes on, or is done
}

// withoutCurve returns the outcome as held by a run of many trials, with its curve only
// on disk: a sweep must not grow by data that is not read before it ends.
func (o Outcome) withoutCurve() Outcome {
	o.Curve = nil
	return o
}

// Done reports whether the trial was trained to its end, even if it failed.
func (o Outcome) Done() bool { return o.Trial.ID != "" }

// parseRecord reads a record and checks that it belongs to trial t of plan p.
func parseRecord(raw []byte, p *Plan, t Trial) (Record, error) {
	var r Record
	if err := json.Unmarshal(raw, &r); err != nil {
		return r, fmt.Errorf("not a record: %w", err)
	}
	switch err := r.belongs(p, t); {
	case err != nil:
		return r, err
	case r.Error == "" && !r.Result.Diverged && r.Result.Final == nil:
		return r, fmt.Errorf("record without a result")
	case !r.Result.Sound():
		return r, fmt.Errorf("record of numbers that no training produces")
	}
	return r, nil
}

// belongs returns an error unless the record is of trial t of plan p.
func (r Record) belongs(p *Plan, t Trial) error {
	switch {
	case r.Format != Format:
		return fmt.Errorf("record of format %d, this program reads %d", r.Format, Format)
	case r.Dataset != p.Dataset:
		return fmt.Errorf("record of another data set (%.60q)", r.Dataset.Name)
	case r.Trial.ID != t.ID || r.Trial.Group != t.Group:
		return fmt.Errorf("record of another trial (%.60q)", r.Trial.ID)
	case !reflect.DeepEqual(r.Trial.Config, t.Config):
		return fmt.Errorf("record of another configuration: %s", checkpoint.Difference(r.Trial.Config, t.Config))
	}
	return r.Origin.check()
}

// DamagedError is the error for a record that cannot be used.
type DamagedError struct {
	Path   string
	Reason error
}

// Error returns the whole as one line.
func (e *DamagedError) Error() string {
	return fmt.Sprintf("%s: damaged record: %v", e.Path, e.Reason)
}

// Unwrap returns the reason.
func (e *DamagedError) Unwrap() error { return e.Reason }

// damaged returns the error of reading or parsing a file: a DamagedError, unless it is
// nil or the machine's.
func damaged(path string, err error) error {
	if err == nil || errors.As(err, new(*atomicfile.Unread)) {
		return err
	}
	return &DamagedError{Path: path, Reason: err}
}
