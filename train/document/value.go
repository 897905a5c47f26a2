package document

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
)

// Of returns a Go value of a kind that Decode stores into, but for structs, as one of a
// document, without a line. A Value is returned as it is.
func Of(v any) Value {
	if value, ok := v.(Value); ok {
		return value
	}
	switch r := reflect.ValueOf(v); r.Kind() {
	case reflect.Bool:
		return Value{Kind: Bool, Text: fmt.Sprint(v)}
	case reflect.Int, reflect.Uint64:
		return Value{Kind: Number, Text: fmt.Sprint(v)}
	case reflect.Float64:
		return Value{Kind: Number, Text: strconv.FormatFloat(r.Float(), 'g', -1, 64)}
	case reflect.String:
		return Value{Kind: Text, Text: r.String()}
	case reflect.Slice:
		list := Value{Kind: List}
		for i := range r.Len() {
			list.Items = append(list.Items, Of(r.Index(i).Interface()))
		}
		return list
	}
	panic(fmt.Sprintf("document: no document has a %T", v))
}

// With returns the table v with another value of a name, at the end if it has none. A
// value of the zero Kind takes the name out.
func (v Value) With(name string, value Value) Value {
	same := func(k Key) bool { return Hyphened(k.Name) == Hyphened(name) }
	at := slices.IndexFunc(v.Keys, same)
	v.Kind, v.Keys = Table, slices.Clone(v.Keys)
	switch {
	case value.Kind == "":
		v.Keys = slices.DeleteFunc(v.Keys, same)
	case at < 0:
		v.Keys = append(v.Keys, Key{name, value.Line, value})
	default:
		v.Keys[at].Line, v.Keys[at].Value = value.Line, value
	}
	return v
}

// Put returns the table v with another value at a path of tables, as With does; missing
// tables are made, and those that would have nothing in them taken out.
func (v Value) Put(path []string, value Value) Value {
	if len(path) > 1 {
		below, _ := v.At(path[0])
		if value = below.Put(path[1:], value); len(value.Keys) == 0 {
			value = Value{}
		}
	}
	return v.With(path[0], value)
}
