package blas

import "unsafe"

// Some kernels first sum the elements before an address that is a multiple of 16, so
// their sums depend on the address of an operand: ddot and dgemv of SSE, and the dot
// products in gonum's assembly. A network has different addresses alone and beside
// others, so such an operand is copied to a multiple of 16 if it is not at one.

const boundary = 16 // bytes

// aligned returns s, or a copy of it at a multiple of 16, and the buffer to release
// after use.
func aligned[T Float](s []T) ([]T, *[]T) {
	if uintptr(unsafe.Pointer(unsafe.SliceData(s)))%boundary == 0 {
		return s, nil
	}
	buffer := borrow[T](len(s))
	copy(*buffer, s)
	return (*buffer)[:len(s)], buffer
}

var buffers pools

// borrow returns a buffer of at least n numbers, of any value, at a multiple of 16.
func borrow[T Float](n int) *[]T {
	buffer, _ := poolOf[T](&buffers).Get().(*[]T)
	if buffer == nil {
		buffer = new([]T)
	}
	if len(*buffer) < n {
		*buffer = make([]T, n+64) // Go aligns what is larger than a cache line
	}
	return buffer
}

// release returns a buffer, if any, for reuse.
func release[T Float](buffer *[]T) {
	if buffer != nil {
		poolOf[T](&buffers).Put(buffer)
	}
}
