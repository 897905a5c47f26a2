package study

import (
	"path/filepath"

	"bnlab/train"
	"bnlab/train/document"
	"bnlab/train/experiment"
	"bnlab/train/vary"
)

// Stages returns the names of an experiment's stages in order: of what varies a single
// one without a name.
func (e *Experiment) Stages() []string {
	if e.Search == nil {
		return []string{""}
	}
	stages := []string{Coarse}
	if e.Search.Fine != nil {
		stages = append(stages, Refine)
	}
	if e.Search.Final != nil {
		stages = append(stages, Finals)
	}
	return stages
}

// Folder returns the path of a stage's run folder below that of the study: a single
// experiment, and a single stage, have no folder of their own.
func (s *Study) Folder(e *Experiment, stage string) string {
	if len(s.Experiments) == 1 {
		return stage
	}
	return filepath.Join(e.Name, stage)
}

// StageTrials returns the trials of a stage, which follow from the groups of the stages
// before it. Its error wraps ErrNoBest if none of those has a result.
func (e *Experiment) StageTrials(stage string, before []experiment.Group) ([]experiment.Trial, error) {
	switch stage {
	case Refine:
		values, err := e.fineValues(before)
		if err != nil {
			return nil, err
		}
		return e.trialsAt(stage, e.Search.values(values), e.Seeds)
	case Finals:
		best, err := e.Search.Best(before)
		if err != nil {
			return nil, err
		}
		return e.trialsAt(stage, e.Search.values([]float64{best.Value}), e.Search.Final.Seeds)
	}
	return e.Trials(), nil
}

// values returns the axis of values of the field.
func (s *Search) values(values []float64) vary.Axis {
	axis := vary.Axis{Fields: []string{s.Over}}
	for _, v := range values {
		value := document.Of(v)
		if !vary.Field(&train.Config{}, s.Over).CanFloat() {
			value = document.Of(uint64(v))
		}
		axis.Points = append(axis.Points, vary.Point{Settings: vary.Settings{{Name: s.Over, Value: value}}, Label: s.Over + "=" + value.Text})
	}
	return axis
}

// StageSize returns how many trials a stage has.
func (e *Experiment) StageSize(stage string) int {
	switch stage {
	case Refine:
		return e.Search.Fine.Draw * len(e.Seeds)
	case Finals:
		return len(e.Search.Final.Seeds)
	}
	return len(e.trials)
}

// Size returns how many trials the experiment has, in all stages.
func (e *Experiment) Size() (n int) {
	for _, stage := range e.Stages() {
		n += e.StageSize(stage)
	}
	return n
}

// Questions returns what the experiment tells, each in a few words.
func (e *Experiment) Questions() (all []string) {
	for _, c := range e.Contrast {
		if c.Than != "" {
			all = append(all, e.Name+": "+c.Metric+" against "+c.Than)
			continue
		}
		all = append(all, e.Name+": difference of "+c.Of+" in "+c.Metric)
	}
	if s := e.Search; s != nil {
		all = append(all, e.Name+": best "+s.Over+" by "+s.Choose)
	}
	return all
}
