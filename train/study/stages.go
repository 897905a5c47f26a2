package study

import (
	"bnlab/train"
	"bnlab/train/document"
	"bnlab/train/experiment"
)

// The stages of a search, in order.
const (
	Coarse = "coarse"
	Refine = "fine"
	Finals = "final"
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

// StageTrials returns the trials of a stage, which follow from the groups of the stages
// before it. Its error wraps ErrNoBest if none of those has a result.
func (e *Experiment) StageTrials(stage string, before []experiment.Group) ([]experiment.Trial, error) {
	if e.Search == nil {
		return e.trialsOf(e.Vary, e.Seeds)
	}
	axis, seeds := e.Search.grid, e.Seeds
	switch stage {
	case Refine:
		values, err := e.fineValues(before)
		if err != nil {
			return nil, err
		}
		axis = e.Search.values(values)
	case Finals:
		best, err := e.Search.best(before)
		if err != nil {
			return nil, err
		}
		axis, seeds = e.Search.values([]float64{best.Value}), e.Search.Final.Seeds
	}
	trials, err := e.trialsOf(Variation{Axes: []Axis{axis}}, seeds)
	for i := range trials {
		trials[i].Config.NoTest = stage != Finals // it is not for choosing
	}
	return trials, err
}

// values returns the axis of values of the field.
func (s *Search) values(values []float64) Axis {
	axis := Axis{Fields: []string{s.Over}}
	for _, v := range values {
		value := document.Of(v)
		if !field(&train.Config{}, s.Over).CanFloat() {
			value = document.Of(uint64(v))
		}
		axis.Points = append(axis.Points, Point{Settings{{Name: s.Over, Value: value}}, s.Over + "=" + value.Text})
	}
	return axis
}

// Size returns how many trials the experiment has, in all stages.
func (e *Experiment) Size() (n int) {
	for _, stage := range e.Stages() {
		n += Part{Experiment: e, Stage: stage}.Size()
	}
	return n
}

// Questions returns what the experiment tells, each in a few words.
func (e *Experiment) Questions() (all []string) {
	for _, c := range e.Contrast {
		all = append(all, e.Name+": difference of "+c.Of+" in "+c.Metric)
	}
	if s := e.Search; s != nil {
		all = append(all, e.Name+": best "+s.Over+" by "+s.Choose)
	}
	return all
}
