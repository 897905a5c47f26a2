package experiment

import (
	"errors"
	"fmt"
	"slices"

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

// Check returns an error that names the first invalid trial. It wraps ErrPlan, or
// train.ErrConfig if the fault is in the configuration.
func (p *Plan) Check() error {
	for i, t := range p.Trials {
		if err := t.check(i); err != nil {
			return err
		}
	}
	return p.checkTogether()
}

// checkTogether checks what Trial.check does not: the plan's own fields, and the trials
// against each other.
func (p *Plan) checkTogether() error {
	if p.Format != Format {
		return planErrorf("plan of format %d, this program reads %d; use the bnlab that made it", p.Format, Format)
	}
	for _, field := range [][2]string{{"experiment", p.Experiment}, {"program", p.Program}, {"data set", p.Dataset.Name}, {"digest", p.Dataset.Digest}} {
		if !fitName(field[1]) {
			return planErrorf("%s %.60q; use at most %d characters, no control characters", field[0], field[1], MaxName)
		}
	}
	if p.Keep != "" && p.Keep != KeepModels {
		return planErrorf("keep %.60q; give %s, or leave it out", p.Keep, KeepModels)
	}
	if n := len(p.Trials); n == 0 {
		return planErrorf("plan without trials")
	} else if n > maxTrials {
		return planErrorf("plan of %d trials; give at most %d", n, maxTrials)
	}
	if err := p.Budget.check(); err != nil {
		return planErrorf("%v", err)
	}
	seen, first, keys := map[string]bool{}, map[int]int{}, make([]string, len(p.Trials))
	for i, t := range p.Trials {
		if seen[t.ID] {
			return planErrorf("trial %d: another one is named %s; give each value once", i+1, t.ID)
		}
		seen[t.ID] = true
		if c := p.Trials[0].Config; c.Val != t.Config.Val || c.TrainSize != t.Config.TrainSize || c.TestSize != t.Config.TestSize {
			return planErrorf("trials %s and %s: val, train_size and test_size must be the same in a plan", p.Trials[0].ID, t.ID)
		}
		keys[i] = t.Config.BatchKey()
		j, ok := first[t.Unit]
		if !ok {
			first[t.Unit] = i
		} else if keys[i] != keys[j] {
			return planErrorf("trials %s and %s: cannot train side by side", p.Trials[j].ID, t.ID)
		}
	}
	return nil
}

// check checks what can be checked of trial i without the others.
func (t Trial) check(i int) error {
	if !safeName(t.ID) {
		return planErrorf("trial %d: id %.60q is not a file name; use at most %d letters, digits, dots, dashes and underscores", i+1, t.ID, MaxName)
	}
	if !fitName(t.Group) {
		return planErrorf("trial %s: group %.60q; use at most %d characters, no control characters", t.ID, t.Group, MaxName)
	}
	if err := t.Config.Validate(); err != nil {
		return fmt.Errorf("trial %s: %w", t.ID, err)
	}
	return nil
}

// maxTrials is the maximum number of trials in a plan.
const maxTrials = 100_000

// MaxName is the maximum length of a name in a plan, in bytes: of a group, or of a
// trial, which is the name of its folder too.
const MaxName = 200

// fitName reports whether a name can be shown in a line, a table or a terminal: a plan
// or a record may come from anywhere.
func fitName(name string) bool { return len(name) <= MaxName && message.Printable(name) }

// safeName reports whether id is made of letters, digits, dots, dashes, pluses and
// underscores, and does not start with a dot.
func safeName(id string) bool {
	if id == "" || id[0] == '.' || len(id) > MaxName {
		return false
	}
	return !slices.ContainsFunc([]byte(id), func(c byte) bool {
		return !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' ||
			c == '.' || c == '-' || c == '+' || c == '_')
	})
}
