package experiment

import (
	"encoding/json"
	"strings"
	"testing"

	"bnlab/train"
)

// TestDataset: only the original digest makes CIFAR-10, in records of earlier
// programs too.
func TestDataset(t *testing.T) {
	other := "1" + OriginalDigest[1:]
	for _, test := range []struct {
		text     string
		want     Dataset
		title    string
		original bool
	}{
		{`{"name":"cifar10","digest":"` + OriginalDigest + `"}`, Dataset{Original, OriginalDigest}, "CIFAR-10", true},
		{`{"name":"cifar10","digest":"` + other + `"}`, Dataset{Altered, other}, "CIFAR-10, altered", false},
		{`{"name":"cifar10"}`, Dataset{Altered, ""}, "CIFAR-10, altered", false},
		{`{"name":"cifar10-altered","digest":"` + other + `"}`, Dataset{Altered, other}, "CIFAR-10, altered", false},
		{`{"name":"synthetic","digest":"` + OriginalDigest + `"}`, Dataset{Synthetic, OriginalDigest}, "SYNTHETIC set, not CIFAR-10", false},
		{`{"name":"CIFAR-10"}`, Dataset{Name: "CIFAR-10"}, `data set "CIFAR-10", not CIFAR-10`, false},
	} {
		var got Dataset
		if err := json.Unmarshal([]byte(test.text), &got); err != nil || got != test.want {
			t.Errorf("%s: %+v, %v", test.text, got, err)
		}
		if got.Title() != test.title || got.IsOriginal() != test.original {
			t.Errorf("%s: title %q, original %v", test.text, got.Title(), got.IsOriginal())
		}
		if again := DatasetOf(got.Name, got.Digest); again != got {
			t.Errorf("%s: named again %+v", test.text, again)
		}
	}
	var d Dataset
	if err := json.Unmarshal([]byte(`{"name":"cifar10","digst":""}`), &d); err == nil || !strings.Contains(err.Error(), "digst") {
		t.Errorf("an unknown key: %v", err)
	}
}

// TestPublishedOriginalOnly: the study's figures are shown only beside those of its own
// data, even if a record of an earlier version gives altered data its name.
func TestPublishedOriginalOnly(t *testing.T) {
	for digest, want := range map[string]bool{OriginalDigest: true, strings.Repeat("0", 64): false} {
		trials := ofDepths(t, train.Default(), 3)
		plan := planOf(trials, 1)
		text, _ := json.Marshal(plan)
		var err error
		if plan, err = ParsePlan([]byte(strings.Replace(string(text), OriginalDigest, digest, 1))); err != nil {
			t.Fatal(err)
		}
		s := Summarize(plan, []Outcome{finished(trials[0], 0.5, 0.5), {}})
		if got := s.Groups[0].Published != nil; got != want {
			t.Errorf("data %s: published %v", digest, got)
		}
	}
}
