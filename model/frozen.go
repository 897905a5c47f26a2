package model

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Frozen names the tensors that no step changes, joined by +: W, b, gamma or beta of every
// layer that has one, or with the number of a layer in front, 1 for the first, that of this
// layer alone, as W+1.b.
//
// A frozen tensor takes part in everything else: in the forward pass, in the gradient of
// what is below it, and in the L2 term of the cost, to which it adds a constant. Its own
// gradient is not computed, and 0 where one is asked for; λ does not shrink it.
type Frozen string

// NoneFrozen is where all tensors are trained.
const NoneFrozen Frozen = "none"

// FrozenTensor is what one word of a Frozen names.
type FrozenTensor struct {
	Layer int // 1 for the first; 0 for every layer that has one
	Kind  Kind
}

// frozenKinds are what can be frozen, in the order of a layer.
var frozenKinds = []Kind{Weight, Bias, Gamma, Beta}

// Tensors returns what f names, word by word, and whether every word is in the form of one.
func (f Frozen) Tensors() (all []FrozenTensor, ok bool) {
	if f == NoneFrozen {
		return nil, true
	}
	for _, word := range strings.Split(string(f), "+") {
		t, number := FrozenTensor{Kind: Kind(word)}, ""
		if before, kind, found := strings.Cut(word, "."); found {
			number, t.Kind = before, Kind(kind)
			t.Layer, _ = strconv.Atoi(number)
			if t.Layer < 1 || strconv.Itoa(t.Layer) != number {
				return nil, false
			}
		}
		if !slices.Contains(frozenKinds, t.Kind) {
			return nil, false
		}
		all = append(all, t)
	}
	return all, true
}

// Sorted returns f in the one order that a configuration has: what is frozen in every layer,
// then layer by layer, each in the order of a layer. A word that is none stays for others to
// refuse.
func (f Frozen) Sorted() Frozen {
	all, ok := f.Tensors()
	if !ok {
		return f
	}
	return frozenOf(all)
}

// frozenOf returns the text that names all, in order.
func frozenOf(all []FrozenTensor) Frozen {
	slices.SortFunc(all, func(a, b FrozenTensor) int {
		return cmp.Or(cmp.Compare(a.Layer, b.Layer), cmp.Compare(slices.Index(frozenKinds, a.Kind), slices.Index(frozenKinds, b.Kind)))
	})
	if len(all) == 0 {
		return NoneFrozen
	}
	words := make([]string, len(all))
	for i, t := range all {
		words[i] = t.String()
	}
	return Frozen(strings.Join(words, "+"))
}

// String returns the word that names t.
func (t FrozenTensor) String() string {
	if t.Layer == 0 {
		return string(t.Kind)
	}
	return fmt.Sprintf("%d.%s", t.Layer, t.Kind)
}

// Has reports whether the tensor of layer l, 1 for the first, is frozen; 0 for that of all layers.
func (f Frozen) Has(l int, kind Kind) bool {
	all, _ := f.Tensors()
	return slices.Contains(all, FrozenTensor{l, kind}) || slices.Contains(all, FrozenTensor{0, kind})
}
