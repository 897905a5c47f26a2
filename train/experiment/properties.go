package experiment

import (
	"fmt"
	"slices"
	"strings"

	"bnlab/train"
)

// Properties are what all trials of an experiment should have in common, apart from
// what is compared, each with its values in the records.
type Properties []Property

// Property is one of them.
type Property struct {
	Name   string          `json:"name"`
	Values []PropertyValue `json:"values"` // starting with that of the first record
}

// PropertyValue is a value and the number of records that have it.
type PropertyValue struct {
	Value  string `json:"value"`
	Trials int    `json:"trials"`
}

type property struct {
	name     string
	of       func(o Outcome, unit int) string
	harmless bool
}

// properties are read from an outcome and the size of its unit. A difference in a
// harmless one is stated, but does not weaken a comparison.
var properties = []property{
	{"data set", func(o Outcome, _ int) string { return fmt.Sprintf("%s %.12s", o.Dataset.Name, o.Dataset.Digest) }, false},
	{"backend", func(o Outcome, _ int) string { return o.Backend.Name + " " + o.Backend.Version }, false},
	{"kernel", func(o Outcome, _ int) string { return o.Backend.Core }, false},
	{"BLAS threads", func(o Outcome, _ int) string { return fmt.Sprint(o.Backend.Threads) }, false},
	{"trials side by side", func(_ Outcome, unit int) string { return fmt.Sprint(unit) }, true},
	{bitsProperty, func(o Outcome, _ int) string {
		return strings.TrimSuffix("configuration, precision and kernel, "+o.BitsFollow, ", ")
	}, true},
	{"program version", func(o Outcome, _ int) string { return o.Program }, false},
	{precisionProperty, func(o Outcome, _ int) string { return string(o.Trial.Config.Precision) }, false},
}

// bitsProperty names what the last bits of a result depend on.
const bitsProperty = "last bits follow from"

const precisionProperty = "precision"

// propertiesOf returns the properties of the outcomes of a plan.
func propertiesOf(plan *Plan, outcomes []Outcome) Properties {
	units := map[int]int{}
	for _, t := range plan.Trials {
		units[t.Unit]++
	}
	compared := plan.comparedPrecisions()
	all := make(Properties, len(properties))
	for i, p := range properties {
		var values []PropertyValue
		for j, o := range outcomes {
			if !o.Done() {
				continue
			}
			value := p.of(o, units[plan.Trials[j].Unit])
			if p.name == precisionProperty && slices.Contains(compared, value) {
				value = strings.Join(compared, " and ")
			}
			values = append(values, PropertyValue{value, 1})
		}
		all[i] = Property{p.name, addUp(values)}
	}
	return all
}

// comparedPrecisions returns the precisions of the trials if these are compared: if each
// configuration is trained in every one of them. Else it returns nil.
func (p *Plan) comparedPrecisions() (all []string) {
	for _, t := range p.Trials {
		if name := string(t.Config.Precision); !slices.Contains(all, name) {
			all = append(all, name)
		}
	}
	if len(all) < 2 {
		return nil
	}
	trained := map[string]map[string]bool{} // precisions, by the rest of the configuration
	for _, t := range p.Trials {
		c := t.Config
		c.Precision = ""
		rest := fmt.Sprint(c)
		if trained[rest] == nil {
			trained[rest] = map[string]bool{}
		}
		trained[rest][string(t.Config.Precision)] = true
	}
	for _, precisions := range trained {
		if len(precisions) < len(all) {
			return nil
		}
	}
	return all
}

// addUp adds the trials of equal values, in the order in which the values first appear.
func addUp(values []PropertyValue) (sums []PropertyValue) {
	place := map[string]int{}
	for _, v := range values {
		at, ok := place[v.Value]
		if !ok {
			at = len(sums)
			place[v.Value] = at
			sums = append(sums, PropertyValue{Value: v.Value})
		}
		sums[at].Trials += v.Trials
	}
	return sums
}

// Join returns the properties of both, the values of ps first.
func (ps Properties) Join(other Properties) Properties {
	joined := make(Properties, len(properties))
	for i, p := range properties {
		joined[i] = Property{p.name, addUp(slices.Concat(ps.Values(p.name), other.Values(p.name)))}
	}
	return joined
}

// Values returns the values of a property by its name.
func (ps Properties) Values(name string) []PropertyValue {
	at := slices.IndexFunc(ps, func(p Property) bool { return p.Name == name })
	if at < 0 {
		return nil
	}
	return ps[at].Values
}

// Texts returns the values of a property without their counts.
func (ps Properties) Texts(name string) (texts []string) {
	for _, v := range ps.Values(name) {
		texts = append(texts, v.Value)
	}
	return texts
}

// Differences returns one line per property that differs between the records, unless
// that is harmless.
func (ps Properties) Differences() []string {
	var lines []string
	for _, p := range properties {
		if values := ps.Values(p.name); len(values) > 1 && !p.harmless {
			lines = append(lines, fmt.Sprintf("The records differ in %s: %s.", p.name, listValues(values)))
		}
	}
	return lines
}

// Bits returns a line on what the last bits of records depend on, if that is more than
// configuration, precision and kernel.
func (ps Properties) Bits() []string {
	var lines []string
	for _, v := range ps.Values(bitsProperty) {
		if _, also, found := strings.Cut(v.Value, "kernel, "); found {
			lines = append(lines, fmt.Sprintf("The last bits of a result depend on its configuration, precision and kernel, and also on %s (trials: %d).", also, v.Trials))
		}
	}
	return lines
}

// listValues names values and their counts, at most eight.
func listValues(values []PropertyValue) string {
	const most = 8
	var words []string
	for _, v := range values[:min(len(values), most)] {
		words = append(words, fmt.Sprintf("%s (trials: %d)", v.Value, v.Trials))
	}
	if more := len(values) - most; more > 0 {
		words = append(words, fmt.Sprintf("and %d more", more))
	}
	return strings.Join(words, ", ")
}

// Unlike returns one line per property in which o, the origin of what, differs from all
// records.
func (ps Properties) Unlike(what string, o Origin) []string {
	var lines []string
	for _, name := range []string{"data set", "backend", "kernel", "program version"} {
		at := slices.IndexFunc(properties, func(p property) bool { return p.name == name })
		value, texts := properties[at].of(Outcome{Origin: o}, 0), ps.Texts(name)
		if len(texts) > 0 && !slices.Contains(texts, value) {
			lines = append(lines, fmt.Sprintf("%s differs from the records in %s: %s, not %s.", what, name, value, listValues(ps.Values(name))))
		}
	}
	return lines
}

// Backend names backend and kernel of the records, all of them if they differ, and bf16.
func (ps Properties) Backend() string {
	names := ps.Texts("backend")
	if len(names) == 0 {
		return "no record"
	}
	mark := strings.Join(ps.Texts(precisionProperty), ", ")
	if !strings.Contains(mark, string(train.BF16)) {
		mark = ""
	} else {
		mark = ", " + mark
	}
	return fmt.Sprintf("%s (%s)%s", strings.Join(names, ", "), strings.Join(ps.Texts("kernel"), ", "), mark)
}
