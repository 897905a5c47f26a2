package study

import (
	"encoding/json"
	"testing"

	"bnlab/train/document"
	"bnlab/train/vary"
)

// TestSchema: every key that a study file may have is in the schema, with a description.
func TestSchema(t *testing.T) {
	raw, err := Schema()
	if err != nil {
		t.Fatal(err)
	}
	var s map[string]any
	if err := json.Unmarshal(raw, &s); err != nil {
		t.Fatal(err)
	}
	properties := func(v any) map[string]any { return v.(map[string]any)["properties"].(map[string]any) }
	top := properties(s)
	e := properties(top["experiments"].(map[string]any)["items"])
	base, axes := properties(e["base"]), properties(e["vary"])
	for _, name := range vary.Fields() {
		f, ok := base[name].(map[string]any)
		if !ok || f["description"] == "" || f["type"] == "" {
			t.Errorf("base has no %s: %v", name, f)
		}
		if _, ok := axes[name]; ok == (vary.CannotVary[name] != "") {
			t.Errorf("%s varies: %v", name, ok)
		}
	}
	for _, key := range []struct {
		table map[string]any
		names []string
	}{{top, []string{"title", "source", "base", "seeds", "keep", "experiments", "budget"}}, {e, []string{"name", "base", "seeds", "vary", "search", "contrast", "published", "claims", "figures"}}} {
		if len(key.table) != len(key.names) {
			t.Errorf("%d keys, want %q", len(key.table), key.names)
		}
		for _, name := range key.names {
			if d, _ := key.table[name].(map[string]any)["description"].(string); d == "" {
				t.Errorf("%s has no description", name)
			}
		}
	}
	if enum := base["init"].(map[string]any)["enum"].([]any); len(enum) != 3 || document.Hyphened(enum[0].(string)) != "he" {
		t.Errorf("values of init: %v", enum)
	}
}
