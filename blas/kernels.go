package blas

// The functions of this file are the passes over a mini-batch between the
// products. A vector goes along the columns: element j belongs to column j.

// Gather sets row i of x (n×d) to the bytes of row index[i] of pixels (d bytes a
// row), each times scale[j] plus shift[j] of its column.
func Gather[T Float](x Matrix[T], pixels []byte, index []int32, scale, shift []T) {
	d := x.Cols
	if x.Rows != len(index) || len(scale) != d || len(shift) != d {
		panic(badShape)
	}
	for _, k := range index {
		if k < 0 || (int(k)+1)*d > len(pixels) {
			panic(badRow)
		}
	}
	if x.Rows > 0 && d > 0 {
		note(Call{Name: "Gather", M: x.Rows, N: x.Cols})
		of[T]().gather(x, pixels, index, scale, shift)
	}
}

// Affine computes s ← a⊙s + b, where s is n×d, a and b have d elements.
func Affine[T Float](a, b []T, s Matrix[T]) {
	if len(a) != s.Cols || len(b) != s.Cols {
		panic(badShape)
	}
	if !empty(s) {
		note(Call{Name: "Affine", M: s.Rows, N: s.Cols})
		of[T]().affine(a, b, s)
	}
}

// Center computes c ← s − mu and q ← c⊙c, all n×d, mu of d elements.
func Center[T Float](s Matrix[T], mu []T, c, q Matrix[T]) {
	if len(mu) != s.Cols || !sameShape(s, c) || !sameShape(s, q) {
		panic(badShape)
	}
	if !empty(s) {
		note(Call{Name: "Center", M: s.Rows, N: s.Cols})
		of[T]().center(s, mu, c, q)
	}
}

// Normalize computes h ← inv⊙h and s ← gamma⊙h + beta: h and s are n×d, the
// vectors have d elements.
func Normalize[T Float](inv, gamma, beta []T, h, s Matrix[T]) {
	if len(inv) != h.Cols || len(gamma) != h.Cols || len(beta) != h.Cols || !sameShape(h, s) {
		panic(badShape)
	}
	if !empty(h) {
		note(Call{Name: "Normalize", M: h.Rows, N: h.Cols})
		of[T]().normalize(inv, gamma, beta, h, s)
	}
}

// ReLU computes x ← max(0, x). A NaN stays a NaN.
func ReLU[T Float](x Matrix[T]) {
	if !empty(x) {
		note(Call{Name: "ReLU", M: x.Rows, N: x.Cols})
		of[T]().relu(x)
	}
}

// ReLUMask sets g to 0 where x is not above 0; both are n×d.
func ReLUMask[T Float](x, g Matrix[T]) {
	if !sameShape(x, g) {
		panic(badShape)
	}
	if !empty(x) {
		note(Call{Name: "ReLUMask", M: x.Rows, N: x.Cols})
		of[T]().reluMask(x, g)
	}
}

// Multiply computes q ← g⊙h, all n×d.
func Multiply[T Float](g, h, q Matrix[T]) {
	if !sameShape(g, h) || !sameShape(g, q) {
		panic(badShape)
	}
	if !empty(g) {
		note(Call{Name: "Multiply", M: g.Rows, N: g.Cols})
		of[T]().multiply(g, h, q)
	}
}

// Project computes g ← a⊙(g − u − h⊙v), where g and h are n×d and the vectors
// have d elements: what batch normalisation does to a gradient.
func Project[T Float](a, u, v []T, h, g Matrix[T]) {
	if len(a) != g.Cols || len(u) != g.Cols || len(v) != g.Cols || !sameShape(h, g) {
		panic(badShape)
	}
	if !empty(g) {
		note(Call{Name: "Project", M: g.Rows, N: g.Cols})
		of[T]().project(a, u, v, h, g)
	}
}

func empty[T Float](m Matrix[T]) bool { return m.Rows == 0 || m.Cols == 0 }

func sameShape[T Float](a, b Matrix[T]) bool { return a.Rows == b.Rows && a.Cols == b.Cols }
