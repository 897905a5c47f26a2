package answer

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"bnlab/blas"
	"bnlab/train"
	"bnlab/train/document"
	"bnlab/train/experiment"
	"bnlab/train/study"
)

// noImages are images of which only the number counts.
type noImages int

func (n noImages) Len() int { return int(n) }

func (noImages) Gather(blas.Matrix[float32], []uint8, []int32) {}

// TestLimit: the lab keeps to the budget of a study whose shortest training is longer than
// the last rung; else the error names file, line and group.
func TestLimit(t *testing.T) {
	for _, c := range []struct {
		ns   string
		says string
	}{
		{"[900]", ""}, {"[451, 900]", ""}, {"[1800]", ""},
		{"[450, 900]", "my.yaml, line 4: budget: ns=450: a rung at 4 epochs of a training of 4: it must come before the end"},
		{"[900, 225]", "my.yaml, line 4: budget: ns=225: a rung at 4 epochs of a training of 2: "},
		{"[225]", "my.yaml, line 4: budget: ns=225: a rung at 4 epochs of a training of 2: "},
	} {
		s, err := study.Parse("my.yaml", []byte("experiments: [{name: x, vary: {ns: "+c.ns+"}}]\nbudget:\n  stop: successive-halving\n  rungs: [1, 4"+
			map[bool]string{true: ", 16"}[c.ns == "[1800]"]+"]\n  keep: 0.25"))
		if err != nil {
			t.Fatal(err)
		}
		lab := &experiment.Lab{Dataset: experiment.Dataset{Name: "x"}, Program: "x", Fuse: 3, Workers: 2, Data: experiment.Data{F32: func() train.Data[float32] {
			return train.Data[float32]{Train: noImages(45_000)}
		}}}
		plan, err := planOf(lab, s, &s.Experiments[0], s.Experiments[0].Trials())
		want := &experiment.Budget{Rungs: []int{1, 4}, Keep: 0.25, Fuse: 3, Workers: 2}
		if c.says == "" {
			if diff := cmp.Diff(want, plan.Budget); err != nil || diff != "" {
				t.Errorf("%s: error %v, budget\n%s", c.ns, err, diff)
			}
		} else if err == nil || !strings.HasPrefix(err.Error(), c.says) || !errors.Is(err, study.ErrStudy) || !errors.As(err, new(*document.Error)) {
			t.Errorf("%s: error %v", c.ns, err)
		}
	}
}
