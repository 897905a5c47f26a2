package study

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"bnlab/model"
	"bnlab/train"
	"bnlab/train/document"
	"bnlab/train/message"
)

// Settings are values of fields of a configuration, in the order of the file.
type Settings []document.Key

// Decode reads a table of fields, by their flags' names.
func (s *Settings) Decode(v document.Value) error {
	if v.Kind != document.Table {
		return v.Errorf("give a table of fields, as {ns: 900, bn: true}")
	}
	var c train.Config
	for _, k := range v.Keys {
		if err := set(&c, k); err != nil {
			return err
		}
	}
	*s = v.Keys
	return nil
}

// Fields returns the names of the fields that a study can set, as their flags have them:
// all that have a meaning for people.
func Fields() (names []string) {
	for _, f := range reflect.VisibleFields(reflect.TypeFor[train.Config]()) {
		if f.Tag.Get("help") != "" {
			names = append(names, document.Hyphened(f.Tag.Get("json")))
		}
	}
	return names
}

// set sets the field that a key names.
func set(c *train.Config, k document.Key) error {
	name := document.Hyphened(k.Name)
	if !slices.Contains(Fields(), name) {
		return &document.Error{Line: k.Line, Text: fmt.Sprintf("%q is no field of a training%s", k.Name, message.DidYouMean("", name, Fields()))}
	}
	err := document.Value{Kind: document.Table, Line: k.Line, Keys: []document.Key{k}}.Decode(c)
	if err == nil && name == "sigma" {
		c.Init = model.Normal
	}
	return err
}

// apply returns the configuration with the settings, the later ones over the earlier.
func apply(c train.Config, settings Settings) (train.Config, error) {
	for _, k := range settings {
		if err := set(&c, k); err != nil {
			return c, err
		}
	}
	return c, nil
}

// complete does what people expect of fields that they have not set: no more evaluations
// than steps.
func complete(c train.Config) train.Config {
	c.Evals = min(c.Evals, 2*max(c.NS, 1))
	return c
}

// valueOf returns the value of a field of c as text, as a flag takes it.
func valueOf(c train.Config, name string) string {
	for _, f := range reflect.VisibleFields(reflect.TypeFor[train.Config]()) {
		if document.Hyphened(f.Tag.Get("json")) != name {
			continue
		}
		v := reflect.ValueOf(c).FieldByIndex(f.Index)
		if list, ok := v.Interface().([]int); ok {
			return strings.Trim(strings.ReplaceAll(fmt.Sprint(list), " ", ","), "[]")
		}
		return fmt.Sprint(v.Interface())
	}
	panic("study: no field " + name)
}

// meets tells whether c has all the settings.
func (s Settings) meets(c train.Config) bool {
	for _, k := range s {
		with := c
		if err := set(&with, document.Key{Name: k.Name, Line: k.Line, Value: k.Value}); err != nil {
			return false // which Decode has refused already
		}
		if name := document.Hyphened(k.Name); valueOf(with, name) != valueOf(c, name) {
			return false
		}
	}
	return true
}
