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

// difference says why other cannot be joined to p: in what the two differ first, where
// they must agree; units and program version need not.
func (p *Plan) difference(other *Plan) string {
	switch {
	case p.Experiment != other.Experiment:
		return fmt.Sprintf("experiment %s, not %s", p.Experiment, other.Experiment)
	case p.Dataset != other.Dataset:
		return fmt.Sprintf("data set %s %.12s, not %s %.12s", p.Dataset.Name, p.Dataset.Digest, other.Dataset.Name, other.Dataset.Digest)
	}
	if d := p.Budget.difference(other.Budget); d != "" {
		return d
	}
	there, groups, common := p.places(), p.groups(), false
	if p.Budget != nil && len(p.Trials) != len(other.Trials) {
		return fmt.Sprintf("%s that compete for a budget, not %d", message.Count(len(p.Trials), "trial"), len(other.Trials))
	}
	for _, o := range other.Trials {
		at, ok := there[o.ID]
		first, known := groups[o.Group]
		switch {
		case ok && p.Trials[at].Group != o.Group:
			return fmt.Sprintf("trial %s is of group %q, not %q", o.ID, p.Trials[at].Group, o.Group)
		case ok && !reflect.DeepEqual(p.Trials[at].Config, o.Config):
			return fmt.Sprintf("trial %s has %s", o.ID, configDifference(p.Trials[at].Config, o.Config))
		case !ok && p.Budget != nil:
			return fmt.Sprintf("no trial %s, and those there compete for a budget", o.ID)
		case !ok && known && !sameGroup(first, o.Config):
			o.Config.Seed = first.Seed
			return fmt.Sprintf("group %q has %s", o.Group, configDifference(first, o.Config))
		}
		common = common || ok
	}
	if !common {
		return fmt.Sprintf("%s (%s) and none of the %d asked for (%s)",
			message.Count(len(p.Trials), "trial"), extent(p.Trials), len(other.Trials), extent(other.Trials))
	}
	return ""
}

// groups returns the configuration of the first trial of each group, by its name.
func (p *Plan) groups() map[string]train.Config {
	first := map[string]train.Config{}
	for _, t := range p.Trials {
		if _, ok := first[t.Group]; !ok {
			first[t.Group] = t.Config
		}
	}
	return first
}

// sameGroup reports whether two configurations differ in nothing but the seed.
func sameGroup(a, b train.Config) bool {
	b.Seed = a.Seed
	return reflect.DeepEqual(a, b)
}

// extent names the first and the last of some trials.
func extent(trials []Trial) string {
	first, last := trials[0].ID, trials[len(trials)-1].ID
	if first == last {
		return first
	}
	return first + " to " + last
}

// configDifference names the first field, by its JSON name, in which two configurations
// differ: in the order of the fields, so that ns comes before evals, which it limits.
func configDifference(there, here train.Config) string {
	a, b := reflect.ValueOf(there), reflect.ValueOf(here)
	for _, f := range train.Fields() {
		v, err := json.Marshal(a.FieldByIndex(f.Index).Interface())
		w, err2 := json.Marshal(b.FieldByIndex(f.Index).Interface())
		if cmp.Or(err, err2) != nil {
			panic("experiment: configuration that cannot be written: " + cmp.Or(err, err2).Error())
		}
		if string(v) != string(w) {
			return fmt.Sprintf("%s %s, not %s", f.Tag.Get("json"), v, w)
		}
	}
	return "another configuration"
}
