// Package study reads questions about trainings from files: which fields of a
// configuration vary and how, with which seeds, what is compared with what. It makes the
// trials of a question and judges its results.
package study

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"bnlab/train"
	"bnlab/train/document"
	"bnlab/train/experiment"
	"bnlab/train/message"
)

// Study is a question as a file: one or more experiments over a common base.
type Study struct {
	Title       string       `json:"title" help:"what is asked, in a line"`
	Source      string       `json:"source" help:"where the question comes from"`
	Base        Settings     `json:"base" help:"fields of the configuration that all trials share, by their flags' names"`
	Seeds       Seeds        `json:"seeds" help:"how many seeds, from 1 on, or a list of them"`
	Experiments []Experiment `json:"experiments" help:"what is varied, one or more"`
}

// Experiment is a set of trials that vary some fields.
type Experiment struct {
	Name      string      `json:"name" help:"short and safe as the name of a folder"`
	Base      Settings    `json:"base" help:"fields that differ from the study's base"`
	Seeds     Seeds       `json:"seeds" help:"seeds, where they are not the study's"`
	Vary      Variation   `json:"vary" help:"axes whose product is trained"`
	Contrast  Contrasts   `json:"contrast" help:"axes whose values are compared, paired by seed"`
	Published []Published `json:"published" help:"figures from elsewhere to set beside the results"`

	line   int
	trials []experiment.Trial
}

// Decode keeps the line at which the experiment begins.
func (e *Experiment) Decode(v document.Value) error {
	type plain Experiment // without this method
	err := v.Decode((*plain)(e))
	e.line = v.Line
	return err
}

// Published is a figure of the groups that Where selects.
type Published struct {
	Where   Settings `json:"where" help:"values of the groups that the figure is of"`
	TestAcc *float64 `json:"test_acc" help:"test accuracy, from 0 to 1"`
	ValAcc  *float64 `json:"val_acc" help:"validation accuracy, from 0 to 1"`
	Source  string   `json:"source" help:"where the figure stands"`

	line int
}

// Decode keeps the line of the figure.
func (p *Published) Decode(v document.Value) error {
	type plain Published // without this method
	err := v.Decode((*plain)(p))
	p.line = v.Line
	return err
}

// ErrStudy is wrapped by every error about a study's file.
var ErrStudy = errors.New("study")

type studyError struct {
	where string // file
	err   error
}

// Error names the file and, where it is known, the line.
func (e *studyError) Error() string {
	return e.where + strings.Replace(": "+e.err.Error(), ": line ", ", line ", 1)
}

func (e *studyError) Unwrap() []error { return []error{e.err, ErrStudy} }

// Parse reads a study from the text of a file, in the format of the file's extension, and
// checks it whole. Its error is one line with file, line and what to write instead.
func Parse(path string, raw []byte) (*Study, error) {
	s, err := parse(filepath.Ext(path), raw)
	if err != nil {
		return nil, &studyError{path, err}
	}
	return s, nil
}

func parse(extension string, raw []byte) (*Study, error) {
	v, err := document.Parse(extension, raw)
	if err != nil {
		return nil, err
	}
	s := &Study{Seeds: Seeds{1}}
	if err := v.Decode(s); err != nil {
		return nil, err
	}
	if len(s.Experiments) == 0 {
		return nil, v.Errorf("no experiments; write experiments: and a list of what to vary")
	}
	for i := range s.Experiments {
		e := &s.Experiments[i]
		if e.Name == "" && len(s.Experiments) == 1 {
			e.Name = "study"
		}
		if e.Seeds == nil {
			e.Seeds = s.Seeds
		}
	}
	return s, s.check()
}

// check checks all experiments, and makes their trials.
func (s *Study) check() error {
	names := map[string]bool{}
	for i := range s.Experiments {
		e := &s.Experiments[i]
		if err := e.checkName(names); err != nil {
			return err
		}
		if err := e.checkContrasts(); err != nil {
			return err
		}
		trials, err := s.trialsOf(*e)
		if err != nil {
			return err
		}
		e.trials = trials
		if err := e.checkPublished(); err != nil {
			return err
		}
	}
	return nil
}

