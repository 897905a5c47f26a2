package shell

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"bnlab/train/document"
)

// read sets the option to what text says. Its error is one line.
func (o *Option) read(text string, from source) error {
	if from.rank < o.from.rank {
		return nil
	}
	var value any
	var err error
	problem := "give " + o.expected() + digitsHint(text)
	switch old := o.field.Interface().(type) {
	case bool:
		value, err = strconv.ParseBool(text)
		problem = "give true or false"
	case int:
		value, err = ParseInt(text)
	case uint64:
		value, err = parseSeed(text)
	case float64:
		value, err = parseFloat(text)
	case []int:
		value, problem, err = parseList(text, "whole number", "50,50", ParseInt)
	case []float64:
		value, problem, err = parseList(text, "number", "1e-3,1e-4", parseFloat)
	case Repeated:
		if from.rank != o.from.rank {
			old = nil
		}
		value = append(slices.Clip(old), strings.Fields(text)...)
	case []string:
		if from.rank != o.from.rank {
			old = nil
		}
		value = append(slices.Clip(old), strings.Split(text, ",")...)
	default: // of a type of its own, but a text
		value = text
	}
	switch {
	case err != nil && o.IsBoolFlag() && from.rank == byCommandLine:
		return Usagef("%s=%s: give %[1]s alone, or =true or =false", from.name, text)
	case err != nil:
		return Usagef("%s %.60q: %s", from.name, text, problem)
	}
	o.field.Set(reflect.ValueOf(value).Convert(o.field.Type()))
	o.from = from
	return nil
}

// Numbers are decimal wherever they are written, on the command line, in a variable or
// in a file: a leading zero changes nothing, and other bases are refused. Go's own
// flags take 010 for 8.

// ParseInt reads a whole number.
func ParseInt(text string) (int, error) { return strconv.Atoi(text) }

func parseSeed(text string) (uint64, error) { return strconv.ParseUint(text, 10, 64) }

func parseFloat(text string) (float64, error) {
	if !document.IsDecimal(text) {
		return 0, strconv.ErrSyntax
	}
	return strconv.ParseFloat(text, 64)
}

func digitsHint(text string) string {
	if !document.IsDecimal(text) {
		return " in decimal digits, without 0x, 0o, 0b and _"
	}
	return ""
}

// parseList reads values of a kind with commas or spaces between them. Where a word is
// none, or missing between commas, it says which, and gives an example. The list is never
// nil: in JSON no numbers are [], not null.
func parseList[T any](text, kind, example string, parse func(string) (T, error)) (list []T, problem string, err error) {
	list = []T{}
	if strings.TrimSpace(text) == "" {
		return list, "", nil
	}
	for _, part := range strings.Split(text, ",") {
		words := strings.Fields(part)
		if len(words) == 0 {
			words = []string{""}
		}
		for _, word := range words {
			v, err := parse(word)
			if err != nil {
				return nil, fmt.Sprintf("%q is not a %s%s; give numbers separated by commas, such as %s", word, kind, digitsHint(word), example), err
			}
			list = append(list, v)
		}
	}
	return list, "", nil
}

// expected says which values a number may have.
func (o *Option) expected() string {
	kind := "a number"
	if k := o.field.Kind(); k == reflect.Int || k == reflect.Uint64 {
		kind = "a whole number"
	}
	switch bounds := o.bounds(); {
	case bounds == "":
		return kind
	case o.most != "":
		return kind + " from " + bounds
	default:
		return kind + ", " + bounds
	}
}

// bounds says between what a number lies; empty for any number.
func (o *Option) bounds() string {
	switch {
	case o.least != "" && o.most != "":
		return o.least + " to " + o.most
	case o.least != "":
		return o.least + " or above"
	}
	return ""
}

// check returns an error where the value is out of the option's bounds, or none of its
// values.
func (o *Option) check() error {
	if o.Values != nil {
		if value := o.field.String(); o.IsSet() && !o.open && !slices.Contains(o.Values, value) {
			return Usagef("%s %q: give %s", o.title(), value, orList(o.Values))
		}
		return nil
	}
	if o.field.Kind() != reflect.Int {
		return nil
	}
	n := int(o.field.Int())
	least, errLeast := strconv.Atoi(o.least)
	most, errMost := strconv.Atoi(o.most)
	if errLeast == nil && n < least || errMost == nil && n > most {
		return Usagef("%s %d: give %s", o.title(), n, o.bounds())
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
