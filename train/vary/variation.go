package vary

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"bnlab/train"
	"bnlab/train/document"
)

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
		if vary.Draw.N < 1 || vary.Draw.N > MaxTrials {
			return draw.Errorf("draw: give n from 1 to %d", MaxTrials)
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
			if isNamedSettings(k) {
				axis, err = namedSettings(k)
				break
			}
			axis, err = AxisOf(k, vary.Draw != nil)
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
		for _, name := range a.sets() {
			if seen[name] {
				return &document.Error{Line: a.line, Text: name + " varies twice"}
			}
			seen[name] = true
			if seen["norm"] && seen["bn"] {
				return &document.Error{Line: a.line, Text: "norm and bn are one choice; vary one of the two"}
			}
		}
	}
	return nil
}

// sets returns the fields that the axis sets anywhere, and its own name.
func (a Axis) sets() []string {
	names := slices.Clone(a.Fields)
	for _, p := range a.Points {
		for _, k := range p.Settings {
			if name := document.Hyphened(k.Name); !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return names
}

// Points returns what is trained: the product of the axes, the last one fastest, or a
// sample of it.
func (vary Variation) Points() ([][]Point, error) {
	if vary.Draw != nil {
		return vary.drawn()
	}
	n := 1
	for _, a := range vary.Axes {
		if n *= len(a.Points); n > MaxTrials {
			return nil, fmt.Errorf("more than %d points; give fewer values, or draw: {n: …}", MaxTrials)
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
		name := GroupName(point)
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
	key := document.Key{Name: a.Fields[0], Line: a.line, Value: numberValue(FourDigits(a.Range.at(random.Float64(), 1)), a.line)}
	return Point{Settings{key}, a.Fields[0] + "=" + key.Value.Text}
}

// GroupName names the group at a point by what varies.
func GroupName(point []Point) string {
	var labels []string
	for _, p := range point {
		if p.Label != "" {
			labels = append(labels, p.Label)
		}
	}
	return strings.Join(labels, " ")
}

// Axis returns the index of the axis on which a field, or fields in the order of a zip,
// vary; −1 for none.
func (vary Variation) Axis(name string) int {
	return slices.IndexFunc(vary.Axes, func(a Axis) bool {
		return slices.Contains(a.Fields, name) || strings.Join(a.Fields, " ") == name
	})
}

// Stride returns how far apart two points of the product are that follow each other along
// an axis.
func (vary Variation) Stride(axis int) int {
	stride := 1
	for _, a := range vary.Axes[axis+1:] {
		stride *= len(a.Points)
	}
	return stride
}

// Index returns at which value of an axis a point of the product stands.
func (vary Variation) Index(point, axis int) int {
	return point / vary.Stride(axis) % len(vary.Axes[axis].Points)
}

// Others names a point of the product by the axes beside one.
func (vary Variation) Others(axis, point int) string {
	var others []Point
	for i, a := range vary.Axes {
		if i != axis {
			others = append(others, a.Points[vary.Index(point, i)])
		}
	}
	return GroupName(others)
}

// place returns the value that c stands at, −1 for none. Of named settings it meets often
// more than one: those that say most.
func (a Axis) place(c train.Config) int {
	at := -1
	for i, p := range a.Points {
		if p.Settings.Meets(c) && (at < 0 || len(p.Settings) > len(a.Points[at].Settings)) {
			at = i
		}
	}
	return at
}

// Place returns at which value of each axis a configuration stands, −1 where it has none
// of them.
func (vary Variation) Place(c train.Config) []int {
	place := make([]int, len(vary.Axes))
	for i, a := range vary.Axes {
		place[i] = a.place(c)
	}
	return place
}
