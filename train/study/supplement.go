package study

import (
	"bytes"
	"errors"
	"path/filepath"
	"slices"
	"strconv"

	"bnlab/train/atomicfile"
	"bnlab/train/document"
	"bnlab/train/experiment"
	"bnlab/train/message"
)

// Files in a run folder that, with its records, say what was asked and what came of it.
const (
	QuestionFile = "study.yaml"  // the question, with what a command line has changed
	RecordsFile  = "records.csv" // a line for each trial
)

// Text returns the study as a file in YAML: as it was written, comments included, with
// what Override has set.
func (s *Study) Text() ([]byte, error) {
	if len(s.changes) == 0 && s.seeds == 0 && document.IsYAML(s.extension) {
		return s.raw, nil
	}
	t, err := document.ReadDraft(s.extension, s.raw)
	if err != nil {
		return nil, err
	}
	root := t.Root()
	experiments := root.Tables("experiments")
	if _, ok := root.Table("base"); !ok && len(s.changes) > 0 {
		err = root.Set("base", "{}", "experiments")
	}
	for _, c := range s.changes {
		for _, table := range append(experiments[:len(experiments):len(experiments)], root) {
			if base, ok := table.Table("base"); ok {
				base.Delete(c.name) // of two fields that belong together the later one counts
				err = errors.Join(err, base.Set(c.name, c.value, ""))
			}
		}
	}
	if s.seeds > 0 {
		err = errors.Join(err, root.Set("seeds", strconv.Itoa(s.seeds), "experiments"))
		for _, e := range experiments {
			e.Delete("seeds")
		}
	}
	if err != nil {
		return nil, err
	}
	return t.YAML()
}

// folder returns the folder of an experiment below that of the study: a single one has no
// folder of its own.
func (s *Study) folder(e Experiment) string {
	if len(s.Experiments) == 1 {
		return ""
	}
	return e.Name
}

// begin makes the folders of all experiments in the lab's run folder, and puts the
// question beside them.
func (s *Study) begin(lab *experiment.Lab, plans []*experiment.Plan) error {
	text, err := s.Text()
	if err != nil {
		return err
	}
	there, err := atomicfile.Read(fileIn(lab.Dir, QuestionFile), maxQuestion)
	if err == nil && !bytes.Equal(there, text) && !s.holds(lab.Dir) {
		return message.Fieldf("{out} %s: its %s is another question, without results; name another folder", lab.Dir, QuestionFile)
	}
	for i, e := range s.Experiments {
		if _, err := lab.Create(plans[i], s.folder(e)); err != nil {
			return err
		}
	}
	if err == nil && bytes.Equal(there, text) {
		return nil
	}
	return atomicfile.Write(fileIn(lab.Dir, QuestionFile), text)
}

// maxQuestion limits the size of a question in bytes, above what a command reads.
const maxQuestion = 1 << 20

// holds reports whether a folder holds a run of one of the experiments.
func (s *Study) holds(dir string) bool {
	return slices.ContainsFunc(s.Experiments, func(e Experiment) bool {
		_, err := experiment.Open(filepath.Join(dir, s.folder(e)))
		return err == nil
	})
}

// fileIn returns the path of a file in a folder, which may be a link.
func fileIn(dir, name string) string {
	if real, err := atomicfile.Real(dir); err == nil {
		dir = real
	}
	return filepath.Join(dir, name)
}

// keepRecords writes the table of all trials to the run folder.
func keepRecords(dir string, results []Result) error {
	var text bytes.Buffer
	table := experiment.NewCSV(&text)
	for _, r := range results {
		table.Write(r.Plan, r.Outcomes)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	return atomicfile.Write(fileIn(dir, RecordsFile), text.Bytes())
}
