package study

import (
	"bnlab/train/document"
	"bnlab/train/vary"
)

// Published is a figure of the groups that Where selects.
type Published struct {
	Where   vary.Settings `json:"where" help:"values of the groups that the figure is of"`
	TestAcc *float64      `json:"test_acc" help:"test accuracy, from 0 to 1"`
	ValAcc  *float64      `json:"val_acc" help:"validation accuracy, from 0 to 1"`
	Source  string        `json:"source" help:"where the figure stands"`

	line int
}

// Decode keeps the line of the figure.
func (p *Published) Decode(v document.Value) error {
	type plain Published // without this method
	err := v.Decode((*plain)(p))
	p.line = v.Line
	return err
}

// Of returns the figure of a metric, nil if it is of another.
func (p Published) Of(metric string) *float64 {
	switch metric {
	case "test-acc", "":
		return p.TestAcc
	case "val-acc":
		return p.ValAcc
	}
	return nil
}
