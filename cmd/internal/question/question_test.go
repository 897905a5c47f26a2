package question

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"bnlab/train/study"
)

// TestDefaults: a command without flags asks what its study says.
func TestDefaults(t *testing.T) {
	for name, flags := range map[string]Flags{"compare": DefaultDepths(), "sigma": DefaultSpreads(), "lambda": Lambdas{}} {
		asked, err := Of(nil, name, flags, Base(name), 3)
		if err != nil {
			t.Fatal(err)
		}
		want := study.BuiltIn(name)
		if err := want.Override(nil, 3); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want.Experiments[0].Trials(), asked.Experiments[0].Trials()); diff != "" {
			t.Errorf("%s: the study − the command +\n%s", name, diff)
		}
	}
}

// TestSearch: the seeds of a search and of its final networks begin alike, and are as many
// as their flags say.
func TestSearch(t *testing.T) {
	asked, err := Ask("search", Base("search"), 1, Search{Points: 3, Range: "neighbours", SearchSeeds: 2}.Changes("search", 7, 4))
	if err != nil {
		t.Fatal(err)
	}
	e := asked.Experiments[0]
	if diff := cmp.Diff([]study.Seeds{{7, 8}, {7, 8, 9, 10}}, []study.Seeds{e.Seeds, e.Search.Final.Seeds}); diff != "" {
		t.Error(diff)
	}
	if fine := e.Search.Fine; fine.Draw != 3 || fine.Between != "neighbours" {
		t.Errorf("fine stage %+v", fine)
	}
}

// TestNoDepth: what is missing is named as a field.
func TestNoDepth(t *testing.T) {
	if _, err := (Depths{}).Changes(nil, "compare"); err == nil || !strings.Contains(err.Error(), "depth: give one or more") {
		t.Errorf("error %v", err)
	}
}
