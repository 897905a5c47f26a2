// Package monitor shows what stands in a run folder, or in those of a study, while any
// processes write to them. It only reads, and at each look only what has changed.
package monitor

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"bnlab/train/answer"
	"bnlab/train/experiment"
	"bnlab/train/study"
)

// Monitor looks at a folder again and again. It is not to be used by several goroutines.
type Monitor struct {
	dir      string
	question fs.FileInfo // as it was read; nil for none
	study    *study.Study
	plans    map[string]*experiment.Follower // by folder
	planned  int                             // of them, at the last look
}

// State is what a look shows. It holds until the next one.
type State struct {
	Title   string // of the study; else the experiment of the plan
	Plans   []Plan // in the order in which they are trained
	Changed bool   // since the look before
}

// Plan is a run folder of the state.
type Plan struct {
	Name    string // experiment and stage; empty for the only plan
	Dir     string
	Waiting bool // there is no plan yet: it follows from results that are not there
	Stage   string
	Of      *study.Experiment // whose stage it is, the same one until the question changes; nil without a question
	experiment.Look
}

// New returns what looks at the folder dir: that of a run, of a study, or of several runs.
func New(dir string) *Monitor { return &Monitor{dir: dir, plans: map[string]*experiment.Follower{}} }

// Look looks at the folder. An error, such as that the folder does not exist, says what is
// wrong now: the next look may succeed.
func (m *Monitor) Look() (State, error) {
	if err := m.ask(); err != nil {
		return State{}, err
	}
	var s State
	planned := 0
	for _, p := range m.parts() {
		if p.Waiting && !answer.HasPlan(p.Dir) {
			s.Plans = append(s.Plans, p)
			continue
		}
		follower := m.plans[p.Dir]
		if follower == nil {
			follower = experiment.Follow(p.Dir)
			m.plans[p.Dir] = follower
		}
		look, err := follower.Look()
		if err != nil {
			return State{}, err
		}
		planned++
		p.Waiting, p.Look = false, look
		s.Plans = append(s.Plans, p)
		s.Changed = s.Changed || look.Changed
	}
	s.Changed = s.Changed || planned != m.planned
	m.planned = planned
	s.Title = m.title(s.Plans)
	return s, nil
}

// ask reads the question if it has changed. One that cannot be read is none where there is
// a plan.
func (m *Monitor) ask() error {
	info, err := os.Stat(filepath.Join(m.dir, answer.QuestionFile))
	if err != nil {
		m.question, m.study = nil, nil
		return nil // there is a plan, or none, which its reader says
	}
	if m.question != nil && info.ModTime().Equal(m.question.ModTime()) && info.Size() == m.question.Size() {
		return nil
	}
	s, err := answer.Open(m.dir)
	if err != nil && !answer.HasPlan(m.dir) {
		return err
	}
	m.question, m.study = info, s
	return nil
}

// parts returns the plans that are to be followed, those of later stages as waiting.
func (m *Monitor) parts() (plans []Plan) {
	if m.study == nil {
		return runsIn(m.dir)
	}
	parts := answer.Parts(m.study, m.dir)
	for _, p := range parts {
		plan := Plan{Dir: p.Dir, Waiting: p.Stage != p.Stages()[0], Stage: p.Stage, Of: p.Experiment}
		if len(parts) > 1 {
			plan.Name = p.Name
		}
		if p.Stage != "" {
			plan.Name = p.Name + ", " + p.Stage + " stage"
		}
		plans = append(plans, plan)
	}
	return plans
}

// runsIn returns the run folders in dir, or in folders there, up to three below; dir itself if
// it is one, or if there are none, which its reader says.
func runsIn(dir string) (plans []Plan) {
	if answer.HasPlan(dir) {
		return []Plan{{Dir: dir}}
	}
	const deepest = 3
	_ = filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		below, _ := filepath.Rel(dir, path)
		switch {
		case err != nil || !entry.IsDir():
			return nil // another look may see more
		case path != dir && answer.HasPlan(path):
			plans = append(plans, Plan{Name: filepath.ToSlash(below), Dir: path})
			return fs.SkipDir
		case strings.Count(below, string(filepath.Separator)) == deepest-1:
			return fs.SkipDir
		}
		return nil
	})
	if plans == nil {
		return []Plan{{Dir: dir}}
	}
	return plans
}

func (m *Monitor) title(plans []Plan) string {
	if m.study != nil && m.study.Title != "" {
		return m.study.Title
	}
	if f := plans[0].Folder; f != nil && len(plans) == 1 {
		return f.Plan.Experiment
	}
	return filepath.Base(m.dir)
}
