package study

import (
	"errors"
	"fmt"
	"reflect"
	"strings"

	"bnlab/train"
	"bnlab/train/document"
	"bnlab/train/message"
	"bnlab/train/vary"
)

// Question is a study as a command line says it in few letters.
type Question struct {
	// Vary has the axes:
	//
	//	bn                      a switch, on and off
	//	ns=450,900              a list
	//	hidden=50/50,50/100     a list of lists
	//	eta-max=1e-3..1:log7    7 values from 0.001 to 1, evenly on a log scale; lin7 on a linear one
	Vary     []string
	Contrast []string // axes whose values are compared
	Set      []string // fields of the base, as ns=900
	Seeds    int
}

// Text returns the study as a file in YAML. Its errors name fields of the command line:
// vary, contrast and set.
func (q Question) Text() (string, error) {
	var text strings.Builder
	base, err := q.base()
	if err != nil {
		return "", err
	}
	fmt.Fprintf(&text, "%sseeds: %d\nexperiments:\n  - name: study\n", base, q.Seeds)
	if len(q.Vary) > 0 {
		fmt.Fprintln(&text, "    vary:")
	}
	varies := map[string]bool{}
	for _, axis := range q.Vary {
		name, values, given := strings.Cut(axis, "=")
		name = document.Hyphened(strings.TrimSpace(name))
		into := vary.Field(&train.Config{}, name)
		switch {
		case !into.IsValid():
			return "", message.Fieldf("{vary} %q: no field of a training%s", axis, message.DidYouMean("", name, vary.Fields()))
		case !given && into.Kind() != reflect.Bool:
			return "", message.Fieldf("{vary} %q: give values, as %s=A,B or %s=A..B:log7", axis, name, name)
		case !given:
			values = "true,false"
		}
		list, err := listOf(values, into.Kind() == reflect.Slice)
		if err != nil {
			return "", message.Fieldf("{vary} %q: %v", axis, err)
		}
		varies[name] = true
		fmt.Fprintf(&text, "      %s: %s\n", name, list)
	}
	for i, name := range q.Contrast {
		if name = document.Hyphened(strings.TrimSpace(name)); !varies[name] {
			return "", message.Fieldf("{contrast} %q: it does not vary; name one that {vary} does", name)
		}
		if i == 0 {
			fmt.Fprintln(&text, "    contrast:")
		}
		fmt.Fprintf(&text, "      - %s\n", name)
	}
	return text.String(), nil
}

// Study returns the study.
func (q Question) Study() (*Study, error) {
	text, err := q.Text()
	if err != nil {
		return nil, err
	}
	s, err := Parse(".yaml", []byte(text))
	if line := (*document.Error)(nil); errors.As(err, &line) {
		err = message.Fieldf("{vary}: %s", line.Text) // nobody has written the line
	}
	return s, err
}

// base returns the line of the base. Of a field that is set twice the last value counts.
func (q Question) base() (string, error) {
	if len(q.Set) == 0 {
		return "", nil
	}
	var settings []string
	place := map[string]int{}
	for _, s := range q.Set {
		name, value, err := Setting(s)
		if err != nil {
			return "", err
		}
		if _, there := place[name]; !there {
			place[name] = len(settings)
			settings = append(settings, "")
		}
		settings[place[name]] = name + ": " + value
	}
	return "base: {" + strings.Join(settings, ", ") + "}\n", nil
}
