package study

import "bnlab/train/document"

// Contrasts are what an experiment compares.
type Contrasts []Compared

// Compared is an axis whose values are compared: each with the first, or with false, at
// each value of the other axes.
type Compared struct {
	Of     string `json:"of" help:"the axis"`
	Metric string `json:"metric" values:"test-acc,val-acc,train-loss,val-loss" help:"what is compared"`

	line int
}

// Decode reads the name of an axis, a table, or a list of these.
func (c *Contrasts) Decode(v document.Value) error {
	items := []document.Value{v}
	if v.Kind == document.List {
		items = v.Items
	}
	for _, item := range items {
		one := Compared{Metric: "test-acc", line: item.Line}
		if item.Kind == document.Table {
			if err := item.Decode(&one); err != nil {
				return err
			}
		} else if err := item.Decode(&one.Of); err != nil {
			return err
		}
		one.Of, one.Metric = document.Hyphened(one.Of), document.Hyphened(one.Metric)
		if err := checkMetric(one.Metric, item.Line, ""); err != nil {
			return err
		}
		*c = append(*c, one)
	}
	return nil
}
