package model

import (
	"testing"

	"bnlab/blas"
)

// A tensor of which every element is a kink has nothing to compare, and does not pass
// as one that holds: with W and b of 0, every ReLU of layer 1 changes sides at 0.
func TestAllKinksDoNotPass(t *testing.T) {
	allKinks(t, Spec{})
}

// So it is where a normalisation after the activation hides on which side a ReLU is.
func TestAllKinksBeforeNorm(t *testing.T) {
	allKinks(t, Spec{LayerNorm: true, NormAfter: true, Eps: 1e-5})
}

func allKinks(t *testing.T, spec Spec) {
	spec.In, spec.Hidden, spec.Out, spec.Nets, spec.MaxRows = 3, []int{4}, 2, 1, 5
	net, err := New[float64](spec)
	if err != nil {
		t.Fatal(err)
	}
	x, labels := blas.New[float64](5, 3), []uint8{0, 1, 0, 1, 1}
	fill(x.Data, 1)
	for _, p := range net.Tensors(0) {
		if p.Layer == 2 && p.Kind == Weight {
			fill(p.Data, 0.3)
		}
		if p.Kind == Beta {
			fill(p.Data, 1)
		}
	}
	net.Gradient(x, labels, []float64{0})
	checks, err := CheckGradient(t.Context(), net, 0, x, labels, 0, 0, 1)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range checks {
		if c.Layer == 1 && (c.Name == Weight || c.Name == Bias) && (c.OK || c.Checked != 0 || c.Kinks != c.Of) {
			t.Errorf("nothing could be compared: %+v", c)
		}
		if c.Layer == 2 && (!c.OK || c.Checked != c.Of) {
			t.Errorf("layer 2 has no kink: %+v", c)
		}
	}
}
