package study

import (
	"math"
	"slices"
	"strings"

	"bnlab/train/document"
	"bnlab/train/message"
	"bnlab/train/vary"
)

// Claim is a statement that the results of an experiment bear out or refute.
type Claim struct {
	Name   string        `json:"name" help:"what is claimed, in a line"`
	Kind   string        `json:"kind" values:"published-value,Difference,best-over-axis,largest-stable" help:"what the bounds are of"`
	Metric string        `json:"metric" values:"test-acc,val-acc,train-loss,val-loss" help:"what is measured"`
	Of     string        `json:"of" help:"axis whose values are compared, each with the first, or true with false"`
	Axis   string        `json:"axis" help:"axis along which the best or the largest stable value is sought"`
	At     string        `json:"at" values:"best" help:"best: compare each value of the axis where it does best"`
	Where  vary.Settings `json:"where" help:"values of the groups that the claim is about; all without it"`

	Above   *float64 `json:"above" help:"the quantity is above this"`
	Below   *float64 `json:"below" help:"the quantity is below this"`
	AtLeast *float64 `json:"at_least" help:"the quantity is this or more"`
	Within  *float64 `json:"within" help:"the quantity is no further than this from 0, or from the published figure"`

	line int
}

// Kinds of claims.
const (
	PublishedValue = "published-value" // our mean is the published figure's, as far as one seed can be told from another
	Difference     = "difference"      // between two values of an axis, paired by seed
	BestOverAxis   = "best-over-axis"  // value of an axis with the best mean
	LargestStable  = "largest-stable"  // value of an axis up to which no trial diverges
)

// Decode keeps the line of the claim.
func (c *Claim) Decode(v document.Value) error {
	type plain Claim // without this method
	err := v.Decode((*plain)(c))
	c.line = v.Line
	for _, name := range []*string{&c.Kind, &c.Of, &c.Axis, &c.Metric} {
		*name = document.Hyphened(*name)
	}
	return err
}

func (c Claim) errorf(format string, args ...any) error {
	return document.Value{Line: c.line}.Errorf("claim "+format, args...)
}

// fits are the keys that claims of a kind may have, beside name, kind and where.
var fits = map[string][]string{
	PublishedValue: {"metric", "within"},
	Difference:     {"metric", "of", "at", "above", "below", "at-least", "within"},
	BestOverAxis:   {"metric", "axis", "of", "above", "below", "at-least"},
	LargestStable:  {"axis", "of", "above", "below", "at-least"},
}

// given returns the keys that the claim has of those that belong to some kinds only.
func (c Claim) given() (names []string) {
	for name, given := range map[string]bool{
		"metric": c.Metric != "", "of": c.Of != "", "axis": c.Axis != "", "at": c.At != "",
		"above": c.Above != nil, "below": c.Below != nil, "at-least": c.AtLeast != nil, "within": c.Within != nil,
	} {
		if given {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// check checks what needs no experiment.
func (c *Claim) check() error {
	kinds := []string{PublishedValue, Difference, BestOverAxis, LargestStable}
	if !slices.Contains(kinds, c.Kind) {
		return c.errorf("kind %.40q: give %s%s", c.Kind, message.List(kinds), message.DidYouMean("", c.Kind, kinds))
	}
	if c.Name == "" {
		c.Name = c.Kind
	}
	for _, name := range c.given() {
		if !slices.Contains(fits[c.Kind], name) {
			return c.errorf("%s: %s has no %s; it takes %s", c.Name, c.Kind, name, strings.Join(fits[c.Kind], ", "))
		}
	}
	if !message.Printable(c.Name) {
		return c.errorf("%.60q: give a name of printable letters", c.Name)
	}
	if c.Metric != "" {
		if err := checkMetric(c.Metric, c.line, "claim "+c.Name+": "); err != nil {
			return err
		}
	}
	if c.Kind == PublishedValue && c.Metric != "" && !strings.HasSuffix(c.Metric, "-acc") {
		return c.errorf("%s: published figures are of test-acc or val-acc", c.Name)
	}
	if c.At != "" && c.At != "best" {
		return c.errorf("%s: at %.40q: give best, or where: {…}", c.Name, c.At)
	}
	bounds := c.Region()
	switch {
	case c.Kind != PublishedValue && bounds == everything:
		return c.errorf("%s: claims nothing; give %s", c.Name, strings.Join(fits[c.Kind][slices.Index(fits[c.Kind], "above"):], ", "))
	case c.Within != nil && *c.Within < 0:
		return c.errorf("%s: within %g: give 0 or more", c.Name, *c.Within)
	case bounds[0] > bounds[1]:
		return c.errorf("%s: nothing lies between its bounds", c.Name)
	}
	return nil
}

// Region returns the interval in which the claim has its quantity to be.
func (c Claim) Region() [2]float64 {
	r := everything
	for _, bound := range []*float64{c.Above, c.AtLeast} {
		if bound != nil {
			r[0] = max(r[0], *bound)
		}
	}
	if c.Below != nil {
		r[1] = *c.Below
	}
	if c.Within != nil {
		r[0], r[1] = max(r[0], -*c.Within), min(r[1], *c.Within)
	}
	return r
}

// Holds reports whether the claim has the quantity to be v.
func (c Claim) Holds(v float64) bool {
	r := c.Region()
	return v >= r[0] && v <= r[1] && (c.Above == nil || v > *c.Above) && (c.Below == nil || v < *c.Below)
}

// everything is the region of a claim without bounds.
var everything = [2]float64{math.Inf(-1), math.Inf(1)}
