package blas

// goKernels are the passes in Go: used without cgo, and to test those in C. A product
// is converted to T before it is added to, which keeps the compiler from fusing the two
// into one rounding on some CPUs.
type goKernels[T Float] struct{}

func (goKernels[T]) gather(x Matrix[T], pixels []byte, index []int32, scale, shift []T) {
	for i, k := range index {
		row := x.Row(i)
		scale, shift := scale[:len(row)], shift[:len(row)]
		for j, p := range pixels[int(k)*len(row) : (int(k)+1)*len(row)] {
			row[j] = T(T(p)*scale[j]) + shift[j]
		}
	}
}

func (goKernels[T]) affine(a, b []T, s Matrix[T]) {
	for i := range s.Rows {
		row := s.Row(i)
		for j := range row {
			row[j] = T(a[i]*row[j]) + b[i]
		}
	}
}

func (goKernels[T]) center(s Matrix[T], mu []T, c, q Matrix[T]) {
	for i := range s.Rows {
		row, cs, qs := s.Row(i), c.Row(i), q.Row(i)
		for j, v := range row {
			cs[j] = v - mu[i]
			qs[j] = cs[j] * cs[j]
		}
	}
}

func (goKernels[T]) normalize(inv, gamma, beta []T, h, s Matrix[T]) {
	for i := range h.Rows {
		hs, row := h.Row(i), s.Row(i)
		for j := range hs {
			hs[j] *= inv[i]
			row[j] = T(gamma[i]*hs[j]) + beta[i]
		}
	}
}

func (goKernels[T]) relu(x Matrix[T]) {
	for i := range x.Rows {
		row := x.Row(i)
		for j, v := range row {
			if v <= 0 {
				row[j] = 0
			}
		}
	}
}

func (goKernels[T]) reluMask(x, g Matrix[T]) {
	for i := range g.Rows {
		xs, gs := x.Row(i), g.Row(i)
		for j, v := range xs {
			if !(v > 0) {
				gs[j] = 0
			}
		}
	}
}

func (goKernels[T]) multiply(g, h, q Matrix[T]) {
	for i := range g.Rows {
		gs, hs, qs := g.Row(i), h.Row(i), q.Row(i)
		for j := range gs {
			qs[j] = gs[j] * hs[j]
		}
	}
}

func (goKernels[T]) multiplyBy(h, g Matrix[T]) {
	for i := range g.Rows {
		hs, gs := h.Row(i), g.Row(i)
		for j := range gs {
			gs[j] *= hs[j]
		}
	}
}

func (goKernels[T]) project(a, u, v []T, h, g Matrix[T]) {
	for i := range g.Rows {
		hs, gs := h.Row(i), g.Row(i)
		for j := range gs {
			gs[j] = a[i] * (gs[j] - u[i] - T(hs[j]*v[i]))
		}
	}
}

func (goKernels[T]) colMax(s Matrix[T], top []T) {
	copy(top, s.Row(0))
	for i := 1; i < s.Rows; i++ {
		for j, v := range s.Row(i) {
			if !(v <= top[j] || top[j] != top[j]) {
				top[j] = v
			}
		}
	}
}

func (goKernels[T]) exps(top []T, s Matrix[T], sum []T) {
	e := exponentialOf[T]()
	clear(sum)
	for i := range s.Rows {
		row := s.Row(i)
		for j, v := range row {
			row[j] = e.exp(v - top[j])
			sum[j] += row[j]
		}
	}
}
