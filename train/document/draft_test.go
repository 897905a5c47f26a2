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
	base, ok := root.Table("base")
	if _, none := root.Table("title"); !ok || none {
		t.Fatal(ok, none)
	}
	for _, set := range [][3]string{{"eta-max", "0.5"}, {"hidden", "[50, 30]"}} {
		if err := base.Set(set[0], set[1], set[2]); err != nil {
			t.Fatal(err)
		}
	}
	if err := root.Set("seeds", "5", "list"); err != nil {
		t.Fatal(err)
	}
	for _, e := range root.Tables("list") {
		e.Delete("seeds")
		e.Delete("none")
	}
	got, err := text.YAML()
	want := "# why\ntitle: A # note\n# shared\nbase: {ns: 900, eta_max: 0.5, hidden: [50, 30]}\nseeds: 5\nlist:\n  # first\n  - {name: a}\n"
	if diff := cmp.Diff(want, string(got)); err != nil || diff != "" {
		t.Errorf("error %v\n%s", err, diff)
	}
	if err := base.Set("ns", "[", ""); err == nil {
		t.Error("a value that is no YAML is taken")
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
	if err := empty.Root().Set("ns", "3", ""); err != nil {
		t.Fatal(err)
	}
	if got, err := empty.YAML(); err != nil || string(got) != "{ns: 3}\n" {
		t.Errorf("%q, error %v", got, err)
	}
}
