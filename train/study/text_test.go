package study

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestTextOfOverridden: the text of a study that a command line has changed has its trials.
func TestTextOfOverridden(t *testing.T) {
	yaml := `# Why this is asked
title: Two
base: {init: he, ns: 40} # short
experiments:
  - name: a
    base: {sigma: 0.1, init: normal}
    seeds: [7, 9]
    vary: {bn: [true, false]}
  - {name: b, base: {lambda: 0.1}}
`
	toml := "seeds = 2\n[[experiments]]\nvary = {batch = [20, 10]}\ncontrast = \"batch\"\n"
	for _, c := range []struct {
		name, file, text string
		set              []string
		seeds            int
	}{
		{"as it is", "x.yaml", yaml, nil, 0},
		{"seeds", "x.yaml", yaml, nil, 3},
		{"fields", "x.yaml", yaml, []string{"ns=30", "hidden=20,10", "ns=35"}, 0},
		{"fields that belong together", "x.yaml", yaml, []string{"sigma=0.2"}, 0},
		{"TOML", "x.toml", toml, nil, 0},
		{"TOML without a base", "x.toml", toml, []string{"ns=30"}, 4},
	} {
		s, err := Parse(c.file, []byte(c.text))
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Override(c.set, c.seeds); err != nil {
			t.Fatal(err)
		}
		text, err := s.Text()
		if err != nil {
			t.Fatal(err)
		}
		if c.set == nil && c.seeds == 0 && c.file == "x.yaml" && string(text) != yaml {
			t.Errorf("%s: not the text that was read:\n%s", c.name, text)
		}
		again, err := Parse("y.yaml", text)
		if err != nil {
			t.Fatalf("%s: %v\n%s", c.name, err, text)
		}
		for i := range s.Experiments {
			if diff := cmp.Diff(trialsOf(t, s, i), trialsOf(t, again, i)); diff != "" {
				t.Errorf("%s: experiment %d of\n%s\n%s", c.name, i, text, diff)
			}
		}
	}
}
