package vary

import (
	"strings"
	"testing"

	"bnlab/train"
	"bnlab/train/document"
)

// read reads what varies from a YAML table.
func read(t *testing.T, text string) (Variation, error) {
	t.Helper()
	v, err := document.Parse(".yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	var all Variation
	return all, all.Decode(v)
}

func TestNamedSettings(t *testing.T) {
	all, err := read(t, "bn: [true, false]\nmethod: {plain: {}, adam: {optimiser: adam, eta-max: 0.001}}\n")
	if err != nil {
		t.Fatal(err)
	}
	points, err := all.Points()
	if err != nil || len(points) != 4 {
		t.Fatalf("%d points, %v", len(points), err)
	}
	if name := GroupName(points[1]); name != "bn=true adam" {
		t.Errorf("group %q", name)
	}
	for i, want := range []struct {
		optimiser string
		etaMax    float64
	}{{"sgd", 0.1}, {"adam", 0.001}} {
		c := train.Default()
		for _, p := range points[i] {
			if c, err = p.Settings.Apply(c); err != nil {
				t.Fatal(err)
			}
		}
		if string(c.Optimiser) != want.optimiser || c.EtaMax != want.etaMax || !c.BN {
			t.Errorf("point %d: %s %g", i, c.Optimiser, c.EtaMax)
		}
	}
	a := all.Axes[all.Axis("method")]
	if a.IsNumeric() || a.Baseline() != 0 || a.Label(0) != "plain" {
		t.Errorf("axis %+v", a)
	}
}

func TestNamedSettingsRefused(t *testing.T) {
	for text, want := range map[string]string{
		"bn: [true, false]\nmethod: {a: {bn: true}}": "bn varies twice",
		"method: {a: {seed: 3}}":                     "seed cannot vary",
		"method: {a: {activaton: tanh}}":             `"activaton" is no field of a training`,
		"method: {a: {}, b: 3}":                      `"method" is no field of a training`,
		"activaton: [tanh]":                          `"activaton" is no field of a training`,
	} {
		if _, err := read(t, text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}
