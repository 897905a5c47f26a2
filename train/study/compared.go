package study

import (
	"bnlab/train"
	"bnlab/train/document"
)

// Contrasts are what an experiment compares.
type Contrasts []Compared

// Compared is an axis whose values are compared: each with the first, or with false, at
// each value of the other axes. Without an axis it is two metrics of the same trials.
type Compared struct {
	Of     string `json:"of" help:"the axis"`
	Metric string `json:"metric" values:"test-acc,val-acc,train-loss,val-loss" help:"what is compared"`
	Than   string `json:"than" help:"in place of of: another metric, which is subtracted in the same trials"`

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
		one.Of, one.Metric, one.Than = document.Hyphened(one.Of), document.Hyphened(one.Metric), document.Hyphened(one.Than)
		if err := one.check(item); err != nil {
			return err
		}
		*c = append(*c, one)
	}
	return nil
}

func (c Compared) check(v document.Value) error {
	if err := checkMetric(c.Metric, v.Line, ""); err != nil {
		return err
	}
	switch {
	case c.Than == "":
		return nil // whether there is such an axis, the experiment knows
	case c.Of != "":
		return v.Errorf("contrast: of %s and than %s: give one of the two", c.Of, c.Than)
	case c.Than == c.Metric:
		return v.Errorf("contrast: metric %s than itself", c.Metric)
	}
	return checkMetric(c.Than, v.Line, "contrast: than: ")
}

// AsksFor reports whether trials of c have both numbers that it compares.
func (c Compared) AsksFor(config train.Config) bool {
	return hasMetric(config, c.Metric) && hasMetric(config, c.Than)
}
