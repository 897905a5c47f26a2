package study

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"bnlab/train"
	"bnlab/train/vary"
)

// TestBaseOf: the base of a configuration sets it, with each normalisation.
func TestBaseOf(t *testing.T) {
	for name, change := range map[string]func(*train.Config){
		"none":  func(c *train.Config) { c.Lambda = 0.1 },
		"batch": func(c *train.Config) { c.SetNorm("batch"); c.Ghost, c.Noisy = 5, true },
		"layer": func(c *train.Config) { c.SetNorm("layer"); c.NormAfter, c.NormLayers, c.Skip = true, []int{1}, 1 },
	} {
		want := train.Default()
		change(&want)
		var settings vary.Settings
		if err := settings.Decode(BaseOf(want)); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		got, err := settings.Apply(train.Default())
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%s: %v\n%s", name, err, diff)
		}
	}
}
