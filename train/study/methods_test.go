package study

import (
	"slices"
	"testing"

	"bnlab/train"
	"bnlab/train/document"
)

// TestMethodsStudy: the study of all methods has each option on in some trial, but for those
// that say how an evaluation is done or what is kept.
func TestMethodsStudy(t *testing.T) {
	apart := []string{"precise_images", "eval_batch", "snapshots", "landscape", "landscape_to"}
	trials := BuiltIn("methods").Experiments[0].Trials()
	for _, f := range train.Fields() {
		name := f.Tag.Get("json")
		if _, option := f.Tag.Lookup("off"); !option || slices.Contains(apart, name) {
			continue
		}
		on := 0
		for _, trial := range trials {
			if !trial.Config.IsOff(name) {
				on++
			}
		}
		if on == 0 || on == len(trials) {
			t.Errorf("%s is on in %d of %d trials", document.Hyphened(name), on, len(trials))
		}
	}
}

// TestWithGradients: of the study of all methods those networks remain whose gradients
// differ, one each.
func TestWithGradients(t *testing.T) {
	all := WithGradients()
	for _, c := range all {
		if c.Optimiser != "sgd" || c.Momentum != 0 || c.Schedule != "cyclical" || c.InputDropout != 0 {
			t.Errorf("%v has the gradient of another", c.Options())
		}
	}
	if n := len(all); n < 15 || n >= len(BuiltIn("methods").Experiments[0].Trials())/5 {
		t.Errorf("%d networks", n)
	}
}

func TestContrastOfMetrics(t *testing.T) {
	const head = "title: t\nseeds: 2\nexperiments:\n  - name: a\n    base: {bn: true, statistics: precise}\n    vary: {ns: [10, 20]}\n    contrast: "
	s, err := Parse("a.yaml", []byte(head+"{metric: test-acc-precise, than: test-acc}\n"))
	if err != nil {
		t.Fatal(err)
	}
	e := s.Experiments[0]
	if c := e.Contrast[0]; c.Than != "test-acc" || !c.AsksFor(e.Trials()[0].Config) || c.AsksFor(train.Default()) {
		t.Errorf("%+v", c)
	}
	if got := e.Questions(); !slices.Equal(got, []string{"a: test-acc-precise against test-acc"}) {
		t.Errorf("%q", got)
	}
	for text, want := range map[string]string{
		"{of: ns, metric: test-acc-precise, than: test-acc}": `a.yaml, line 7: contrast: of ns and than test-acc: give one of the two`,
		"{metric: test-acc, than: test-acc}":                 `a.yaml, line 7: contrast: metric test-acc than itself`,
		"{metric: test-acc-batch, than: test-acc}":           `a.yaml, line 7: contrast: no trial has test-acc-batch and test-acc; set statistics`,
		"{metric: test-acc, than: nothing}":                  `a.yaml, line 7: contrast: than: metric "nothing": give test-acc, val-acc, train-loss or val-loss`,
	} {
		if _, err := Parse("a.yaml", []byte(head+text+"\n")); err == nil || err.Error() != want {
			t.Errorf("%s: %v\nwant %s", text, err, want)
		}
	}
}
