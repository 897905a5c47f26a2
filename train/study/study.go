// Package study reads questions about trainings from files: which fields of a
// configuration vary and how, with which seeds, what is compared with what. It says which
// trials a question asks for, stage by stage.
package study

import (
	"path/filepath"
	"slices"

	"bnlab/train"
	"bnlab/train/document"
	"bnlab/train/experiment"
	"bnlab/train/message"
	"bnlab/train/vary"
)

// Study is a question as a file: one or more experiments over a common base.
type Study struct {
	Title       string        `json:"title" help:"what is asked, in a line"`
	Source      string        `json:"source" help:"where the question comes from"`
	Base        vary.Settings `json:"base" help:"fields of the configuration that all trials share, by their flags' names"`
	Seeds       Seeds         `json:"seeds" help:"how many seeds, from 1 on, or a list of them"`
	Keep        string        `json:"keep" values:"models" help:"models: save the trained networks, as trials/ID/model.safetensors"`
	Experiments []Experiment  `json:"experiments" help:"what is varied, one or more"`
	Budget      *Budget       `json:"budget" help:"how trials are stopped early; without it all train to their end"`

	path    string         // of its file
	raw     []byte         // its text
	doc     document.Value // what that says, with the changes
	changes []Change
}

// Experiment is a set of trials that vary some fields.
type Experiment struct {
	Name      string         `json:"name" help:"short and safe as the name of a folder"`
	Base      vary.Settings  `json:"base" help:"fields that differ from the study's base"`
	Seeds     Seeds          `json:"seeds" help:"seeds, where they are not the study's"`
	Vary      vary.Variation `json:"vary" help:"axes whose product is trained"`
	Search    *Search        `json:"search" help:"look for the best value of a field instead, in stages"`
	Contrast  Contrasts      `json:"contrast" help:"axes whose values are compared, paired by seed"`
	Published []Published    `json:"published" help:"figures from elsewhere to set beside the results"`
	Claims    []Claim        `json:"claims" help:"statements that the results bear out or refute"`
	Figures   []Figure       `json:"figures" help:"what a report draws"`

	line   int
	shared vary.Settings      // the study's base and its own
	trials []experiment.Trial // of its first stage
}

// Decode keeps the line at which the experiment begins.
func (e *Experiment) Decode(v document.Value) error {
	type plain Experiment // without this method
	err := v.Decode((*plain)(e))
	e.line = v.Line
	return err
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
		trials, err := e.firstTrials()
		if err != nil {
			return err
		}
		e.trials = trials
		for _, check := range []func() error{e.checkPairs, e.checkPublished, e.checkClaims, e.checkFigures} {
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
	c, err := s.Base.Apply(train.Default())
	return vary.Complete(c), err
}
