package study

import (
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"strings"

	"bnlab/train"
	"bnlab/train/document"
	"bnlab/train/message"
	"bnlab/train/vary"
)

// Setting reads a field of the base and its value from a command line, as ns=900, and
// returns the value as it is written in YAML.
func Setting(text string) (name, value string, err error) {
	name, value, given := strings.Cut(text, "=")
	name = document.Hyphened(strings.TrimSpace(name))
	into := vary.Field(&train.Config{}, name)
	switch {
	case !into.IsValid():
		return "", "", message.Fieldf("{set} %q: no field of a training%s", text, message.DidYouMean("", name, vary.Fields()))
	case !given:
		return "", "", message.Fieldf("{set} %q: give a value, as %s=VALUE", text, name)
	}
	lists := into.Kind() == reflect.Slice
	list, err := listOf(value, lists)
	if err == nil && (span.MatchString(value) || lists && strings.Contains(value, "/") || !lists && strings.Contains(value, ",")) {
		err = errors.New("give one value")
	}
	if err != nil {
		return "", "", message.Fieldf("{set} %q: %v", text, err)
	}
	return name, list[1 : len(list)-1], nil
}

// span is a range on the command line.
var span = regexp.MustCompile(`^(.+)\.\.(.+):(lin|log)(\d+)$`)

// plainValue is what a value may be made of, so that it means the same in YAML.
var plainValue = regexp.MustCompile(`^[A-Za-z0-9.+-]+$`)

// listOf writes the values of an axis in YAML.
func listOf(values string, lists bool) (string, error) {
	if m := span.FindStringSubmatch(values); m != nil {
		for _, v := range m[1:3] {
			if !plainValue.MatchString(v) {
				return "", fmt.Errorf("%q is no number", v)
			}
		}
		scale := map[string]string{"lin": "linear", "log": "log"}[m[3]]
		return fmt.Sprintf("{from: %s, to: %s, points: %s, scale: %s}", m[1], m[2], m[4], scale), nil
	}
	between := ","
	if lists {
		between = "/"
	}
	var items []string
	for item := range strings.SplitSeq(values, between) {
		words := strings.Split(item, ",")
		for _, w := range words {
			if !plainValue.MatchString(w) && !(lists && item == "") {
				return "", fmt.Errorf("%q is no value; give values with %s between, or A..B:log7", w, map[bool]string{false: "commas", true: "slashes"}[lists])
			}
		}
		if item = strings.Join(words, ", "); lists {
			item = "[" + item + "]"
		}
		items = append(items, item)
	}
	return "[" + strings.Join(items, ", ") + "]", nil
}
