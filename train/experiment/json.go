package experiment

import (
	"bytes"
	"encoding/json"
	"reflect"

	"bnlab/train/message"
)

// JSON returns v in a form that scripts can rely on: indented by two spaces, and an
// empty list is [], never null. Nil lists in v are empty afterwards. What a terminal
// would obey is written as a JSON escape.
func JSON(v any) ([]byte, error) {
	whole := reflect.New(reflect.TypeOf(v)).Elem() // which can be set
	whole.Set(reflect.ValueOf(v))
	fillLists(whole)
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	err := enc.Encode(whole.Interface())
	return message.JSON(out.Bytes()), err
}

// fillLists replaces every nil list in v with an empty one.
func fillLists(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			fillLists(v.Elem())
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() || f.Anonymous {
				fillLists(v.Field(i))
			}
		}
	case reflect.Map:
		for at := v.MapRange(); at.Next(); {
			if list := at.Value(); list.Kind() == reflect.Slice && list.IsNil() {
				v.SetMapIndex(at.Key(), reflect.MakeSlice(list.Type(), 0, 0))
			}
		}
	case reflect.Slice:
		if v.IsNil() {
			v.Set(reflect.MakeSlice(v.Type(), 0, 0))
		}
		for i := range v.Len() {
			fillLists(v.Index(i))
		}
	}
}
