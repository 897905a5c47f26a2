package experiment

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"bnlab/blas"
	"bnlab/train"
	"bnlab/train/message"
)

// Summary is the result of an experiment, as --json prints it.
type Summary struct {
	Experiment   string        `json:"experiment"`
	Dataset      Dataset       `json:"dataset"`
	Backend      *blas.Backend `json:"backend"`    // of the first record; nil without one
	Properties   Properties    `json:"properties"` // of the records
	Warnings     []string      `json:"warnings"`   // properties that differ
	Groups       []Group       `json:"groups"`
	Trials       int           `json:"trials"`
	TrainSeconds float64       `json:"train_seconds"` // summed over trials
	EvalSeconds  float64       `json:"eval_seconds"`  // summed over trials
	WallSeconds  float64       `json:"wall_seconds"`
	Best         *Best         `json:"best"`     // of a search for λ; else nil
	Diverged     []string      `json:"diverged"` // trials that ended in NaN or Inf
	Failed       []string      `json:"failed"`   // trials that ended in an error
	Paused       []string      `json:"paused"`   // trials that a budget has stopped
	Missing      []string      `json:"missing"`  // trials without a record, nor paused
	Causes       []train.Cause `json:"-"`        // why trials diverged, each cause once
}

// Summarize groups outcomes in order. Diverged and failed trials are counted but
// excluded from the means.
func Summarize(plan *Plan, outcomes []Outcome) Summary {
	s := Summary{Experiment: plan.Experiment, Dataset: plan.Dataset, Properties: propertiesOf(plan, outcomes)}
	s.Warnings = s.Properties.Differences()
	place := map[string]int{}
	for i, o := range outcomes {
		t := plan.Trials[i]
		if !o.Done() && o.Paused == nil {
			s.Missing = append(s.Missing, t.ID)
			continue
		}
		at, ok := place[t.Group]
		if !ok {
			at = len(s.Groups)
			place[t.Group] = at
			g := Group{Name: t.Group, Config: t.Config}
			if plan.Dataset.IsOriginal() { // the study knows no other data
				g.Published = publishedFor(g.Config)
			}
			s.Groups = append(s.Groups, g)
		}
		if !o.Done() {
			s.Paused = append(s.Paused, t.ID)
			s.Groups[at].pause(*o.Paused)
			s.TrainSeconds += o.Paused.TrainSeconds
			s.EvalSeconds += o.Paused.EvalSeconds
			continue
		}
		if s.Backend == nil {
			s.Backend = &o.Backend
		}
		s.Groups[at].add(o)
		s.count(o)
	}
	for i := range s.Groups {
		s.Groups[i].average()
	}
	return s
}

// count adds an outcome to the totals of all groups.
func (s *Summary) count(o Outcome) {
	switch {
	case o.Error != "":
		s.Failed = append(s.Failed, o.Trial.ID)
	case o.Result.Diverged:
		s.Diverged = append(s.Diverged, o.Trial.ID)
		s.addCauses(o.Trial.Config.WhyDiverged(o.Result.Steps))
	}
	s.Trials++
	s.TrainSeconds += o.Result.TrainSeconds
	s.EvalSeconds += o.Result.EvalSeconds
}

// addCauses adds those that are not there yet.
func (s *Summary) addCauses(causes ...train.Cause) {
	for _, c := range causes {
		if !slices.Contains(s.Causes, c) {
			s.Causes = append(slices.Clip(s.Causes), c)
		}
	}
}

// Join returns the summary of both, s first.
func (s Summary) Join(other Summary) Summary {
	s.Groups = slices.Concat(s.Groups, other.Groups)
	s.Diverged = slices.Concat(s.Diverged, other.Diverged)
	s.addCauses(other.Causes...)
	s.Failed = slices.Concat(s.Failed, other.Failed)
	s.Paused = slices.Concat(s.Paused, other.Paused)
	s.Missing = slices.Concat(s.Missing, other.Missing)
	s.Best = cmp.Or(other.Best, s.Best)
	s.Backend = cmp.Or(s.Backend, other.Backend)
	s.Properties = s.Properties.Join(other.Properties)
	s.Warnings = s.Properties.Differences()
	s.Trials += other.Trials
	s.TrainSeconds += other.TrainSeconds
	s.EvalSeconds += other.EvalSeconds
	return s
}

// ErrTrials is wrapped by the errors of Err.
var ErrTrials = errors.New("trials without a result")

// Err returns an error that names the failed or missing trials, nil if there are none.
// A diverged trial does have a result: that it diverged.
func (s Summary) Err() error {
	if len(s.Failed)+len(s.Missing) == 0 {
		return nil
	}
	return fmt.Errorf("%w: %d failed, %d missing: %s", ErrTrials, len(s.Failed), len(s.Missing),
		message.List(slices.Concat(s.Failed, s.Missing)))
}

// InStage marks all groups as belonging to the given stage of the experiment.
func (s Summary) InStage(name string) Summary {
	s.Groups = slices.Clone(s.Groups)
	for i := range s.Groups {
		s.Groups[i].Stage = name
	}
	return s
}

// add collects the numbers of an outcome.
func (g *Group) add(o Outcome) {
	g.Seconds += o.Result.TrainSeconds + o.Result.EvalSeconds
	switch {
	case o.Error != "":
		g.Failed++
	case o.Result.Diverged:
		g.Diverged++
	default:
		final := o.Result.Final
		g.N++
		if final.TestMetrics != nil {
			g.TestAcc.Values = append(g.TestAcc.Values, final.TestAcc)
		}
		g.ValAcc.Values = append(g.ValAcc.Values, final.ValAcc)
		g.TrainLoss.Values = append(g.TrainLoss.Values, final.TrainLoss)
		g.ValLoss.Values = append(g.ValLoss.Values, final.ValLoss)
		g.addOthers(final.ByStatistics)
	}
}

// addOthers collects the accuracies with other statistics of batch normalisation.
func (g *Group) addOthers(by train.ByStatistics) {
	for _, kind := range train.Kinds {
		m := by.Of(kind)
		if m == nil {
			continue
		}
		if g.Others == nil {
			g.Others = map[string]Spread{}
		}
		add := func(name string, v float64) {
			name += "_" + string(kind)
			g.Others[name] = Spread{Values: append(g.Others[name].Values, v)}
		}
		add("val_acc", m.ValAcc)
		if m.MeasuredTest != nil {
			add("test_acc", m.TestAcc)
		}
	}
}

// pause collects the numbers of a trial that is paused.
func (g *Group) pause(at Rung) {
	if g.Paused == nil {
		g.Paused = &Paused{}
	}
	g.Paused.N++
	g.Paused.Epochs = at.Epochs
	g.Paused.ValAcc.Values = append(g.Paused.ValAcc.Values, at.ValAcc)
}

// average computes the means of what add has collected.
func (g *Group) average() {
	g.Seconds /= float64(max(1, g.N+g.Diverged+g.Failed))
	for _, spread := range []*Spread{&g.TestAcc, &g.ValAcc, &g.TrainLoss, &g.ValLoss} {
		*spread = SpreadOf(spread.Values)
	}
	for name, spread := range g.Others {
		g.Others[name] = SpreadOf(spread.Values)
	}
	if g.Paused != nil {
		g.Paused.ValAcc = SpreadOf(g.Paused.ValAcc.Values)
	}
}
