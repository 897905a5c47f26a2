package blas

import "unsafe"

// Some kernels first add up the elements before an address that is a multiple of 16, so
// their sums follow from where an operand lies: ddot and dgemv of SSE, and the dot
// products in gonum's assembly. A network does not lie at the same place alone and
// beside others, so such an operand is copied to a multiple of 16 where it lies at none.

const boundary = 16 // bytes

var buffers pools // of copies

// aligned returns s, or a copy of it at a multiple of 16, and what to give back to
// realigned after its use.
func aligned[T Float](s []T) ([]T, *[]T) {
	if uintptr(unsafe.Pointer(unsafe.SliceData(s)))%boundary == 0 {
		return s, nil
	}
	buffer, _ := poolOf[T](&buffers).Get().(*[]T)
	if buffer == nil {
		buffer = new([]T)
	}
	if len(*buffer) < len(s) {
		*buffer = make([]T, len(s)+64) // Go aligns what is larger than a cache line
	}
	copy(*buffer, s)
	return (*buffer)[:len(s)], buffer
}

// release takes the buffer of aligned, if there is one, for the next.
func release[T Float](buffer *[]T) {
	if buffer != nil {
		poolOf[T](&buffers).Put(buffer)
	}
}
