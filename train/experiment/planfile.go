package experiment

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"

	"bnlab/train"
	"bnlab/train/message"
)

// ErrPlan is wrapped by errors about the plan of a folder.
var ErrPlan = errors.New("bad plan")

// planError is one line that names the folder.
type planError string

func (e planError) Error() string { return string(e) }
func (e planError) Unwrap() error { return ErrPlan }

func planErrorf(format string, args ...any) error {
	return planError(fmt.Sprintf(format, args...))
}

// ParsePlan reads a plan and checks it.
func ParsePlan(raw []byte) (*Plan, error) {
	if len(bytes.TrimSpace(raw)) == 0 {
		return nil, notPlan("the file is empty")
	}
	var text planText
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(&text); errors.Is(err, ErrPlan) || errors.Is(err, train.ErrConfig) {
		return nil, err
	} else if err != nil {
		return nil, notPlan(err)
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, notPlan(fmt.Sprintf("something follows after byte %d", d.InputOffset()))
	}
	p := text.Plan
	p.Trials = text.Trials
	if err := p.Check(); err != nil {
		return nil, err
	}
	return &p, nil
}

// notPlan says why a text is none, and what to do: a plan is made of flags alone, and
// one made anew finds the trials that are there.
func notPlan(reason any) error {
	return fmt.Errorf("not a plan: %v; move it away and give the command that made it again: finished trials stay", reason)
}

// planText is a plan as it is read.
type planText struct {
	Plan
	Trials checkedTrials `json:"trials"`
}

// checkedTrials are trials that are checked while they are read, so that a long
// list of nothing takes no more memory than its first element.
type checkedTrials []Trial

// UnmarshalJSON reads a list of trials.
func (ts *checkedTrials) UnmarshalJSON(raw []byte) error {
	*ts = nil
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if open, err := d.Token(); err != nil || open != json.Delim('[') {
		return errors.New("trials are no list")
	}
	for d.More() {
		var t Trial
		if err := d.Decode(&t); err != nil {
			return err
		}
		if err := t.check(len(*ts)); err != nil {
			return err
		}
		*ts = append(*ts, t)
	}
	return nil
}

// difference names the first thing in which other is not p; units and program
// version do not count.
func (p *Plan) difference(other *Plan) string {
	if p.Experiment != other.Experiment {
		return fmt.Sprintf("experiment %s, not %s", p.Experiment, other.Experiment)
	}
	if p.Dataset != other.Dataset {
		return fmt.Sprintf("data set %s %.12s, not %s %.12s", p.Dataset.Name, p.Dataset.Digest, other.Dataset.Name, other.Dataset.Digest)
	}
	if len(p.Trials) != len(other.Trials) {
		return fmt.Sprintf("%s, not %d", message.Count(len(p.Trials), "trial"), len(other.Trials))
	}
	for i, t := range p.Trials {
		o := other.Trials[i]
		if t.ID != o.ID {
			return fmt.Sprintf("trial %d is %s, not %s", i+1, t.ID, o.ID)
		}
		if t.Group != o.Group {
			return fmt.Sprintf("trial %s is of group %q, not %q", t.ID, t.Group, o.Group)
		}
		if there, here := describe(t.Config), describe(o.Config); there != here {
			return fmt.Sprintf("trial %s has %s", t.ID, fieldDifference(there, here))
		}
	}
	return ""
}

// fieldDifference names the first field, by name, in which two JSON objects
// differ.
func fieldDifference(a, b string) string {
	var there, here map[string]json.RawMessage
	if json.Unmarshal([]byte(a), &there) != nil || json.Unmarshal([]byte(b), &here) != nil {
		return "another configuration"
	}
	for _, name := range slices.Sorted(maps.Keys(there)) {
		if v, w := string(there[name]), string(here[name]); v != w {
			return fmt.Sprintf("%s %s, not %s", name, v, w)
		}
	}
	return "another configuration"
}
