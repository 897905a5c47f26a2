package report

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"bnlab/train/report/figure"
	"bnlab/train/study"
	"bnlab/train/vary"
)

// fieldNames are what fields of a configuration are called along an axis, where their flags'
// names do not say it.
var fieldNames = map[string]string{
	"hidden": "hidden layers", "bn": "batch normalisation", "batch": "mini-batch size", "init": "initial weights",
	"lambda": "λ of the L2 term", "sigma": "σ of the initial weights",
	"eta-min": "minimum learning rate η_min", "eta-max": "maximum learning rate η_max", "ns": "n_s, steps of half a cycle",
	"bn-eps": "ε of batch normalisation", "bn-alpha": "α of the running statistics",
	"train-size": "training images", "test-size": "test images",
}

// fieldTitle is what a field is called in a title: its symbol, if it has one.
func fieldTitle(field string) string {
	if symbol := study.Symbol(field); symbol != field {
		return symbol
	}
	return cmp.Or(fieldNames[field], field)
}

// fieldAxis is the axis of a field's values.
func fieldAxis(field string, log bool) figure.Axis {
	label := cmp.Or(fieldNames[field], study.Symbol(field))
	if log {
		label += " (log scale)"
	}
	return figure.Axis{Label: label, Name: study.Symbol(field), Log: log}
}

// axisTitle is what an axis of a question is called in a title.
func axisTitle(a vary.Axis) string {
	_, unit := namesOf(a)
	return cmp.Or(unit, fieldTitle(a.Fields[0]))
}

// namesAxis is the axis of a field whose values have names.
func namesAxis(a vary.Axis) figure.Axis {
	names, unit := namesOf(a)
	x := fieldAxis(a.Fields[0], false)
	x.Label, x.Name = cmp.Or(unit, x.Label), cmp.Or(unit, x.Name)
	x.Categories(names)
	return x
}

// namesOf names the values of an axis, without the field's name where all begin with it, and
// without the word that all end in, as layers in "2 layers", which it returns.
func namesOf(a vary.Axis) (names []string, unit string) {
	for i := range a.Points {
		names = append(names, strings.TrimPrefix(a.Label(i), a.Fields[0]+"="))
	}
	_, unit, _ = strings.Cut(names[0], " ")
	if unit == "" || slices.ContainsFunc(names, func(name string) bool { return !strings.HasSuffix(name, " "+unit) }) {
		return names, ""
	}
	for i := range names {
		names[i] = strings.TrimSuffix(names[i], " "+unit)
	}
	return names, unit
}

// logarithmic reports whether the positive values of x span so much, and are so many,
// that they need a logarithmic axis.
func logarithmic(series []figure.Series) bool {
	low, high, positive, others := math.Inf(1), 0.0, 0, 0
	for _, s := range series {
		for _, p := range s.Points {
			if p.X > 0 {
				low, high, positive = min(low, p.X), max(high, p.X), positive+1
			} else {
				others++
			}
		}
	}
	return high/low >= 20 && positive > others
}
