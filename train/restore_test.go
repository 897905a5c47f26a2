package train

import (
	"slices"
	"testing"

	"bnlab/model"
)

// Restoring brings back the running statistics as they were, not only the parameters:
// an evaluation right after it gives what one before gave.
func TestRestoreRunningStatistics(t *testing.T) {
	c := small()
	keep := &shelf{}
	keptFit[float64](t, []Config{c}, keep)
	state := keep.states[2]
	data, _ := draw[float64]()
	f, err := newFit([]Config{c}, data, Discard, Discard)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.restore(state); err != nil {
		t.Fatal(err)
	}
	running := 0
	for _, tensor := range f.net.Tensors(0) {
		if tensor.Kind == model.RunMean || tensor.Kind == model.RunVar {
			running++
			fresh := 0.0
			if tensor.Kind == model.RunVar {
				fresh = 1
			}
			if slices.ContainsFunc(tensor.Data, func(v float64) bool { return v == fresh || v == 0 }) {
				t.Errorf("%s %v is that of a new network", tensor.Name, tensor.Data)
			}
		}
	}
	if running != 2*len(c.Hidden) {
		t.Fatalf("%d tensors of running statistics", running)
	}
	if got := f.state().Numbers; !slices.Equal(got, state.Numbers) {
		t.Error("the state restored is another")
	}
}
