package study

import (
	"reflect"
	"slices"

	"bnlab/train"
	"bnlab/train/document"
	"bnlab/train/message"
	"bnlab/train/vary"
)

// The stages of a search, in order.
const (
	Coarse = "coarse"
	Refine = "fine"
	Finals = "final"
)

// Search looks for the best value of a field in up to three stages: values of a coarse
// grid, values drawn near the best of them, and networks with the value that is best.
// Only these read the test set.
type Search struct {
	Over   string `json:"over" help:"the field, a number"`
	Coarse Grid   `json:"coarse" help:"values of the coarse stage, a list or a range"`
	Fine   *Fine  `json:"fine" help:"values drawn between two of the coarse ones"`
	Choose string `json:"choose" values:"val-acc,val-loss,train-loss" help:"what tells which value is best"`
	Final  *Final `json:"final" help:"networks with the best value"`

	grid vary.Axis
	line int
}

// Grid is a list of values, or a range.
type Grid struct{ value document.Value }

// Decode keeps the values until the field is known.
func (g *Grid) Decode(v document.Value) error {
	g.value = v
	return nil
}

// Fine is a stage of values that are drawn at random.
type Fine struct {
	Draw    int     `json:"draw" help:"how many values"`
	Between string  `json:"between" values:"best-worst,neighbours" help:"the best coarse value and the worst, or the neighbours of the best"`
	Scale   string  `json:"scale" values:"linear,log" help:"in which they are uniform; that of the coarse range, or log"`
	Seed    *uint64 `json:"seed" help:"seed of the draw; the first of the trials'"`
}

// Final is the stage of the networks with the best value.
type Final struct {
	Seeds Seeds `json:"seeds" help:"how many seeds, from 1 on, or a list of them"`
}

// Decode reads a search, whose best value is by default that of the highest validation
// accuracy.
func (s *Search) Decode(v document.Value) error {
	type plain Search // without this method
	*s = Search{Choose: "val-acc", line: v.Line}
	if err := v.Decode((*plain)(s)); err != nil {
		return err
	}
	s.Over, s.Choose = document.Hyphened(s.Over), document.Hyphened(s.Choose)
	if err := s.checkField(v); err != nil {
		return err
	}
	return s.readGrid(v)
}

// checkField checks what is searched over, and by what.
func (s *Search) checkField(v document.Value) error {
	at := func(name string) document.Value { return below(v, name) }
	into := vary.Field(&train.Config{}, s.Over)
	switch {
	case s.Over == "":
		return v.Errorf("search: give over: and the field whose best value is looked for")
	case !into.IsValid():
		return at("over").Errorf("over: %q is no field of a training%s", s.Over, message.DidYouMean("", s.Over, numericFields()))
	case !isNumber(into):
		return at("over").Errorf("over %s: it is not a number; name a field that is, or write vary:", s.Over)
	case s.Choose == "test-acc":
		return at("choose").Errorf("choose test-acc: the test set is for the final networks; give val-acc, val-loss or train-loss")
	case !slices.Contains(criteria, s.Choose):
		return at("choose").Errorf("choose %.40q: give val-acc, val-loss or train-loss%s", s.Choose,
			message.DidYouMean("", s.Choose, criteria))
	}
	return nil
}

// below returns the value of a key, or the table where it has none.
func below(table document.Value, name string) document.Value {
	if v, ok := table.At(name); ok {
		return v
	}
	return table
}

// readGrid reads the coarse values, and checks what depends on them.
func (s *Search) readGrid(v document.Value) (err error) {
	coarse := s.Coarse.value
	_, isRange := coarse.At("from")
	if coarse.Kind != document.List && !isRange {
		return below(v, "coarse").Errorf("search: give coarse: and a list of values of %s, or {from: …, to: …, points: …, scale: log}", s.Over)
	}
	if s.grid, err = vary.AxisOf(document.Key{Name: s.Over, Line: coarse.Line, Value: coarse}, false); err != nil {
		return err
	}
	if s.Fine == nil {
		return nil
	}
	fine, _ := v.At("fine")
	if s.Fine.Scale == "" {
		s.Fine.Scale = "log"
		if s.grid.Range != nil {
			s.Fine.Scale = s.grid.Range.Scale
		}
	}
	least := slices.Min(s.grid.Numbers())
	switch {
	case s.Fine.Draw < 1 || s.Fine.Draw > vary.MaxTrials:
		return fine.Errorf("fine: give draw, how many values, from 1 to %d", vary.MaxTrials)
	case s.Fine.Between != "best-worst" && s.Fine.Between != "neighbours":
		return fine.Errorf("fine: between %.40q: give best-worst or neighbours", s.Fine.Between)
	case s.Fine.Scale != "linear" && s.Fine.Scale != "log":
		return fine.Errorf("fine: scale %.40q: give linear or log", s.Fine.Scale)
	case s.Fine.Scale == "log" && least <= 0:
		return coarse.Errorf("coarse value %g: on a log scale nothing is drawn from 0 or below; give fine: scale: linear, or leave it out", least)
	case len(s.grid.Points) < 2:
		return coarse.Errorf("coarse: one value; give two or more, between which the fine stage draws")
	}
	return nil
}

// Decode reads the fine stage, by default between the best and the worst.
func (f *Fine) Decode(v document.Value) error {
	type plain Fine // without this method
	f.Between = "best-worst"
	return v.Decode((*plain)(f))
}

// isNumber reports whether a field is one that is searched over.
func isNumber(field reflect.Value) bool { return field.CanInt() || field.CanUint() || field.CanFloat() }

// numericFields returns the names of the fields that are numbers.
func numericFields() []string {
	return slices.DeleteFunc(vary.Fields(), func(name string) bool {
		_, not := vary.CannotVary[name]
		return not || !isNumber(vary.Field(&train.Config{}, name))
	})
}
