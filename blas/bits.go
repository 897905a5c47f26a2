package blas

import (
	"os"
	"slices"
)

// What else than its configuration, its precision and the kernel the last bits of a
// training can follow from.
const (
	Beside  = "the trials beside it"      // GemmBlocks takes them together, see there
	Threads = "the library's own threads" // which nothing here sets
	Chance  = "chance"                    // the library adds up otherwise each time
)

// LibraryBits returns what the last bits of all trainings follow from with this library:
// Threads where it spreads products over threads that are not set here, else nothing.
// MKL, BLIS and others read variables of their own, an OpenMP build of OpenBLAS
// OMP_NUM_THREADS.
func LibraryBits() []string { return libraryBits(os.Getenv, Current()) }

func libraryBits(getenv func(string) string, b Backend) []string {
	if b.Name == "cblas" || b.OpenMP && getenv("OMP_NUM_THREADS") != "1" {
		return []string{Threads}
	}
	return nil
}

// BitsFollow tries out on the running kernel, in some milliseconds, what else the last
// bits of trainings in precision T follow from: nothing, where the promise holds that
// they follow from configuration, precision and kernel alone. It multiplies blocks of 50
// and of 13 units, as the first layer of networks side by side does, together, each by
// itself, and on two threads.
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
				block := cutOff(cut{parts: 3, step: 1}, &q, i)
				block.runCut(cutOf[T](block.form(), 2))
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

// firstLayer returns the forms of both products of a first layer of so many units, on 100
// images of few numbers.
func firstLayer[T Float](units int) []form {
	return []form{
		{bits: Bits[T](), ta: NoTrans, tb: Trans, m: units, n: 100, k: 512, one: true},
		{bits: Bits[T](), ta: NoTrans, tb: NoTrans, m: units, n: 512, k: 100, one: true, keep: true, add: true},
	}
}
