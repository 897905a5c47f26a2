package model

import (
	"io"
	"slices"
)

// Snapshot is Save in the midst of a training: its bits are those of one without.
func (net *Network[T]) Snapshot(w io.Writer, k int, metadata map[string]string) (err error) {
	net.untouched(func() { err = net.Save(w, k, metadata) })
	return err
}

// untouched brings the parameters back to the bit after look, which may change them, or ask
// for their plain form (see Params).
func (net *Network[T]) untouched(look func()) {
	first := &net.layers[0]
	params, scale := slices.Clone(net.params), slices.Clone(first.weightScale)
	look()
	copy(net.params, params)
	copy(first.weightScale, scale)
}
