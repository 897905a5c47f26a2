package model

import (
	"fmt"
	"slices"
)

// LayersOf returns the layers, 1 for the first, that have what t names.
func (s Spec) LayersOf(t FrozenTensor) (layers []int) {
	for l := 1; l <= len(s.Hidden)+1; l++ {
		always := t.Kind == Weight || t.Kind == Bias
		if (t.Layer == 0 || t.Layer == l) && (always || s.normalised(l-1) > 0) {
			layers = append(layers, l)
		}
	}
	return layers
}

// CanonicalFrozen returns the one text that freezes the same: a kind of tensor of which all
// layers are frozen is named once.
func (s Spec) CanonicalFrozen() Frozen {
	var all []FrozenTensor
	for _, kind := range frozenKinds {
		every := FrozenTensor{Kind: kind}
		layers := s.LayersOf(every)
		frozen := slices.DeleteFunc(slices.Clone(layers), func(l int) bool { return !s.Frozen.Has(l, kind) })
		if len(layers) > 0 && len(frozen) == len(layers) {
			all = append(all, every)
			continue
		}
		for _, l := range frozen {
			all = append(all, FrozenTensor{l, kind})
		}
	}
	return frozenOf(all)
}

// Trains reports whether a step changes anything.
func (s Spec) Trains() bool { return s.lowest() <= len(s.Hidden) }

// lowest returns the lowest layer, counted from 0, of which a step changes something, the number
// of layers where there is none. No gradient needs to go below it.
func (s Spec) lowest() int {
	for l := range s.widths() {
		for _, kind := range frozenKinds {
			if len(s.LayersOf(FrozenTensor{l + 1, kind})) > 0 && !s.Frozen.Has(l+1, kind) {
				return l
			}
		}
	}
	return len(s.widths())
}

// Computes reports which products the backward pass has in layer l, 1 for the first: the
// gradient with respect to the layer below, and that with respect to W.
func (s Spec) Computes(l int) (below, weights bool) {
	lowest := s.lowest() + 1
	return l > lowest, l >= lowest && !s.Frozen.Has(l, Weight)
}

// checkFrozen returns an error if one is to be frozen that there is not.
func (s Spec) checkFrozen() error {
	if s.Frozen == "" {
		return nil
	}
	all, ok := s.Frozen.Tensors()
	if !ok {
		return fmt.Errorf("model: frozen %q", s.Frozen)
	}
	for _, t := range all {
		if len(s.LayersOf(t)) == 0 {
			return fmt.Errorf("model: no %s to freeze", t)
		}
	}
	return nil
}
