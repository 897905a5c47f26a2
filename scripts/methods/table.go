package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"

	"bnlab/train"
	"bnlab/train/document"
	"bnlab/train/message"
	"bnlab/train/study"
	"bnlab/train/vary"
)

// tableOf returns the table in Markdown: a row for each setting of the study.
func tableOf(r Records) (string, error) {
	cases, err := goldenCases()
	if err != nil {
		return "", err
	}
	rows, axis := settings(), study.BuiltIn("methods").Experiments[0].Vary.Axes[0]
	var b strings.Builder
	b.WriteString("| method | flags | formula | source | golden cases | gradient check | a step costs, alone, of eight | test accuracy, points | does not go with |\n|---|---|---|---|---|---|---|---|---|\n")
	for i, row := range rows {
		if i == 0 {
			continue
		}
		names, t := fieldsOn(row, rows[0]), texts[row.Name]
		if !row.BN {
			names = append(names, `"bn":false`)
		}
		if t.formula == "" {
			return "", fmt.Errorf("no formula of %q", row.Name)
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s | %s | %s | %s |\n", row.Name, flags(axis.Points[i].Settings), t.formula, t.source,
			countCases(cases, names), gradientCell(r, row), costCell(r, row.Name), effectCell(r.Effect[row.Name]), strings.Join(refused(axis, i), ", "))
	}
	for _, kind := range train.Kinds {
		name := string(kind) + " statistics"
		fmt.Fprintf(&b, "| %s | `--statistics %s` | [above](#statistics-at-evaluation) | | %s | – | nothing | %s | layer, no norm |\n",
			name, kind, countCases(cases, []string{`"statistics":"` + string(kind), `+` + string(kind)}), effectCell(r.Effect[name]))
	}
	fmt.Fprintf(&b, "\nTest accuracy: the mean paired difference to the 3-layer network with batch normalisation over the seeds, its 95 %% interval, and p by Holm over all rows, from the study `methods` (%s). "+
		"The gradient check is that of `gradcheck --all-options`: the largest relative error of a tensor, of 10⁻⁶ allowed. "+
		"What a step costs is by that of the plain network (%s), medians of alternating rounds of `go run ./scripts/methods -cost 5`, gathering included. "+
		"What does not go together is what a training refuses.\n", r.Trained, r.Measured)
	return b.String(), nil
}

// String says what was measured with.
func (o Origin) String() string {
	return strings.TrimSpace(fmt.Sprintf("%s, %s %s, kernel %s", o.Dataset, o.Backend.Name, o.Backend.Version, o.Backend.Core))
}

// flags writes settings as flags.
func flags(s vary.Settings) string {
	var all []string
	for _, k := range s {
		flag := "--" + document.Hyphened(k.Name)
		switch text := k.Value.Text; {
		case text == "true":
		case k.Value.Kind == document.List:
			var items []string
			for _, item := range k.Value.Items {
				items = append(items, item.Text)
			}
			flag += " " + strings.Join(items, ",")
		default:
			flag += " " + text
		}
		all = append(all, "`"+flag+"`")
	}
	return strings.Join(all, " ")
}

// fieldsOn returns the names of the options in which a setting differs from the plain one.
func fieldsOn(row, plain Setting) (names []string) {
	a, b := reflect.ValueOf(row.Config), reflect.ValueOf(plain.Config)
	for _, f := range train.Fields() {
		if _, option := f.Tag.Lookup("off"); !option || f.Tag.Get("json") == "statistics" {
			continue
		}
		if x := a.FieldByIndex(f.Index); !reflect.DeepEqual(x.Interface(), b.FieldByIndex(f.Index).Interface()) {
			value, _ := json.Marshal(x.Interface())
			name := `"` + f.Tag.Get("json") + `":`
			if x.Kind() == reflect.String {
				name += string(value)
			}
			names = append(names, name)
		}
	}
	return names
}

// goldenCases returns the cases of the golden files as JSON.
func goldenCases() (cases []string, err error) {
	files, err := os.ReadDir("train/testdata")
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		if strings.HasPrefix(f.Name(), "golden-") && strings.HasSuffix(f.Name(), ".json") {
			text, err := os.ReadFile("train/testdata/" + f.Name())
			if err != nil {
				return nil, err
			}
			for _, line := range strings.Split(string(text), "\n") {
				if strings.HasPrefix(line, `{"config":`) {
					cases = append(cases, strings.ReplaceAll(line, ": ", ":"))
				}
			}
		}
	}
	if len(cases) == 0 {
		return nil, errors.New("no golden cases: run this at the top of the project")
	}
	return cases, nil
}

// countCases counts those with the last of the names, which the others are needed for.
func countCases(cases []string, names []string) string {
	n := 0
	for _, c := range cases {
		if slices.ContainsFunc(names, func(name string) bool { return strings.Contains(c, name) }) {
			n++
		}
	}
	return fmt.Sprint(n)
}

func gradientCell(r Records, row Setting) string {
	c, off := row.Config, train.Default()
	c.Optimisation, c.Scheduling, c.Augmentation, c.Evaluation = off.Optimisation, off.Scheduling, off.Augmentation, off.Evaluation
	c.Frozen = off.Frozen
	g, ok := r.Gradients[on(c.BN, c.Options())]
	switch {
	case ok && !g.OK:
		return "**fails**"
	case ok && c.BN && len(c.Options()) == 0:
		return "as without"
	case ok:
		return fmt.Sprintf("%.0e", g.RelErr)
	}
	return "–"
}

func costCell(r Records, name string) string {
	c, ok := r.Cost[name]
	if !ok {
		return "–"
	}
	return fmt.Sprintf("%.2f, %.2f", c.Alone, c.Eight)
}

func effectCell(e Effect) string {
	if e.Diff == nil || e.CI == nil {
		return "–"
	}
	p := "p < 0.001"
	if e.P != nil && *e.P >= 0.001 {
		p = fmt.Sprintf("p = %.2g", *e.P)
	}
	return strings.ReplaceAll(fmt.Sprintf("%+.2f (%+.2f to %+.2f), %s", 100**e.Diff, 100*e.CI[0], 100*e.CI[1], p), "-", "−")
}

// refused returns the names of the settings that cannot be added to setting i: those whose
// fields it does not set itself.
func refused(axis vary.Axis, i int) (names []string) {
	base, err := study.BuiltIn("methods").Config()
	if err != nil {
		panic(err)
	}
	of := func(settings ...vary.Settings) error {
		c := base
		for _, s := range settings {
			var err error
			if c, err = s.Apply(c); err != nil {
				return err
			}
		}
		return c.Validate()
	}
	own := axis.Points[i].Settings
	for j, other := range axis.Points {
		if j == 0 || j == i || slices.ContainsFunc(other.Settings, func(k document.Key) bool { return has(own, k.Name) }) {
			continue
		}
		var field *message.FieldError
		if err := of(own, other.Settings); errors.As(err, &field) && of(other.Settings, own) != nil {
			names = append(names, other.Label)
		}
	}
	return names
}

func has(s vary.Settings, name string) bool {
	return name != "eta-max" && name != "lambda" && slices.ContainsFunc(s, func(k document.Key) bool { return k.Name == name })
}
