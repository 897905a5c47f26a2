package study

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"

	"bnlab/train"
	"bnlab/train/document"
	"bnlab/train/message"
)

// maxTrials is the most trials of a study.
const maxTrials = 100_000

// Variation is what varies: axes whose product is trained, or a sample of it.
type Variation struct {
	Axes []Axis
	Draw *Draw
}

// Draw has points drawn at random instead of the product.
type Draw struct {
	N    int    `json:"n" help:"how many points"`
	Seed uint64 `json:"seed" help:"seed of the draw"`
}

// Axis is one or more fields that vary together, step by step.
type Axis struct {
	Fields []string // more than one where lists are zipped
	Points []Point
	Range  *Range // of which points are, where they are not listed

	line   int
	labels map[string]bool
}

// Point is a place on an axis.
type Point struct {
	Settings Settings // a value of each of the axis' fields
	Label    string   // what a group is called by it, as eta-max=0.1
}

// Range is an interval of numbers.
type Range struct {
	From   float64 `json:"from" help:"first value"`
	To     float64 `json:"to" help:"last value"`
	Points int     `json:"points" help:"how many values, both ends included"`
	Scale  string  `json:"scale" values:"linear,log" help:"linear or log"`
}

// Decode reads a table of axes, with zip and draw beside them.
func (vary *Variation) Decode(v document.Value) error {
	if v.Kind != document.Table {
		return v.Errorf("give a table of axes, as {bn: [true, false]}")
	}
	if draw, ok := v.At("draw"); ok {
		vary.Draw = &Draw{Seed: 1}
		if err := draw.Decode(vary.Draw); err != nil {
			return err
		}
		if vary.Draw.N < 1 || vary.Draw.N > maxTrials {
			return draw.Errorf("draw: give n from 1 to %d", maxTrials)
		}
	}
	for _, k := range v.Keys {
		var axis Axis
		var err error
		switch k.Name {
		case "draw":
			continue
		case "zip":
			axis, err = zipped(k)
		default:
			axis, err = axisOf(k, vary.Draw != nil)
		}
		if err != nil {
			return err
		}
		vary.Axes = append(vary.Axes, axis)
	}
	return vary.checkTwice()
}

func (vary *Variation) checkTwice() error {
	seen := map[string]bool{}
	for _, a := range vary.Axes {
		for _, name := range a.Fields {
			if seen[name] {
				return &document.Error{Line: a.line, Text: name + " varies twice"}
			}
			seen[name] = true
		}
	}
	return nil
}

// cannotVary are fields of all trials of a plan, or of none.
var cannotVary = map[string]string{
	"seed":       "write seeds: and a number or a list",
	"val":        "all trials of a study share their data; set it in base",
	"train-size": "all trials of a study share their data; set it in base",
	"test-size":  "all trials of a study share their data; set it in base",
}

// axisOf reads the axis of one field: a list, a table of labels and values, or a range.
func axisOf(k document.Key, draw bool) (Axis, error) {
	name := document.Hyphened(k.Name)
	a := Axis{Fields: []string{name}, line: k.Line, labels: map[string]bool{}}
	if why, ok := cannotVary[name]; ok {
		return a, &document.Error{Line: k.Line, Text: name + " cannot vary: " + why}
	}
	point := func(label *string, v document.Value) error {
		key := document.Key{Name: name, Line: v.Line, Value: v}
		var c train.Config
		if err := set(&c, key); err != nil {
			return err
		}
		text := valueOf(c, name)
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
		a, err := axisOf(key, false)
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

func (r Range) check(v document.Value, draw bool) error {
	switch {
	case r.Scale != "linear" && r.Scale != "log":
		return v.Errorf("scale %.20q: give linear or log", r.Scale)
	case !(r.From < r.To):
		return v.Errorf("from %g to %g: give a smaller number first", r.From, r.To)
	case r.Scale == "log" && r.From <= 0:
		return v.Errorf("from %g: a log scale begins above 0", r.From)
	case !draw && (r.Points < 2 || r.Points > maxTrials):
		return v.Errorf("points %d: give how many values, from 2 to %d", r.Points, maxTrials)
	}
	return nil
}

// values returns those of the range, rounded to four digits where these tell them apart.
func (r Range) values() []float64 {
	exact, short := make([]float64, r.Points), make([]float64, r.Points)
	apart := true
	for i := range exact {
		exact[i] = r.at(float64(i), float64(r.Points-1))
		short[i] = fourDigits(exact[i])
		apart = apart && (i == 0 || short[i] > short[i-1])
	}
	if !apart {
		short = exact
	}
	short[0], short[r.Points-1] = r.From, r.To
	return short
}

// at returns the value at a share of the way from From to To, a part of the whole.
func (r Range) at(part, whole float64) float64 {
	if r.Scale == "log" {
		return r.From * math.Pow(r.To/r.From, part/whole)
	}
	return (r.From*(whole-part) + r.To*part) / whole // so that whole numbers stay whole
}

// fourDigits rounds v to four significant digits, so that names stay short.
func fourDigits(v float64) float64 {
	r, err := strconv.ParseFloat(strconv.FormatFloat(v, 'g', 4, 64), 64)
	if err != nil {
		panic("study: number that cannot be read back")
	}
	return r
}

func numberValue(v float64, line int) document.Value {
	return document.Value{Kind: document.Number, Line: line, Text: strconv.FormatFloat(v, 'g', -1, 64)}
}

// points returns what is trained: the product of the axes, the last one fastest, or a
// sample of it.
func (vary Variation) points() ([][]Point, error) {
	if vary.Draw != nil {
		return vary.drawn()
	}
	n := 1
	for _, a := range vary.Axes {
		if n *= len(a.Points); n > maxTrials {
			return nil, fmt.Errorf("more than %d points; give fewer values, or draw: {n: …}", maxTrials)
		}
	}
	points := make([][]Point, n)
	for i := range points {
		points[i] = make([]Point, len(vary.Axes))
		rest := i
		for j, a := range slices.Backward(vary.Axes) {
			points[i][j] = a.Points[rest%len(a.Points)]
			rest /= len(a.Points)
		}
	}
	return points, nil
}

// drawn draws points that are all different: of ranges uniformly in their scale, of lists
// any value alike. More points go on where fewer end.
func (vary Variation) drawn() (points [][]Point, err error) {
	random := rand.New(rand.NewPCG(vary.Draw.Seed, 0x73747564))
	seen := map[string]bool{}
	for misses := 0; len(points) < vary.Draw.N; {
		point := make([]Point, len(vary.Axes))
		for i, a := range vary.Axes {
			point[i] = a.draw(random)
		}
		name := nameOf(point)
		if !seen[name] {
			seen[name], misses = true, 0
			points = append(points, point)
		} else if misses++; misses == 1000 {
			return nil, fmt.Errorf("draw: hardly more than %d points differ; draw fewer", len(points))
		}
	}
	return points, nil
}

// draw draws a value of the axis.
func (a Axis) draw(random *rand.Rand) Point {
	if a.Range == nil {
		return a.Points[random.IntN(len(a.Points))]
	}
	key := document.Key{Name: a.Fields[0], Line: a.line, Value: numberValue(fourDigits(a.Range.at(random.Float64(), 1)), a.line)}
	return Point{Settings{key}, a.Fields[0] + "=" + key.Value.Text}
}

// nameOf names the group at a point by what varies.
func nameOf(point []Point) string {
	var labels []string
	for _, p := range point {
		if p.Label != "" {
			labels = append(labels, p.Label)
		}
	}
	return strings.Join(labels, " ")
}
