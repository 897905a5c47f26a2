package cifar

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSetStatistics(t *testing.T) {
	s := newSet(4)
	copy(s.Labels, []uint8{9, 0, 9, 3})
	if diff := cmp.Diff([]int{1, 0, 0, 1, 0, 0, 0, 0, 0, 2}, s.PerClass()); diff != "" {
		t.Errorf("images of each class (-want +got):\n%s", diff)
	}
	for j := range Dim {
		s.Image(2)[j] = 200
	}
	// One image in four is 200: mean 50, std √(¼·150² + ¾·50²).
	if mean, std := s.Brightness(); math.Abs(mean-50) > 1e-9 || math.Abs(std-math.Sqrt(7500)) > 1e-9 {
		t.Errorf("brightness %v ± %v, want 50 ± %v", mean, std, math.Sqrt(7500))
	}
}

func TestSliceIsAView(t *testing.T) {
	s := noise(5, 1)
	v := s.Slice(2, 4)
	v.Labels[1], v.Image(1)[Dim-1] = 7, 99
	if v.Len() != 2 || s.Labels[3] != 7 || s.Image(3)[Dim-1] != 99 {
		t.Error("the slice does not share the images")
	}
	v.Labels, v.Pixels = append(v.Labels, 0), append(v.Pixels, make([]byte, Dim)...)
	if !equal(s.Slice(4, 5), noise(5, 1).Slice(4, 5)) {
		t.Error("appending to a slice changes the whole")
	}
}
