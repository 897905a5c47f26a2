package blas

// Round computes h ← alpha·x, rounded to bfloat16 by way of float32; both are n×d.
func Round[T Float](alpha T, x Matrix[T], h Matrix[Half]) {
	if !sameShape(x, h) {
		panic(badShape)
	}
	if !empty(x) {
		note(Call{Name: "Round", M: x.Rows, N: x.Cols})
		over[T](x.Rows, x.Cols).round(alpha, x, h)
	}
}

func (goKernels[T]) round(alpha T, x Matrix[T], h Matrix[Half]) {
	for i := range x.Rows {
		to := h.Row(i)
		for j, v := range x.Row(i) {
			to[j] = ToHalf(float32(T(alpha * v)))
		}
	}
}

func (goKernels[T]) gatherHalf(x Matrix[Half], pixels []byte, index []int32, scale, shift []T) {
	for i, k := range index {
		row := x.Row(i)
		for j, p := range pixels[int(k)*len(row) : (int(k)+1)*len(row)] {
			row[j] = ToHalf(float32(T(T(p)*scale[j]) + shift[j]))
		}
	}
}

func (goKernels[T]) widen(h Matrix[Half], x Matrix[T]) {
	for i := range h.Rows {
		to := x.Row(i)
		for j, v := range h.Row(i) {
			to[j] = T(v.Float32())
		}
	}
}

// widened returns the numbers of h, and the buffer to release after use.
func widened[T Float](h Matrix[Half]) (Matrix[T], *[]T) {
	room := borrow[T](h.Rows * h.Cols)
	x := Of(h.Rows, h.Cols, (*room)[:h.Rows*h.Cols])
	of[T]().widen(h, x)
	return x, room
}
