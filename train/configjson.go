package train

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"sync"
)

// field is a field of a Config, or of a struct embedded in it.
type field struct {
	reflect.StructField
	name string        // in JSON
	off  reflect.Value // of an option, its value when it is off; invalid for other fields
	fuse string        // its tag
}

// isOff reports whether the field is an option that is off in a configuration.
func (f field) isOff(c reflect.Value) bool {
	switch value := c.FieldByIndex(f.Index); {
	case !f.off.IsValid():
		return false
	case value.Kind() == reflect.Slice:
		return value.Len() == 0
	default:
		return value.Equal(f.off)
	}
}

// fields are those of a Config in the order in which JSON has them.
var fields = sync.OnceValue(func() (all []field) {
	for _, f := range reflect.VisibleFields(reflect.TypeFor[Config]()) {
		if f.Anonymous {
			continue
		}
		all = append(all, field{StructField: f, name: f.Tag.Get("json"), off: offValue(f), fuse: f.Tag.Get("fuse")})
	}
	return all
})

// Fields returns the fields of a Config in the order in which JSON has them.
func Fields() (all []reflect.StructField) {
	for _, f := range fields() {
		all = append(all, f.StructField)
	}
	return all
}

// offValue returns the value of an option when it is off, as its tag says.
func offValue(f reflect.StructField) reflect.Value {
	text, isOption := f.Tag.Lookup("off")
	if !isOption {
		return reflect.Value{}
	}
	value := reflect.New(f.Type)
	if f.Type.Kind() == reflect.String {
		value.Elem().SetString(text)
	} else if err := json.Unmarshal([]byte(text), value.Interface()); err != nil {
		panic(fmt.Sprintf("train: field %s: off %q: %v", f.Name, text, err))
	}
	return value.Elem()
}

// turnOff turns all options off.
func (c *Config) turnOff() {
	v := reflect.ValueOf(c).Elem()
	for _, f := range fields() {
		if f.off.IsValid() {
			v.FieldByIndex(f.Index).Set(f.off)
		}
	}
}

// allOff is a configuration with all options off.
var allOff = sync.OnceValue(func() (c Config) { c.turnOff(); return c })

// Options returns the options that are not off, as activation=gelu, by their names in JSON.
func (c Config) Options() (on []string) {
	v := reflect.ValueOf(c)
	for _, f := range fields() {
		if f.off.IsValid() && !f.isOff(v) {
			on = append(on, fmt.Sprintf("%s=%v", f.name, v.FieldByIndex(f.Index)))
		}
	}
	return on
}

// IsOff reports whether the field of that name in JSON is an option that is off.
func (c Config) IsOff(name string) bool {
	return slices.ContainsFunc(fields(), func(f field) bool { return f.name == name && f.isOff(reflect.ValueOf(c)) })
}

// MarshalJSON leaves out the options that are off: what was trained before an option was
// there has the text that it had then, and is the same training.
func (c Config) MarshalJSON() ([]byte, error) {
	v := reflect.ValueOf(&c).Elem()
	shown := shownOf(v)
	text := reflect.New(shown.as).Elem()
	for i, f := range shown.fields {
		text.Field(i).Set(v.FieldByIndex(f.Index))
	}
	return json.Marshal(text.Addr().Interface())
}

// shown is a struct of the fields that are in the text of a configuration.
type shown struct {
	fields []field
	as     reflect.Type
}

// kinds holds what is shown by which options are on: making a type takes longer than
// writing its text.
var kinds sync.Map

func shownOf(c reflect.Value) *shown {
	var on [2]uint64 // a bit a field
	for i, f := range fields() {
		if !f.isOff(c) {
			on[i/64] |= 1 << (i % 64)
		}
	}
	if kind, ok := kinds.Load(on); ok {
		return kind.(*shown)
	}
	kind, types := &shown{}, []reflect.StructField{}
	for i, f := range fields() {
		if on[i/64]>>(i%64)&1 == 1 {
			kind.fields = append(kind.fields, f)
			types = append(types, reflect.StructField{Name: f.Name, Type: f.Type, Tag: f.Tag})
		}
	}
	kind.as = reflect.StructOf(types)
	kinds.Store(on, kind)
	return kind
}

// UnmarshalJSON reads what MarshalJSON writes. An unknown field is an error: a later
// program may have trained in a way that this one does not know.
func (c *Config) UnmarshalJSON(text []byte) error {
	type config Config // without this method
	c.turnOff()
	s, _ := strictReaders.Get().(*strictReader)
	if s == nil {
		s = newStrictReader()
	}
	s.text.Reset(text)
	if err := s.Decode((*config)(c)); err != nil {
		return err // and what is left of the text is not read by another
	}
	strictReaders.Put(s)
	return nil
}

// strictReader reads one value after the other, and allocates once.
type strictReader struct {
	*json.Decoder
	text *bytes.Reader
}

var strictReaders sync.Pool

func newStrictReader() *strictReader {
	text := bytes.NewReader(nil)
	d := json.NewDecoder(text)
	d.DisallowUnknownFields()
	return &strictReader{d, text}
}
