package experiment

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"

	"bnlab/train"
	"bnlab/train/message"
)

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
	if err := p.checkTogether(); err != nil {
		return nil, err
	}
	return &p, nil
}

// notPlan says why a text is not a plan, and what to do: a plan is made from flags
// alone, and a new one finds the existing trials.
func notPlan(reason any) error {
	return fmt.Errorf("not a plan: %v; move it away and run the command that made it again: finished trials stay", reason)
}

// planText is a plan as read.
type planText struct {
	Plan
	Trials checkedTrials `json:"trials"`
}

// checkedTrials are trials that are checked while they are read, so that a long list of
// empty elements takes no more memory than its first element.
type checkedTrials []Trial

// UnmarshalJSON reads a list of trials.
func (ts *checkedTrials) UnmarshalJSON(raw []byte) error {
	*ts = nil
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if open, err := d.Token(); err != nil || open != json.Delim('[') {
		return errors.New("trials are not a list")
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

// difference names the first difference between other and p; units and program version
// do not count.
func (p *Plan) difference(other *Plan) string {
	switch {
	case p.Experiment != other.Experiment:
		return fmt.Sprintf("experiment %s, not %s", p.Experiment, other.Experiment)
	case p.Dataset != other.Dataset:
		return fmt.Sprintf("data set %s %.12s, not %s %.12s", p.Dataset.Name, p.Dataset.Digest, other.Dataset.Name, other.Dataset.Digest)
	case len(p.Trials) != len(other.Trials):
		return fmt.Sprintf("%s, not %d", message.Count(len(p.Trials), "trial"), len(other.Trials))
	}
	if d := p.Budget.difference(other.Budget); d != "" {
		return d
	}
	for i, t := range p.Trials {
		switch o := other.Trials[i]; {
		case t.ID != o.ID:
			return fmt.Sprintf("trial %d is %s, not %s", i+1, t.ID, o.ID)
		case t.Group != o.Group:
			return fmt.Sprintf("trial %s is of group %q, not %q", t.ID, t.Group, o.Group)
		case !reflect.DeepEqual(t.Config, o.Config):
			return fmt.Sprintf("trial %s has %s", t.ID, configDifference(t.Config, o.Config))
		}
	}
	return ""
}

// configDifference names the first field, by its JSON name, in which two configurations
// differ: in the order of the fields, so that ns comes before evals, which it limits.
func configDifference(there, here train.Config) string {
	a, b := reflect.ValueOf(there), reflect.ValueOf(here)
	for i := range a.NumField() {
		v, err := json.Marshal(a.Field(i).Interface())
		w, err2 := json.Marshal(b.Field(i).Interface())
		if cmp.Or(err, err2) != nil {
			panic("experiment: configuration that cannot be written: " + cmp.Or(err, err2).Error())
		}
		if string(v) != string(w) {
			return fmt.Sprintf("%s %s, not %s", a.Type().Field(i).Tag.Get("json"), v, w)
		}
	}
	return "another configuration"
}
