package checkpoint

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"
)

// Difference names the first value, by its JSON path, in which two values that JSON can
// hold differ, such as `backend.core is "Haswell", here "SkylakeX"`. It is empty if
// they are equal.
func Difference(there, here any) string { return differAt("training", jsonTree(there), jsonTree(here)) }

// difference is the same for two JSON texts that are not equal.
func difference(there, here json.RawMessage) string {
	return cmp.Or(Difference(there, here), "it is written in another way")
}

// jsonTree returns the JSON form of a value, with numbers as written.
func jsonTree(v any) (all any) {
	text, err := json.Marshal(v)
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if err = cmp.Or(err, d.Decode(&all)); err != nil {
		panic("checkpoint: difference of what cannot be written: " + err.Error())
	}
	return all
}

// differAt compares two values at path. It is empty if they are equal.
func differAt(path string, there, here any) string {
	switch here := here.(type) {
	case map[string]any:
		if there, ok := there.(map[string]any); ok {
			return differInside(path, there, here)
		}
	case []any:
		if there, ok := there.([]any); ok && len(there) == len(here) {
			for i := range here {
				if text := differAt(fmt.Sprintf("%s[%d]", path, i), there[i], here[i]); text != "" {
					return text
				}
			}
			return ""
		}
	}
	if a, b := abbreviate(there), abbreviate(here); a != b {
		return fmt.Sprintf("%s is %s, here %s", path, a, b)
	}
	return ""
}

func differInside(path string, there, here map[string]any) string {
	names := maps.Clone(there)
	maps.Copy(names, here)
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if text := differAt(strings.TrimPrefix(path+"."+quoteStrange(name), "training."), there[name], here[name]); text != "" {
			return text
		}
	}
	return ""
}

// quoteStrange writes a name, a strange one in quotes and by its beginning.
func quoteStrange(name string) string {
	strange := func(r rune) bool { return r != '_' && !unicode.IsLetter(r) }
	if len(name) > 40 || strings.ContainsFunc(name, strange) {
		return fmt.Sprintf("%.40q", name)
	}
	return name
}

// abbreviate writes a value, a long one by its beginning.
func abbreviate(v any) string {
	if v == nil {
		return "not set"
	}
	if list, ok := v.([]any); ok && len(list) > 0 {
		if _, ok := list[0].(map[string]any); ok {
			return fmt.Sprintf("a list of %d", len(list))
		}
	}
	text, err := json.Marshal(v)
	if err != nil {
		return "no JSON"
	}
	if len(text) > 80 {
		return strings.ToValidUTF8(string(text[:80]), "") + "…"
	}
	return string(text)
}
