package report

import (
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"bnlab/train/answer"
	"bnlab/train/experiment"
	"bnlab/train/study"
	"bnlab/train/vary"
)

// Question is an experiment of a study, and what the runs say to it.
type Question struct {
	*study.Experiment
	Study  *study.Study
	Result answer.Result

	runs []*Run // one for each stage
}

// ask sets what the run is part of, from the question in its folder or above it. Its error
// says why that is not used.
func (r *Run) ask(dir string) error {
	r.field, r.choose = "lambda", "val-acc"
	if r.Plan.Experiment == "search" { // perhaps made before studies were files
		r.Stage = stageOf(dir)
	}
	if real, err := filepath.EvalSymlinks(dir); err == nil {
		dir = real
	}
	part, found, err := answer.PartAt(dir)
	if err != nil || !found {
		return err
	}
	r.part, r.Stage = &part, part.Stage
	if s := part.Search; s != nil {
		r.field, r.choose = s.Over, s.Choose
	}
	return nil
}

// questions returns what the runs answer, in their order.
func questions(runs []*Run) ([]*Question, error) {
	var all []*Question
	for _, r := range runs {
		if r.part == nil {
			continue
		}
		at := slices.IndexFunc(all, func(q *Question) bool {
			return q.runs[0].part.Root() == r.part.Root() && q.Name == r.part.Name
		})
		if at < 0 {
			at = len(all)
			all = append(all, &Question{Experiment: r.part.Experiment, Study: r.part.Study()})
		}
		all[at].runs = append(all[at].runs, r)
	}
	for _, q := range all {
		if err := q.conclude(); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// conclude sets the result. Of pooled folders all seeds count.
func (q *Question) conclude() error {
	if len(q.runs[0].folders) > 1 {
		if err := q.takeSeeds(); err != nil {
			return err
		}
	}
	var trained []answer.Trained
	for _, r := range q.runs {
		trained = append(trained, answer.Trained{Stage: r.Stage, Plan: r.Plan, Outcomes: r.outcomes})
	}
	var err error
	q.Result, err = answer.Conclude(q.Experiment, trained)
	q.publish()
	return err
}

// name is that of the run, or the folder in which those of a search are: an experiment may
// have been run several times.
func (q *Question) name() string {
	if len(q.runs) == 1 && q.runs[0].Stage == "" {
		return q.runs[0].Name
	}
	if dir := path.Dir(q.runs[0].Name); dir != "." {
		return dir
	}
	return q.Name
}

// waiting says which stages of a search have no plan yet.
func (q *Question) waiting() []string {
	var names []string
	first := q.runs[0].part
	for _, p := range answer.Parts(first.Study(), first.Root()) {
		if p.Name == q.Name && !answer.HasPlan(p.Dir) {
			names = append(names, p.Stage)
		}
	}
	switch len(names) {
	case 0:
		return nil
	case 1:
		return []string{fmt.Sprintf("%s: the %s stage has not begun: the run is unfinished.", q.name(), names[0])}
	}
	return []string{fmt.Sprintf("%s: the stages %s have not begun: the run is unfinished.", q.name(), strings.Join(names, " and "))}
}

// publish sets beside the groups of the runs what the study says is published of them.
func (q *Question) publish() {
	for _, r := range q.runs {
		for i := range r.Summary.Groups {
			g := &r.Summary.Groups[i]
			for _, of := range q.Result.Groups {
				if of.Stage == g.Stage && of.Name == g.Name {
					g.Published = of.Published
				}
			}
		}
	}
}

// takeSeeds makes the question one of all seeds that its run has.
func (q *Question) takeSeeds() error {
	var seeds []uint64
	for _, t := range q.runs[0].Plan.Trials {
		seeds = append(seeds, t.Config.Seed)
	}
	slices.Sort(seeds)
	s, err := q.Study.With(study.Change{Experiment: q.Name, Path: "seeds", Value: slices.Compact(seeds)})
	if err != nil {
		return err
	}
	at := slices.IndexFunc(s.Experiments, func(e study.Experiment) bool { return e.Name == q.Name })
	q.Study, q.Experiment = s, &s.Experiments[at]
	return nil
}

// Asked is the question of a study as a file of the report.
type Asked struct {
	File    string
	Dataset string // name of the images
	study   *study.Study
}

// asked returns the questions that the runs answer, those of one folder as one.
func (s *Study) asked() (all []Asked) {
	seen := map[string]bool{}
	for _, q := range s.Questions {
		root := q.runs[0].part.Root()
		if seen[root] {
			continue
		}
		seen[root] = true
		name := answer.QuestionFile
		if len(all) > 0 {
			name = fmt.Sprintf("study-%d.yaml", len(all)+1)
		}
		all = append(all, Asked{name, q.runs[0].Plan.Dataset.Name, q.Study})
	}
	return all
}

// repeat returns the commands that train the questions of the report again; nothing where a
// run is of none.
func (s *Study) repeat() string {
	if s.Again == nil || slices.ContainsFunc(s.Runs, func(r *Run) bool { return r.part == nil }) {
		return ""
	}
	return strings.Join(s.Again(s.asked()), "\n")
}

// places returns where on the axes of the question the groups of its run stand.
func (q *Question) places() [][]int {
	places := make([][]int, len(q.groups()))
	for i, g := range q.groups() {
		places[i] = q.Vary.Place(g.Config)
	}
	return places
}

func (q *Question) groups() []experiment.Group { return q.runs[0].Summary.Groups }

// axis returns an axis of the question by the name of its field; false for none.
func (q *Question) axis(name string) (vary.Axis, bool) {
	i := q.Vary.Axis(name)
	if i < 0 {
		return vary.Axis{}, false
	}
	return q.Vary.Axes[i], true
}
