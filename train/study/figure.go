package study

import (
	"reflect"

	"bnlab/train"
	"bnlab/train/document"
)

// Figure is what a report draws of an experiment: a metric over an axis, or curves over
// the steps of a training.
type Figure struct {
	X      string   `json:"x" help:"axis that lies horizontally"`
	Y      string   `json:"y" values:"test-acc,val-acc,train-loss,val-loss" help:"metric, mean over seeds with a band"`
	Line   string   `json:"line" help:"axis with a line for each value"`
	Panel  string   `json:"panel" help:"axis with a panel for each value"`
	Curves []string `json:"curves" help:"numbers of each evaluation, over the steps, instead of x and y: train-loss, val-acc, eta and others"`

	line int
}

// Decode keeps the line of the figure.
func (f *Figure) Decode(v document.Value) error {
	type plain Figure // without this method
	err := v.Decode((*plain)(f))
	f.line = v.Line
	for _, name := range []*string{&f.X, &f.Y, &f.Line, &f.Panel} {
		*name = document.Hyphened(*name)
	}
	for i, name := range f.Curves {
		f.Curves[i] = document.Hyphened(name)
	}
	return err
}

func (f Figure) errorf(format string, args ...any) error {
	return document.Value{Line: f.line}.Errorf("figure: "+format, args...)
}

// CurveNames returns the numbers that an evaluation of a training has.
func CurveNames() []string {
	return append(alwaysThere(), byStatistics("train-loss", "train-acc", "val-loss", "val-acc")...)
}

// alwaysThere returns those that each evaluation has.
func alwaysThere() (names []string) {
	for _, f := range reflect.VisibleFields(reflect.TypeFor[train.Point]()) {
		if name := document.Hyphened(f.Tag.Get("json")); f.Type.Kind() == reflect.Float64 && name != "epoch" {
			names = append(names, name)
		}
	}
	return names
}
