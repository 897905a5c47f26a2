package document

import (
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"bnlab/train/message"
)

// Decoder is a type that reads itself from a value, such as one that may be written as a
// number or as a list.
type Decoder interface{ Decode(Value) error }

// Decode stores v in what into points to. A table goes into a struct, whose fields have
// the names of their JSON, with hyphens or underscores alike; a key that it does not have
// is an error that names the nearest one. A null leaves into as it is. Numbers are
// decimal: a leading zero changes nothing, other bases are refused.
func (v Value) Decode(into any) error { return v.decode(reflect.ValueOf(into).Elem()) }

func (v Value) decode(into reflect.Value) error {
	if d, ok := into.Addr().Interface().(Decoder); ok {
		return d.Decode(v)
	}
	if v.Kind == Null {
		return nil
	}
	switch into.Kind() {
	case reflect.Pointer:
		into.Set(reflect.New(into.Type().Elem()))
		return v.decode(into.Elem())
	case reflect.Struct:
		return v.decodeStruct(into)
	case reflect.Slice:
		if v.Kind != List {
			return v.wanted("a list")
		}
		list := reflect.MakeSlice(into.Type(), len(v.Items), len(v.Items))
		for i, item := range v.Items {
			if err := item.decode(list.Index(i)); err != nil {
				return err
			}
		}
		into.Set(list)
		return nil
	}
	return v.decodeScalar(into)
}

func (v Value) decodeStruct(into reflect.Value) error {
	if v.Kind != Table {
		return v.wanted("a table of " + strings.Join(names(into.Type()), ", "))
	}
	for _, k := range v.Keys {
		field := fieldOf(into, k.Name)
		if !field.IsValid() {
			return &Error{k.Line, strconv.Quote(k.Name) + ": no such key here" + message.DidYouMean("", k.Name, names(into.Type()))}
		}
		if err := k.Value.decode(field); err != nil {
			return err
		}
	}
	return nil
}

func (v Value) decodeScalar(into reflect.Value) error {
	switch into.Kind() {
	case reflect.String:
		if !v.IsScalar() {
			return v.wanted("a text")
		}
		into.SetString(v.Text)
		return nil
	case reflect.Bool:
		if v.Kind != Bool {
			return v.wanted("true or false")
		}
		into.SetBool(strings.EqualFold(v.Text, "true"))
		return nil
	case reflect.Int:
		n, err := strconv.Atoi(v.Text)
		if err != nil {
			return v.wanted("a whole number")
		}
		into.SetInt(int64(n))
		return nil
	case reflect.Uint64:
		n, err := strconv.ParseUint(v.Text, 10, 64)
		if err != nil {
			return v.wanted("a whole number, 0 or above")
		}
		into.SetUint(n)
		return nil
	case reflect.Float64:
		f, err := v.Float()
		into.SetFloat(f)
		return err
	}
	panic("document: field of a type that no document has: " + into.Type().String())
}

// Float returns v as a finite number.
func (v Value) Float() (float64, error) {
	f, err := strconv.ParseFloat(v.Text, 64)
	if err != nil || !IsDecimal(v.Text) || f-f != 0 {
		return 0, v.wanted("a number")
	}
	return f, nil
}

// IsDecimal reports whether a number is not written in another base, as 0x10, 0x1p-2, 0o10
// or 0b10, or with underscores, all of which Go reads.
func IsDecimal(text string) bool { return !otherBase.MatchString(text) }

var otherBase = regexp.MustCompile(`(?i)^[+-]?0[xob]|[0-9]_[0-9]`)

// wanted returns the error of a value where another kind belongs.
func (v Value) wanted(what string) error {
	switch v.Kind {
	case List, Table, Null, Date:
		return v.Errorf("a %s, where %s belongs", v.Kind, what)
	}
	return v.Errorf("%.60q: give %s", v.Text, what)
}

// names returns the names of a struct's fields.
func names(t reflect.Type) (names []string) {
	for i := range t.NumField() {
		if name := nameOf(t.Field(i)); name != "" {
			names = append(names, name)
		}
	}
	return names
}

func nameOf(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	if name == "-" {
		return ""
	}
	return Hyphened(name)
}

// Hyphened returns a name as it is written for people: eta-max for eta_max.
func Hyphened(name string) string { return strings.ReplaceAll(name, "_", "-") }

func fieldOf(v reflect.Value, name string) reflect.Value {
	at := slices.IndexFunc(reflect.VisibleFields(v.Type()), func(f reflect.StructField) bool {
		return len(f.Index) == 1 && nameOf(f) != "" && nameOf(f) == Hyphened(name)
	})
	if at < 0 {
		return reflect.Value{}
	}
	return v.Field(at)
}
