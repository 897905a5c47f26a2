package vary

import (
	"testing"

	"bnlab/train"
	"bnlab/train/document"
)

// TestNoNormLayers: an empty list of layers is the configuration in which nothing has set one.
func TestNoNormLayers(t *testing.T) {
	c := train.Default()
	c.NormLayers = []int{1}
	got, err := Settings{{Name: "norm-layers", Value: document.Value{Kind: document.List}}}.Apply(c)
	if err != nil || got.NormLayers != nil {
		t.Errorf("%#v, %v", got.NormLayers, err)
	}
}

// TestNormAndBN: the keys norm and bn are one choice, with one form in a configuration; a point
// of the axis norm is met by configurations with that normalisation alone, whichever key has
// set it.
func TestNormAndBN(t *testing.T) {
	settings := func(name, value string) Settings {
		kind := document.Text
		if name == "bn" {
			kind = document.Bool
		}
		return Settings{{Name: name, Value: document.Value{Kind: kind, Text: value}}}
	}
	for _, set := range []struct{ name, value, norm string }{
		{"norm", "none", "none"}, {"norm", "batch", "batch"}, {"norm", "layer", "layer"}, {"bn", "true", "batch"}, {"bn", "false", "none"},
	} {
		c, err := settings(set.name, set.value).Apply(train.Default())
		if err != nil || c.Validate() != nil {
			t.Fatalf("%s=%s: %v, %v", set.name, set.value, err, c.Validate())
		}
		if got := ValueOf(c, "norm"); got != set.norm || c.BN != (set.norm == "batch") {
			t.Errorf("%s=%s: norm %s, bn %v", set.name, set.value, got, c.BN)
		}
		for _, norm := range []string{"none", "batch", "layer"} {
			if got := settings("norm", norm).Meets(c); got != (norm == set.norm) {
				t.Errorf("%s=%s meets norm=%s: %v", set.name, set.value, norm, got)
			}
		}
	}
}
