// Package vary says which fields of a configuration a study sets, and along which axes they
// vary: lists, ranges, lists that belong together, and points drawn at random.
package vary

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"sync"

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
	var norm, bn *document.Key
	for i, k := range v.Keys {
		if err := set(&c, k); err != nil {
			return err
		}
		switch document.Hyphened(k.Name) {
		case "norm":
			norm = &v.Keys[i]
		case "bn":
			bn = &v.Keys[i]
		}
	}
	if norm != nil && bn != nil {
		return &document.Error{Line: norm.Line, Text: "norm and bn are one choice; give one of the two"}
	}
	*s = v.Keys
	return nil
}

// fields are the fields that a study can set, all that have a meaning for people, by their
// flags' names.
var fields = sync.OnceValue(func() map[string]reflect.StructField {
	found := map[string]reflect.StructField{}
	for _, f := range train.Fields() {
		if f.Tag.Get("help") != "" {
			found[document.Hyphened(f.Tag.Get("json"))] = f
		}
	}
	return found
})

// Fields returns the names of the fields that a study can set, sorted.
func Fields() []string { return slices.Sorted(maps.Keys(fields())) }

// FieldNamed returns the field of that name as it is declared, false where there is none.
func FieldNamed(name string) (reflect.StructField, bool) {
	f, ok := fields()[name]
	return f, ok
}

// Field returns the field of c of that name, invalid where there is none.
func Field(c *train.Config, name string) reflect.Value {
	if f, ok := fields()[name]; ok {
		return reflect.ValueOf(c).Elem().FieldByIndex(f.Index)
	}
	return reflect.Value{}
}

// set sets the field that a key names.
func set(c *train.Config, k document.Key) error {
	name := document.Hyphened(k.Name)
	into := Field(c, name)
	if !into.IsValid() {
		return &document.Error{Line: k.Line, Text: fmt.Sprintf("%q is no field of a training%s", k.Name, message.DidYouMean("", name, Fields()))}
	}
	err := k.Value.Decode(into.Addr().Interface())
	if err != nil {
		return err
	}
	switch name {
	case "sigma":
		c.Init = model.Normal
	case "norm":
		c.SetNorm(c.Norm)
	case "norm-layers":
		c.SetNormLayers(c.NormLayers)
	case "frozen":
		c.SetFrozen(c.Frozen)
	}
	return nil
}

// Apply returns the configuration with the settings, the later ones over the earlier. Its
// error is a document.Error with the line of the setting.
func (s Settings) Apply(c train.Config) (train.Config, error) {
	for _, k := range s {
		if err := set(&c, k); err != nil {
			return c, err
		}
	}
	return c, nil
}

// Complete does what people expect of fields that they have not set: no more evaluations
// than steps.
func Complete(c train.Config) train.Config {
	c.Evals = min(c.Evals, 2*max(c.NS, 1))
	return c
}

// ValueOf returns the value of a field of c as text, as a flag takes it.
func ValueOf(c train.Config, name string) string {
	if name == "norm" {
		return string(c.Normalised()) // also where it is the study's
	}
	v := Field(&c, name)
	if list, ok := v.Interface().([]int); ok {
		return strings.Trim(strings.ReplaceAll(fmt.Sprint(list), " ", ","), "[]")
	}
	return fmt.Sprint(v.Interface())
}

// Meets reports whether c has all the settings.
func (s Settings) Meets(c train.Config) bool {
	for _, k := range s {
		with := c
		if err := set(&with, document.Key{Name: k.Name, Line: k.Line, Value: k.Value}); err != nil {
			return false // which Decode has refused already
		}
		if name := document.Hyphened(k.Name); ValueOf(with, name) != ValueOf(c, name) {
			return false
		}
	}
	return true
}

// Number returns the value of a field that is a number. It panics for others.
func Number(c train.Config, name string) float64 {
	switch v := Field(&c, name); {
	case v.CanInt():
		return float64(v.Int())
	case v.CanUint():
		return float64(v.Uint())
	default:
		return v.Float()
	}
}
