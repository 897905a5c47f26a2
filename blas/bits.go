package blas

import "slices"

// BitsFollow tests on the running kernel, in some milliseconds, what else the last bits
// of trainings in precision T depend on: nothing if, as promised, they depend only on
// configuration, precision and kernel. It multiplies blocks of 50 and of 13 units, like
// the first layer of networks side by side, together, separately, and on two threads.
func BitsFollow[T Float]() []string {
	from := LibraryBits()
	add := func(what string) {
		if !slices.Contains(from, what) {
			from = append(from, what)
		}
	}
	for _, width := range []int{50, 13} {
		for _, f := range firstLayer[T](3 * width) {
			s := newSample[T](f)
			s.fill(s.a, true, s.ta)
			s.fill(s.b, false, s.tb)
			p, q := s.product, s.product
			q.c = s.parts
			alone := GemmBlocks(3, p.tb, p.a, p.b, p.beta, p.c)
			for i := range 3 {
				block := q.part(partition{parts: 3, step: 1}, i)
				block.runParts(partitionOf[T](block.form(), 2))
			}
			if !alone {
				add(Beside)
			} else if !slices.Equal(p.c.Data, q.c.Data) {
				add(Chance)
			}
		}
	}
	return from
}
