package shell

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// Option is a flag of a command, bound to a field of the command's options. A value on
// the command line comes first, then that of the variable, then that of the
// configuration file, then the default, which is what the field holds at first.
type Option struct {
	Name, Short string   // without hyphens; Short is most often empty
	Help        string   // what it means
	Placeholder string   // of its value, as DIR; empty for a switch
	Values      []string // all that there are, where they are few
	Group       string   // heading of the help under which it stands; empty for the command's own

	field        reflect.Value
	least, most  string // bounds of a number, empty for none
	defaultValue string
	open         bool // whether there are other values than Values
	from         source
	problem      error // why the value on the command line was not taken
}

// source is where the value of an option comes from.
type source struct {
	rank sourceRank
	name string // of the option, as who wrote it knows it
}

type sourceRank int

const (
	byDefault sourceRank = iota
	byFile
	byVariable
	byCommandLine
)

// variablePrefix begins the name of every variable that sets an option.
const variablePrefix = "BNLAB_"

// Variable returns the variable of the environment that sets the option.
func (o *Option) Variable() string {
	return variablePrefix + strings.ToUpper(strings.ReplaceAll(o.Name, "-", "_"))
}

// names returns both names of the option, or the one.
func (o *Option) names() []string {
	if o.Short == "" {
		return []string{o.Name}
	}
	return []string{o.Name, o.Short}
}

// isSwitch tells whether the option takes no value.
func (o *Option) isSwitch() bool { return o.field.Kind() == reflect.Bool }

// isSet tells whether anything but the default set it.
func (o *Option) isSet() bool { return o.from.rank != byDefault }

// title returns the option as its value is blamed: as who set it wrote it.
func (o *Option) title() string {
	if o.from.name == "" {
		return "--" + o.Name
	}
	return o.from.name
}

// read sets the option to what text says. Its error is one line.
func (o *Option) read(text string, from source) error {
	if from.rank < o.from.rank {
		return nil
	}
	var value any
	var err error
	switch old := o.field.Interface().(type) {
	case bool:
		value, err = strconv.ParseBool(text)
	case int:
		value, err = ParseInt(text)
	case uint64:
		value, err = parseSeed(text)
	case float64:
		value, err = parseFloat(text)
	case []int:
		value, err = readList(text, "50,50", "whole number", ParseInt)
	case []float64:
		value, err = readList(text, "1e-3,1e-4", "number", parseFloat)
	case []string:
		if from.rank != o.from.rank {
			old = nil
		}
		value = append(slices.Clip(old), strings.Split(text, ",")...)
	default: // of a type of its own, but a text
		value = text
	}
	if err != nil {
		return o.refused(text, from, err)
	}
	o.field.Set(reflect.ValueOf(value).Convert(o.field.Type()))
	o.from = from
	return nil
}

func readList[T any](text, example, kind string, parse func(string) (T, error)) ([]T, error) {
	list, wrong, ok := parseList(text, parse)
	if !ok {
		return nil, notInList(fmt.Sprintf("%q is not a %s%s; give numbers with commas between, as %s", wrong, kind, digitsHint(wrong), example))
	}
	return list, nil
}

// notInList says which word of a list is wrong.
type notInList string

func (e notInList) Error() string { return string(e) }

// refused returns the line about a text that the option does not take.
func (o *Option) refused(text string, from source, err error) error {
	title := from.name
	if why, ok := err.(notInList); ok {
		return Usagef("%s %.60q: %s", title, text, why)
	}
	if o.isSwitch() {
		if from.rank == byCommandLine {
			return Usagef("%s=%s: give %s alone, or =true or =false", title, text, title)
		}
		return Usagef("%s %.60q: give true or false", title, text)
	}
	return Usagef("%s %.60q: give %s%s", title, text, o.expected(), digitsHint(text))
}

func digitsHint(text string) string {
	if otherBase.MatchString(text) {
		return " in decimal digits, without 0x, 0o, 0b and _"
	}
	return ""
}

// expected says which values a number may have.
func (o *Option) expected() string {
	least := o.least
	kind := "a number"
	switch o.field.Kind() {
	case reflect.Int:
		kind = "a whole number"
	case reflect.Uint64:
		kind, least = "a whole number", "0"
	}
	switch {
	case least != "" && o.most != "":
		return fmt.Sprintf("%s from %s to %s", kind, least, o.most)
	case least != "":
		return fmt.Sprintf("%s, %s or above", kind, least)
	}
	return kind
}

// check returns an error where the value is out of the option's bounds, or none of its
// values.
func (o *Option) check() error {
	if o.Values != nil {
		if value := o.field.String(); o.isSet() && !o.open && !slices.Contains(o.Values, value) {
			return Usagef("%s %q: give %s", o.title(), value, orList(o.Values))
		}
		return nil
	}
	if o.field.Kind() != reflect.Int {
		return nil
	}
	n := int(o.field.Int())
	for _, bound := range []struct {
		text string
		sign int
	}{{o.least, 1}, {o.most, -1}} {
		if limit, err := strconv.Atoi(bound.text); err == nil && bound.sign*n < bound.sign*limit {
			return Usagef("%s %d: give %s", o.title(), n, strings.TrimPrefix(strings.TrimPrefix(o.expected(), "a whole number, "), "a whole number from "))
		}
	}
	return nil
}

// orList joins words: a, b or c.
func orList(words []string) string {
	last := len(words) - 1
	if last == 0 {
		return words[0]
	}
	return strings.Join(words[:last], ", ") + " or " + words[last]
}

// text returns the value as it is written on the command line.
func (o *Option) text() string {
	if o.field.Kind() != reflect.Slice {
		return fmt.Sprint(o.field.Interface())
	}
	words := make([]string, o.field.Len())
	for i := range words {
		words[i] = fmt.Sprint(o.field.Index(i).Interface())
	}
	return strings.Join(words, ",")
}

// find returns the option of a name, nil where there is none.
func find(options []*Option, name string) *Option {
	for _, o := range options {
		if o.Name == name {
			return o
		}
	}
	return nil
}
