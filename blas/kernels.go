package blas

// The functions of this file are the passes over a mini-batch between the products. All
// but Gather, which builds the batch, have one unit per row and one image per column.
// Element i of a vector belongs to row i, in ColMax and Exps to column i.

// Gather sets row i of x (n×d) to the bytes of row index[i] of pixels (d bytes per
// row), each times scale[j] plus shift[j] of its column.
func Gather[T Float](x Matrix[T], pixels []byte, index []int32, scale, shift []T) {
	if gathers(x, pixels, index, scale, shift) {
		over[T](x.Rows, x.Cols).gather(x, pixels, index, scale, shift)
	}
}

// GatherHalf is Gather, rounded to bfloat16 by way of T and float32.
func GatherHalf[T Float](x Matrix[Half], pixels []byte, index []int32, scale, shift []T) {
	if gathers(x, pixels, index, scale, shift) {
		over[T](x.Rows, x.Cols).gatherHalf(x, pixels, index, scale, shift)
	}
}

// gathers checks what is to be gathered, and reports whether there is anything.
func gathers[E Element, T Float](x Matrix[E], pixels []byte, index []int32, scale, shift []T) bool {
	d := x.Cols
	if x.Rows != len(index) || len(scale) != d || len(shift) != d {
		panic(badShape)
	}
	for _, k := range index {
		if k < 0 || (int(k)+1)*d > len(pixels) {
			panic(badRow)
		}
	}
	if empty(x) {
		return false
	}
	note(Call{Name: "Gather", M: x.Rows, N: x.Cols})
	return true
}

// Affine computes s ← a⊙s + b, where s is d×n, a and b have d elements.
func Affine[T Float](a, b []T, s Matrix[T]) {
	if len(a) != s.Rows || len(b) != s.Rows {
		panic(badShape)
	}
	if !empty(s) {
		note(Call{Name: "Affine", M: s.Rows, N: s.Cols})
		over[T](s.Rows, s.Cols).affine(a, b, s)
	}
}

// Center computes c ← s − mu and q ← c⊙c, all d×n, mu of d elements.
func Center[T Float](s Matrix[T], mu []T, c, q Matrix[T]) {
	if len(mu) != s.Rows || !sameShape(s, c) || !sameShape(s, q) {
		panic(badShape)
	}
	if !empty(s) {
		note(Call{Name: "Center", M: s.Rows, N: s.Cols})
		over[T](s.Rows, s.Cols).center(s, mu, c, q)
	}
}

// Normalize computes h ← inv⊙h and s ← gamma⊙h + beta: h and s are d×n, the
// vectors have d elements.
func Normalize[T Float](inv, gamma, beta []T, h, s Matrix[T]) {
	if len(inv) != h.Rows || len(gamma) != h.Rows || len(beta) != h.Rows || !sameShape(h, s) {
		panic(badShape)
	}
	if !empty(h) {
		note(Call{Name: "Normalize", M: h.Rows, N: h.Cols})
		over[T](h.Rows, h.Cols).normalize(inv, gamma, beta, h, s)
	}
}

// ReLU computes x ← max(0, x). A NaN stays a NaN.
func ReLU[T Float](x Matrix[T]) {
	if !empty(x) {
		note(Call{Name: "ReLU", M: x.Rows, N: x.Cols})
		over[T](x.Rows, x.Cols).relu(x)
	}
}

// ReLUMask sets g to 0 where x is not above 0; both are d×n.
func ReLUMask[T Float](x, g Matrix[T]) {
	if !sameShape(x, g) {
		panic(badShape)
	}
	if !empty(x) {
		note(Call{Name: "ReLUMask", M: x.Rows, N: x.Cols})
		over[T](x.Rows, x.Cols).reluMask(x, g)
	}
}

// Multiply computes q ← g⊙h, all d×n.
func Multiply[T Float](g, h, q Matrix[T]) {
	if !sameShape(g, h) || !sameShape(g, q) {
		panic(badShape)
	}
	if !empty(g) {
		note(Call{Name: "Multiply", M: g.Rows, N: g.Cols})
		over[T](g.Rows, g.Cols).multiply(g, h, q)
	}
}

// MultiplyBy computes g ← g⊙h, both d×n.
func MultiplyBy[T Float](h, g Matrix[T]) {
	if !sameShape(h, g) {
		panic(badShape)
	}
	if !empty(g) {
		note(Call{Name: "MultiplyBy", M: g.Rows, N: g.Cols})
		over[T](g.Rows, g.Cols).multiplyBy(h, g)
	}
}

// Project computes g ← a⊙(g − u − h⊙v), where g and h are d×n and the vectors have d
// elements. This is the backward pass of batch normalisation.
func Project[T Float](a, u, v []T, h, g Matrix[T]) {
	if len(a) != g.Rows || len(u) != g.Rows || len(v) != g.Rows || !sameShape(h, g) {
		panic(badShape)
	}
	if !empty(g) {
		note(Call{Name: "Project", M: g.Rows, N: g.Cols})
		over[T](g.Rows, g.Cols).project(a, u, v, h, g)
	}
}

// ColMax sets top to the greatest element of each column of s, NaN if the column has
// one: s is d×n with d > 0, and top has n elements.
func ColMax[T Float](s Matrix[T], top []T) {
	if len(top) != s.Cols || s.Rows == 0 {
		panic(badShape)
	}
	if !empty(s) {
		note(Call{Name: "ColMax", M: s.Rows, N: s.Cols})
		of[T]().colMax(s, top)
	}
}

// Exps computes s ← exp(s − top), within two units in the last place, and the column
// sums of the result: s is d×n and no element is above that of top for its column; top
// and sum have n elements. Results below the normal range are 0.
func Exps[T Float](top []T, s Matrix[T], sum []T) {
	if len(top) != s.Cols || len(sum) != s.Cols {
		panic(badShape)
	}
	if !empty(s) {
		note(Call{Name: "Exps", M: s.Rows, N: s.Cols})
		of[T]().exps(top, s, sum)
	}
}
