package vary

import (
	"cmp"
	"slices"
	"strings"

	"bnlab/train"
	"bnlab/train/document"
	"bnlab/train/message"
)

// MaxTrials is the most trials of a study.
const MaxTrials = 100_000

// Axis is one or more fields that vary together, step by step, or settings that have
// names.
type Axis struct {
	Fields []string // more than one where lists are zipped; of named settings what the axis is called
	Points []Point
	Range  *Range // of which points are, where they are not listed

	line   int
	labels map[string]bool
}

// Point is a place on an axis.
type Point struct {
	Settings Settings // a value of each of the axis' fields; of named settings any, or none
	Label    string   // what a group is called by it, as eta-max=0.1
}

// CannotVary are fields of all trials of a plan, or of none, with what to do instead.
var CannotVary = map[string]string{
	"seed":       "write seeds: and a number or a list",
	"val":        "all trials of a study share their data; set it in base",
	"train-size": "all trials of a study share their data; set it in base",
	"test-size":  "all trials of a study share their data; set it in base",
}

// namedSettings reads an axis of named settings: a table whose values are tables of
// fields, under a name that is no field's.
func namedSettings(k document.Key) (Axis, error) {
	a := Axis{Fields: []string{document.Hyphened(k.Name)}, line: k.Line, labels: map[string]bool{}}
	for _, item := range k.Value.Keys {
		var s Settings
		if err := s.Decode(item.Value); err != nil {
			return a, err
		}
		for _, field := range s {
			if why, ok := CannotVary[document.Hyphened(field.Name)]; ok {
				return a, &document.Error{Line: field.Line, Text: field.Name + " cannot vary: " + why}
			}
		}
		if a.labels[item.Name] {
			return a, item.Value.Errorf("%s is there twice", item.Name)
		}
		a.labels[item.Name] = true
		a.Points = append(a.Points, Point{s, item.Name})
	}
	return a, nil
}

// isNamedSettings tells such an axis from that of a field.
func isNamedSettings(k document.Key) bool {
	_, field := fields()[document.Hyphened(k.Name)]
	return !field && k.Value.Kind == document.Table && len(k.Value.Keys) > 0 &&
		!slices.ContainsFunc(k.Value.Keys, func(item document.Key) bool { return item.Value.Kind != document.Table })
}

// value is what the point sets its first field to, as the file says it; nothing where
// settings have names.
func (a Axis) value(p Point) document.Value {
	if _, field := fields()[a.Fields[0]]; !field {
		return document.Value{}
	}
	return p.Settings[0].Value
}

// AxisOf reads the axis of one field, to be drawn from or not: a list, a table of labels and values, or a range.
func AxisOf(k document.Key, draw bool) (Axis, error) {
	name := document.Hyphened(k.Name)
	a := Axis{Fields: []string{name}, line: k.Line, labels: map[string]bool{}}
	if why, ok := CannotVary[name]; ok {
		return a, &document.Error{Line: k.Line, Text: name + " cannot vary: " + why}
	}
	point := func(label *string, v document.Value) error {
		key := document.Key{Name: name, Line: v.Line, Value: v}
		var c train.Config
		if err := set(&c, key); err != nil {
			return err
		}
		text := ValueOf(c, name)
		if label == nil {
			own := name + "=" + text
			label = &own
		}
		return a.add(Point{Settings{key}, *label}, text)
	}
	_, isRange := k.Value.At("from")
	switch {
	case k.Value.Kind == document.List:
		for _, item := range k.Value.Items {
			if err := point(nil, item); err != nil {
				return a, err
			}
		}
	case k.Value.Kind == document.Table && !isRange:
		for _, item := range k.Value.Keys {
			if err := point(&item.Name, item.Value); err != nil {
				return a, err
			}
		}
	case isRange:
		r := Range{Scale: "linear"}
		if err := k.Value.Decode(&r); err != nil {
			return a, err
		}
		if err := r.check(k.Value, draw); err != nil {
			return a, err
		}
		a.Range = &r
		if draw {
			break
		}
		for _, v := range r.values() {
			if err := point(nil, numberValue(v, k.Line)); err != nil {
				return a, err
			}
		}
	default:
		return a, k.Value.Errorf("%s: give a list of values, or {from: …, to: …, points: …, scale: log}", name)
	}
	if len(a.Points) == 0 && a.Range == nil {
		return a, &document.Error{Line: k.Line, Text: name + ": no values"}
	}
	return a, nil
}

// add adds a point whose values are new.
func (a *Axis) add(p Point, text string) error {
	if a.labels[p.Label] {
		return p.Settings[0].Value.Errorf("%s is there twice", text)
	}
	a.labels[p.Label] = true
	a.Points = append(a.Points, p)
	return nil
}

// zipped reads lists of equal length, whose values belong together one by one.
func zipped(k document.Key) (Axis, error) {
	zip := Axis{line: k.Line}
	if k.Value.Kind != document.Table || len(k.Value.Keys) == 0 {
		return zip, k.Value.Errorf("zip: give a table of lists of equal length")
	}
	for i, key := range k.Value.Keys {
		a, err := AxisOf(key, false)
		if err != nil {
			return zip, err
		}
		if i == 0 {
			zip.Points = make([]Point, len(a.Points))
		}
		if len(a.Points) != len(zip.Points) {
			return zip, key.Value.Errorf("zip: %s has %s, %s has %d; give lists of equal length",
				key.Name, message.Count(len(a.Points), "value"), k.Value.Keys[0].Name, len(zip.Points))
		}
		zip.Fields = append(zip.Fields, a.Fields...)
		for j, p := range a.Points {
			at := &zip.Points[j]
			at.Settings = append(at.Settings, p.Settings...)
			at.Label = strings.TrimSpace(at.Label + " " + p.Label)
		}
	}
	return zip, nil
}

// IsNumeric reports whether the axis is of one field, whose values are numbers.
func (a Axis) IsNumeric() bool {
	return len(a.Fields) == 1 && !slices.ContainsFunc(a.Points, func(p Point) bool { return a.value(p).Kind != document.Number })
}

// Number returns value i of a numeric axis.
func (a Axis) Number(i int) float64 {
	v, err := a.Points[i].Settings[0].Value.Float()
	if err != nil {
		panic("vary: number of an axis that has none: " + err.Error())
	}
	return v
}

// ByNumber returns the values of a numeric axis as indices, the smallest first.
func (a Axis) ByNumber() []int {
	order := make([]int, len(a.Points))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int { return cmp.Compare(a.Number(i), a.Number(j)) })
	return order
}

// Numbers returns the values of a numeric axis.
func (a Axis) Numbers() []float64 {
	values := make([]float64, len(a.Points))
	for i := range values {
		values[i] = a.Number(i)
	}
	return values
}

// Baseline returns the index of the value that others are compared with: the first, or
// false.
func (a Axis) Baseline() int {
	if len(a.Points) == 2 && a.value(a.Points[0]).Text == "true" {
		return 1 // what a switch adds
	}
	return 0
}

// Label names a value of the axis, where its label is empty too.
func (a Axis) Label(i int) string {
	if p := a.Points[i]; p.Label == "" {
		return a.Fields[0] + "=" + a.value(p).Text
	}
	return a.Points[i].Label
}