// Override sets fields of the base, each as ns=900, and the seeds, from 1 to seeds, 0 to
// leave those of the file, over what the study and its experiments say. What varies still
// does.
func (s *Study) Override(set []string, seeds int) error {
	if len(set) == 0 && seeds == 0 {
		return nil
	}
	for _, text := range set {
		name, value, err := Setting(text)
		if err != nil {
			return err
		}
		v, err := document.Parse(".yaml", []byte(name+": "+value))
		if err != nil {
			return message.Fieldf("{set} %q: %v", text, err)
		}
		if err := (&Settings{}).Decode(v); err != nil {
			return message.Fieldf("{set} %q: %v", text, strings.TrimPrefix(err.Error(), "line 1: "))
		}
		s.Base = append(s.Base, v.Keys...)
		for i := range s.Experiments {
			s.Experiments[i].Base = append(s.Experiments[i].Base, v.Keys...)
		}
	}
	for i := range s.Experiments {
		if seeds > 0 {
			s.Experiments[i].Seeds = firstSeeds(seeds)
		}
	}
	return s.check()
}

func firstSeeds(n int) Seeds {
	seeds := make(Seeds, n)
	for i := range seeds {
		seeds[i] = uint64(i + 1)
	}
	return seeds
}

// Config returns the configuration that the trials have in common, but for what
// experiments say.
func (s *Study) Config() (train.Config, error) {
	c, err := apply(train.Default(), s.Base)
	return complete(c), err
}

func (e *Experiment) errorf(format string, args ...any) error {
	return &document.Error{Line: e.line, Text: fmt.Sprintf(format, args...)}
}

func (e *Experiment) checkName(names map[string]bool) error {
	if e.Name == "" || !message.Printable(e.Name) || len(e.Name) > 40 || strings.ContainsAny(e.Name, "/\\ ") || e.Name[0] == '.' {
		return e.errorf("experiment %.60q: give it a name that can be a folder's", e.Name)
	}
	if names[e.Name] {
		return e.errorf("another experiment is named %s", e.Name)
	}
	names[e.Name] = true
	return nil
}

func (e *Experiment) checkContrasts() error {
	for _, c := range e.Contrast {
		if e.Vary.Draw != nil {
			return &document.Error{Line: c.line, Text: "contrast " + c.Of + ": points that are drawn have no partners; leave draw out"}
		}
		if _, err := e.axis(c); err != nil {
			return err
		}
	}
	return nil
}

func (e *Experiment) checkPublished() error {
	for _, p := range e.Published {
		if !slices.ContainsFunc(e.trials, func(t experiment.Trial) bool { return p.Where.meets(t.Config) }) {
			return &document.Error{Line: p.line, Text: "published: no group has these values; see what the experiment varies"}
		}
	}
	return nil
}

// Seeds are the seeds of an experiment's trials.
type Seeds []uint64

// maxSeeds is the most seeds of an experiment.
const maxSeeds = 100_000

// Decode reads a number of seeds, or a list of them.
func (s *Seeds) Decode(v document.Value) error {
	if v.Kind == document.List {
		var list []uint64
		if err := v.Decode(&list); err != nil {
			return err
		}
		*s = list
	} else {
		var n int
		if err := v.Decode(&n); err != nil || n < 1 || n > maxSeeds {
			return v.Errorf("seeds %.20q: give a number from 1 to %d, or a list of seeds", v.Text, maxSeeds)
		}
		*s = firstSeeds(n)
	}
	seen := map[uint64]bool{}
	for _, seed := range *s {
		if seen[seed] {
			return v.Errorf("seed %d is there twice", seed)
		}
		seen[seed] = true
	}
	if len(*s) == 0 {
		return v.Errorf("no seeds; give a number from 1 to %d, or a list of seeds", maxSeeds)
	}
	return nil
}
