package report

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"bnlab/model"
	"bnlab/train"
	"bnlab/train/document"
	"bnlab/train/experiment"
	"bnlab/train/vary"
)

// configTable has one column per run and says what its trials have in common and where
// they differ, by the names of flags.
func configTable(runs []*Run) Table {
	t := Table{Title: "Configuration", Align: "l", Header: []string{"setting"}}
	for _, r := range runs {
		t.Header, t.Align = append(t.Header, r.Name), t.Align+"l"
	}
	for _, name := range settings(runs) {
		row := []string{name}
		for _, r := range runs {
			row = append(row, listed(valuesOf(r.Plan.Trials, name)))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// settings returns the names of what people set, in the order of the configuration, without
// options that are off in all trials.
func settings(runs []*Run) (names []string) {
	for _, f := range train.Fields() {
		field := f.Tag.Get("json")
		used := slices.ContainsFunc(runs, func(r *Run) bool {
			return slices.ContainsFunc(r.Plan.Trials, func(t experiment.Trial) bool { return !t.Config.IsOff(field) })
		})
		if name := document.Hyphened(field); used && slices.Contains(vary.Fields(), name) {
			names = append(names, name)
		}
	}
	return names
}

// valuesOf returns the values that a setting has in the trials, in order of appearance.
func valuesOf(trials []experiment.Trial, name string) (values []string) {
	seen := map[string]bool{}
	for _, t := range trials {
		value := vary.ValueOf(t.Config, name)
		switch {
		case name == "hidden":
			value = "[" + strings.ReplaceAll(value, ",", ", ") + "]"
		case value == "0" && (name == "train-size" || name == "test-size"):
			value = "all"
		case name == "sigma" && t.Config.Init != model.Normal:
			value = "–" // it follows from the shape
		}
		if !seen[value] {
			seen[value] = true
			values = append(values, value)
		}
	}
	return values
}

// listed writes values; if there are many, only the smallest and the largest.
func listed(values []string) string {
	if len(values) <= 4 {
		return strings.Join(values, " · ")
	}
	number := func(s string) float64 { x, _ := strconv.ParseFloat(s, 64); return x }
	sorted := slices.SortedStableFunc(slices.Values(values), func(a, b string) int { return cmp.Compare(number(a), number(b)) })
	return fmt.Sprintf("%s … %s (%d values)", sorted[0], sorted[len(sorted)-1], len(sorted))
}
