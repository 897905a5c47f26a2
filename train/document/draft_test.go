package document

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestDraft: what is not changed stays, comments included.
func TestDraft(t *testing.T) {
	text, err := ReadDraft(".yml", []byte("# why\ntitle: A # note\n\n# shared\nbase: {ns: 900, eta_max: 0.1}\nlist:\n  # first\n  - {name: a, seeds: 3}\n"))
	if err != nil {
		t.Fatal(err)
	}
	root := text.Root()
	root.Put([]string{"base", "eta-max"}, Of(0.5), "list")
	root.Put([]string{"base", "hidden"}, Of([]int{50, 30}), "list")
	root.Put([]string{"seeds"}, Of(5), "list")
	root.Put([]string{"deep", "er"}, Of("2"), "list")
	for _, e := range root.Tables("list") {
		e.Put([]string{"seeds"}, Value{}, "")
		e.Put([]string{"none"}, Value{}, "")
		e.Put([]string{"none", "deeper"}, Value{}, "")
	}
	got, err := text.YAML()
	want := "# why\ntitle: A # note\n# shared\nbase: {ns: 900, eta_max: 0.5, hidden: [50, 30]}\nseeds: 5\ndeep: {er: \"2\"}\nlist:\n  # first\n  - {name: a}\n"
	if diff := cmp.Diff(want, string(got)); err != nil || diff != "" {
		t.Errorf("error %v\n%s", err, diff)
	}
}

// TestDraftOfTOML: TOML becomes YAML that means the same, texts that look like numbers included.
func TestDraftOfTOML(t *testing.T) {
	text, err := ReadDraft(".toml", []byte("title = \"true\"\nseeds = [1, 2]\n[base]\nlambda = 1e-3\n[[experiments]]\nname = \"1\"\n[experiments.vary]\nbn = [true, false]\n\"eta-max\" = {from = 0.1, to = 1}\n"))
	if err != nil {
		t.Fatal(err)
	}
	got, err := text.YAML()
	want := "title: \"true\"\nseeds: [1, 2]\nbase: {lambda: 1e-3}\nexperiments:\n  - name: \"1\"\n    vary: {bn: [true, false], eta-max: {from: 0.1, to: 1}}\n"
	if diff := cmp.Diff(want, string(got)); err != nil || diff != "" {
		t.Errorf("error %v\n%s", err, diff)
	}
	empty, err := ReadDraft(".yaml", nil)
	if err != nil {
		t.Fatal(err)
	}
	empty.Root().Put([]string{"ns"}, Of(3), "")
	if got, err := empty.YAML(); err != nil || string(got) != "{ns: 3}\n" {
		t.Errorf("%q, error %v", got, err)
	}
}
