package study

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"bnlab/train"
	"bnlab/train/document"
	"bnlab/train/message"
)

// Quick returns the text of a study, in YAML, that varies fields as a command line says
// it in few letters:
//
//	bn                      a switch, on and off
//	ns=450,900              a list
//	hidden=50;50,50;100     a list of lists
//	eta-max=1e-3..1:log7    7 values from 0.001 to 1, evenly on a log scale; lin7 on a linear one
//
// and compares the values of the named fields.
func Quick(vary, contrast []string) (string, error) {
	var text strings.Builder
	fmt.Fprintln(&text, "experiments:\n  - name: study\n    vary:")
	for _, axis := range vary {
		name, values, given := strings.Cut(axis, "=")
		name = document.Hyphened(strings.TrimSpace(name))
		var c train.Config
		into := field(&c, name)
		switch {
		case !into.IsValid():
			return "", message.Fieldf("{vary} %q: no field of a training%s", axis, message.DidYouMean("", name, Fields()))
		case !given && into.Kind() != reflect.Bool:
			return "", message.Fieldf("{vary} %q: give values, as %s=A,B or %s=A..B:log7", axis, name, name)
		case !given:
			values = "true,false"
		}
		list, err := listOf(values, into.Kind() == reflect.Slice)
		if err != nil {
			return "", message.Fieldf("{vary} %q: %v", axis, err)
		}
		fmt.Fprintf(&text, "      %s: %s\n", name, list)
	}
	if len(contrast) > 0 {
		for i, name := range contrast {
			contrast[i] = document.Hyphened(strings.TrimSpace(name))
			if !slices.ContainsFunc(vary, func(axis string) bool { return document.Hyphened(strings.SplitN(axis, "=", 2)[0]) == contrast[i] }) {
				return "", message.Fieldf("{contrast} %q: it does not vary; name one that {vary} does", name)
			}
		}
		fmt.Fprintf(&text, "    contrast: [%s]\n", strings.Join(contrast, ", "))
	}
	return text.String(), nil
}

// span is a range on the command line.
var span = regexp.MustCompile(`^(.+)\.\.(.+):(lin|log)(\d+)$`)

// plain is what a value may be made of, so that it means the same in YAML.
var plain = regexp.MustCompile(`^[A-Za-z0-9.+-]+$`)

// listOf writes the values of an axis in YAML.
func listOf(values string, lists bool) (string, error) {
	if m := span.FindStringSubmatch(values); m != nil {
		for _, v := range m[1:3] {
			if !plain.MatchString(v) {
				return "", fmt.Errorf("%q is no number", v)
			}
		}
		scale := map[string]string{"lin": "linear", "log": "log"}[m[3]]
		return fmt.Sprintf("{from: %s, to: %s, points: %s, scale: %s}", m[1], m[2], m[4], scale), nil
	}
	between := ","
	if lists {
		between = ";"
	}
	var items []string
	for item := range strings.SplitSeq(values, between) {
		words := strings.Split(item, ",")
		for _, w := range words {
			if !plain.MatchString(w) && !(lists && item == "") {
				return "", fmt.Errorf("%q is no value; give values with %s between, or A..B:log7", w, map[bool]string{false: "commas", true: "semicolons"}[lists])
			}
		}
		if item = strings.Join(words, ", "); lists {
			item = "[" + item + "]"
		}
		items = append(items, item)
	}
	return "[" + strings.Join(items, ", ") + "]", nil
}
