package train

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// is reports whether a probe is that of a golden file, up to rounding.
func (p Probe) is(want Probe) bool {
	near := func(a, b Number) bool { return close10(float64(a), float64(b)) }
	return p.Step == want.Step && near(p.LossMin, want.LossMin) && near(p.LossMax, want.LossMax) &&
		near(p.ChangeMin, want.ChangeMin) && near(p.ChangeMax, want.ChangeMax) && near(p.Smoothness, want.Smoothness)
}

// TestProbesWhere: a probe comes before the first update and every so many after it.
func TestProbesWhere(t *testing.T) {
	for every, want := range map[int][]int{0: nil, 20: {0, 20, 40}, 47: {0, 47}, 48: {0}, 100: {0}} {
		c := small()
		c.Landscape = every
		var got []int
		for _, p := range fitAll[float64](t, c).results[0].Landscape {
			got = append(got, p.Step)
		}
		if diff := cmp.Diff(want, got); diff != "" || len(got) != c.probes() {
			t.Errorf("every %d updates: at %v, want %v", every, got, want)
		}
	}
}

// TestProbesOverflow: along the gradient of a net that diverges numbers overflow; they are
// null in JSON, come back, and the record is sound. A net beside it is not touched.
func TestProbesOverflow(t *testing.T) {
	wild := small()
	wild.BN, wild.EtaMin, wild.EtaMax, wild.Landscape, wild.LandscapeTo = false, 1e3, 1e120, 1, 1e6
	tame := small()
	tame.Landscape = 1
	o, alone := fitAll[float64](t, wild, tame), fitAll[float64](t, tame)
	r := o.results[0]
	last := r.Landscape[len(r.Landscape)-1]
	if !r.Diverged || !math.IsInf(float64(last.LossMax), 1) {
		t.Fatalf("diverged %v, last probe %+v: choose a higher rate", r.Diverged, last)
	}
	text, err := json.Marshal(r)
	if err != nil || !r.Sound() {
		t.Fatalf("the record: %v", err)
	}
	var back Result
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(r, back); diff != "" {
		t.Errorf("the record comes back as another\n%s", diff)
	}
	if diff := cmp.Diff(alone.results[0], o.results[1]); diff != "" {
		t.Errorf("alone − beside one that diverges +\n%s", diff)
	}
}

// TestProbesSound: a record whose probes no training leaves is refused.
func TestProbesSound(t *testing.T) {
	good := []Probe{{Step: 0, LossMax: 1, ChangeMax: 2}, {Step: 3, LossMin: 1, LossMax: Number(math.Inf(1)), Smoothness: 4}}
	if !(Result{Landscape: good}).Sound() {
		t.Error("a good one is refused")
	}
	for name, p := range map[string]Probe{
		"step": {Step: 2}, "negative": {Step: 4, Smoothness: -1}, "loss": {Step: 4, LossMin: 2, LossMax: 1}, "change": {Step: 4, ChangeMin: 2, ChangeMax: 1},
	} {
		if (Result{Landscape: append(good[:2:2], p)}).Sound() {
			t.Errorf("%s: %+v is taken", name, p)
		}
	}
}
