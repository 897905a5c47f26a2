package study

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"

	"bnlab/train/document"
	"bnlab/train/vary"
)

// schema is a node of a JSON schema.
type schema map[string]any

// Schema returns the JSON schema of study files, made from the types that they are read
// into, so that editors complete and check them.
func Schema() ([]byte, error) {
	s := schemaOf(reflect.TypeFor[Study]())
	s["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	s["title"] = "bnlab study"
	s["required"] = []string{"experiments"}
	raw, err := json.MarshalIndent(s, "", "  ")
	return append(raw, '\n'), err
}

func schemaOf(t reflect.Type) schema {
	switch t {
	case reflect.TypeFor[vary.Settings]():
		return settingsSchema()
	case reflect.TypeFor[Seeds]():
		whole := schema{"type": "integer", "minimum": 0}
		return schema{"anyOf": []schema{{"type": "integer", "minimum": 1, "maximum": maxSeeds}, listSchema(whole)}}
	case reflect.TypeFor[Grid]():
		return schema{"anyOf": []schema{listSchema(schema{"type": "number"}), schemaOf(reflect.TypeFor[vary.Range]())}}
	case reflect.TypeFor[vary.Variation]():
		return variationSchema()
	case reflect.TypeFor[Contrasts]():
		one := schema{"anyOf": []schema{{"type": "string"}, schemaOf(reflect.TypeFor[Compared]())}}
		return schema{"anyOf": []schema{{"type": "string"}, schemaOf(reflect.TypeFor[Compared]()), listSchema(one)}}
	}
	switch t.Kind() {
	case reflect.Pointer:
		return schemaOf(t.Elem())
	case reflect.Slice:
		return listSchema(schemaOf(t.Elem()))
	case reflect.Bool:
		return schema{"type": "boolean"}
	case reflect.Int:
		return schema{"type": "integer"}
	case reflect.Uint64:
		return schema{"type": "integer", "minimum": 0}
	case reflect.Float64:
		return schema{"type": "number"}
	case reflect.String:
		return schema{"type": "string"}
	}
	properties := schema{}
	for i := range t.NumField() {
		if f := t.Field(i); f.IsExported() {
			properties[document.Hyphened(f.Tag.Get("json"))] = fieldSchema(f)
		}
	}
	return tableSchema(properties)
}

// fieldSchema is the schema of a field, by its type and its tags.
func fieldSchema(f reflect.StructField) schema {
	s := schemaOf(f.Type)
	s["description"] = f.Tag.Get("help")
	if values := f.Tag.Get("values"); values != "" {
		s["enum"] = strings.Split(values, ",")
	}
	return s
}

func tableSchema(properties schema) schema {
	return schema{"type": "object", "properties": properties, "additionalProperties": false}
}

func listSchema(item schema) schema { return schema{"type": "array", "items": item, "minItems": 1} }

// settingsSchema has a property for each field of a configuration that can be set.
func settingsSchema() schema {
	properties := schema{}
	for _, name := range vary.Fields() {
		f, _ := vary.FieldNamed(name)
		properties[name] = fieldSchema(f)
	}
	return tableSchema(properties)
}

// variationSchema has an axis for each field that can vary.
func variationSchema() schema {
	axes, lists := schema{}, schema{}
	for name, value := range settingsSchema()["properties"].(schema) {
		if _, not := vary.CannotVary[name]; not {
			continue
		}
		value := value.(schema)
		values := []schema{listSchema(value), {"type": "object", "additionalProperties": value, "description": "values by label"}}
		if slices.Contains([]any{"integer", "number"}, value["type"]) {
			values = append(values, schemaOf(reflect.TypeFor[vary.Range]()))
		}
		axes[name] = schema{"anyOf": values, "description": value["description"]}
		lists[name] = listSchema(value)
	}
	axes["zip"] = tableSchema(lists)
	axes["draw"] = schemaOf(reflect.TypeFor[vary.Draw]())
	all := tableSchema(axes)
	all["additionalProperties"] = schema{"type": "object", "additionalProperties": settingsSchema(), "description": "settings by name"}
	return all
}
