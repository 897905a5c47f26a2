// Package study reads questions about trainings from files: which fields of a
// configuration vary and how, with which seeds, what is compared with what. It makes the
// trials of a question and judges its results.
package study

import (
	"errors"
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
	Keep        string       `json:"keep" values:"models" help:"models: save the trained networks, as trials/ID/model.safetensors"`
	Experiments []Experiment `json:"experiments" help:"what is varied, one or more"`
	Budget      *Budget      `json:"budget" help:"how trials are stopped early; without it all train to their end"`

	path    string         // of its file
	raw     []byte         // its text
	doc     document.Value // what that says, with the changes
	changes []Change
}

// Experiment is a set of trials that vary some fields.
type Experiment struct {
	Name      string      `json:"name" help:"short and safe as the name of a folder"`
	Base      Settings    `json:"base" help:"fields that differ from the study's base"`
	Seeds     Seeds       `json:"seeds" help:"seeds, where they are not the study's"`
	Vary      Variation   `json:"vary" help:"axes whose product is trained"`
	Search    *Search     `json:"search" help:"look for the best value of a field instead, in stages"`
	Contrast  Contrasts   `json:"contrast" help:"axes whose values are compared, paired by seed"`
	Published []Published `json:"published" help:"figures from elsewhere to set beside the results"`
	Claims    []Claim     `json:"claims" help:"statements that the results bear out or refute"`
	Figures   []Figure    `json:"figures" help:"what a report draws"`

	line   int
	shared Settings           // the study's base and its own
	trials []experiment.Trial // of its first stage
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

// value returns the figure of a metric, nil if it is of another.
func (p Published) value(metric string) *float64 {
	switch metric {
	case "test-acc", "":
		return p.TestAcc
	case "val-acc":
		return p.ValAcc
	}
	return nil
}

// ErrStudy is wrapped by every error about a study's file.
var ErrStudy = errors.New("study")

type studyError struct {
	where string // file
	err   error
}

// Error names the file and the line, where they are known.
func (e *studyError) Error() string {
	text := e.err.Error()
	if e.where == "" || !errors.As(e.err, new(*document.Error)) {
		return strings.TrimPrefix(e.where+": "+text, ": ")
	}
	return e.where + strings.Replace(": "+text, ": line ", ", line ", 1)
}

func (e *studyError) Unwrap() []error { return []error{e.err, ErrStudy} }

// located returns the error of a study with its file, where a line of that is wrong. What
// no line has set is told by its field.
func located(path string, err error) error {
	line := (*document.Error)(nil)
	switch {
	case err == nil || errors.As(err, new(*message.FieldError)):
		return err
	case errors.As(err, &line) && line.Line == 0:
		path = ""
	}
	return &studyError{path, err}
}

// Parse reads a study from the text of a file, in the format of the file's extension, and
// checks it whole. Its error is one line with file, line and what to write instead.
func Parse(path string, raw []byte) (*Study, error) {
	v, err := document.Parse(filepath.Ext(path), raw)
	if err != nil {
		return nil, &studyError{path, err}
	}
	s := &Study{path: path, raw: raw, doc: v}
	return s, s.read()
}

// read makes the study of its document.
func (s *Study) read() error {
	s.Seeds = Seeds{1}
	err := s.decode(s.doc)
	if err == nil {
		err = s.check()
	}
	return located(s.path, err)
}

func (s *Study) decode(v document.Value) error {
	if err := v.Decode(s); err != nil {
		return err
	}
	if s.Keep != "" && s.Keep != experiment.KeepModels {
		keep, _ := v.At("keep")
		return keep.Errorf("keep %.40q: give %s%s", s.Keep, experiment.KeepModels, message.DidYouMean("", s.Keep, []string{experiment.KeepModels}))
	}
	if len(s.Experiments) == 0 {
		return v.Errorf("no experiments; write experiments: and a list of what to vary")
	}
	for i := range s.Experiments {
		e := &s.Experiments[i]
		if e.Name == "" && len(s.Experiments) == 1 {
			e.Name = "study"
		}
		if e.Seeds == nil {
			e.Seeds = s.Seeds
		}
		e.shared = slices.Concat(s.Base, e.Base)
	}
	return nil
}

// check checks all experiments, and makes their trials.
func (s *Study) check() error {
	names := map[string]bool{}
	shared, err := s.Config()
	if err != nil {
		return err
	}
	for i := range s.Experiments {
		e := &s.Experiments[i]
		if err := e.checkData(shared); err != nil {
			return err
		}
		if err := e.checkName(names); err != nil {
			return err
		}
		if err := e.checkSearch(); err != nil {
			return err
		}
		if err := e.checkContrasts(); err != nil {
			return err
		}
		trials, err := e.StageTrials(e.Stages()[0], nil)
		if err != nil {
			return err
		}
		e.trials = trials
		for _, check := range []func() error{e.checkPublished, e.checkClaims, e.checkFigures} {
			if err := check(); err != nil {
				return err
			}
		}
	}
	return nil
}

// Config returns the configuration that the trials have in common, but for what
// experiments say.
func (s *Study) Config() (train.Config, error) {
	c, err := apply(train.Default(), s.Base)
	return complete(c), err
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

func firstSeeds(n int) Seeds { return SeedsFrom(1, n) }

// SeedsFrom returns n seeds, first and those that follow it.
func SeedsFrom(first uint64, n int) Seeds {
	seeds := make(Seeds, n)
	for i := range seeds {
		seeds[i] = first + uint64(i)
	}
	return seeds
}

// Value returns the seeds as a file says them: how many, where they are those from 1 on.
func (s Seeds) Value() document.Value {
	if slices.Equal(s, firstSeeds(len(s))) {
		return document.Of(len(s))
	}
	return document.Of([]uint64(s))
}
