package blas

import (
	"os"
	"slices"
)

// BitsFollow tests on the running kernel, in some milliseconds, what else the last bits
// of trainings in precision T, with half of operands in bfloat16, depend on: nothing if, as promised, they depend only on
// configuration, precision and kernel. It multiplies blocks of 50 and of 13 units, like
// the first layer of networks side by side, together, separately, and on two threads.
func BitsFollow[T Float](half bool) []string {
	from := LibraryBits()
	add := func(what string) {
		if !slices.Contains(from, what) {
			from = append(from, what)
		}
	}
	for _, width := range []int{50, 13} {
		for _, f := range firstLayer[T](3*width, half) {
			s := newSample[T](f)
			defer s.release()
			s.draw()
			p, q := s.product, s.product
			q.c = New[T](f.m, f.n)
			alone := p.computeBlocks(3)
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

// LibraryBits returns what the last bits of all trainings depend on with this library:
// Threads if it spreads products over threads that are not set here, else nothing. MKL,
// BLIS and others read their own variables, an OpenMP build of OpenBLAS
// OMP_NUM_THREADS.
func LibraryBits() []string { return libraryBits(os.Getenv, Current()) }

func libraryBits(getenv func(string) string, b Backend) []string {
	if b.Name == "cblas" || b.OpenMP && getenv("OMP_NUM_THREADS") != "1" {
		return []string{Threads}
	}
	return nil
}
