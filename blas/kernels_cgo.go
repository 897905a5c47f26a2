//go:build cgo

package blas

/*
#cgo CFLAGS: -O3 -std=c11
#cgo LDFLAGS: -lm
#include "kernels.h"
*/
import "C"

import "unsafe"

// kernels32 and kernels64 are the passes in C.
type (
	kernels32 struct{}
	kernels64 struct{}
)

func rows[T Element](m Matrix[T]) C.int { return C.int(m.Rows) }
func cols[T Element](m Matrix[T]) C.int { return C.int(m.Cols) }
func ld[T Element](m Matrix[T]) C.long  { return C.long(m.Stride) }

func f32(s []float32) *C.float  { return (*C.float)(unsafe.SliceData(s)) }
func f64(s []float64) *C.double { return (*C.double)(unsafe.SliceData(s)) }
func bf16(s []Half) *C.uint16_t { return (*C.uint16_t)(unsafe.SliceData(s)) }

func (kernels32) gather(x Matrix[float32], pixels []byte, index []int32, scale, shift []float32) {
	C.gather_f32(rows(x), cols(x), (*C.uchar)(unsafe.SliceData(pixels)), (*C.int)(unsafe.SliceData(index)), f32(scale), f32(shift), f32(x.Data), ld(x))
}

func (kernels32) gatherHalf(x Matrix[Half], pixels []byte, index []int32, scale, shift []float32) {
	C.gather_half_f32(rows(x), cols(x), (*C.uchar)(unsafe.SliceData(pixels)), (*C.int)(unsafe.SliceData(index)), f32(scale), f32(shift), bf16(x.Data), ld(x))
}

func (kernels32) affine(a, b []float32, s Matrix[float32]) {
	C.affine_f32(rows(s), cols(s), f32(a), f32(b), f32(s.Data), ld(s))
}

func (kernels32) center(s Matrix[float32], mu []float32, c, q Matrix[float32]) {
	C.center_f32(rows(s), cols(s), f32(s.Data), ld(s), f32(mu), f32(c.Data), ld(c), f32(q.Data), ld(q))
}

func (kernels32) normalize(inv, gamma, beta []float32, h, s Matrix[float32]) {
	C.normalize_f32(rows(h), cols(h), f32(inv), f32(gamma), f32(beta), f32(h.Data), ld(h), f32(s.Data), ld(s))
}

func (kernels32) relu(x Matrix[float32]) {
	C.relu_f32(rows(x), cols(x), f32(x.Data), ld(x))
}

func (kernels32) reluMask(x, g Matrix[float32]) {
	C.relu_mask_f32(rows(x), cols(x), f32(x.Data), ld(x), f32(g.Data), ld(g))
}

func (kernels32) multiply(g, h, q Matrix[float32]) {
	C.multiply_f32(rows(g), cols(g), f32(g.Data), ld(g), f32(h.Data), ld(h), f32(q.Data), ld(q))
}

func (kernels32) multiplyBy(h, g Matrix[float32]) {
	C.multiply_by_f32(rows(g), cols(g), f32(h.Data), ld(h), f32(g.Data), ld(g))
}

func (kernels32) activate(f int, s, slope Matrix[float32]) {
	C.activate_f32(C.int(f), rows(s), cols(s), f32(s.Data), ld(s), f32(slope.Data), ld(slope))
}

func (kernels32) round(alpha float32, x Matrix[float32], h Matrix[Half]) {
	C.round_f32(rows(x), cols(x), C.float(alpha), f32(x.Data), ld(x), bf16(h.Data), ld(h))
}

func (kernels32) widen(h Matrix[Half], x Matrix[float32]) {
	C.widen_f32(rows(x), cols(x), bf16(h.Data), ld(h), f32(x.Data), ld(x))
}

func (kernels32) dropout(low, high, least uint32, scale float32, s Matrix[float32]) {
	C.dropout_f32(rows(s), cols(s), C.uint32_t(low), C.uint32_t(high), C.uint32_t(least), C.float(scale), f32(s.Data), ld(s))
}

func (kernels32) momentum(eta, decay, mu, ahead float32, x, g, v []float32) {
	C.momentum_f32(C.int(len(x)), C.float(eta), C.float(decay), C.float(mu), C.float(ahead), f32(x), f32(g), f32(v))
}

func (kernels32) adam(decay, keep, new1, beta2, new2, eps, step, root float32, x, g, m, v []float32) {
	C.adam_f32(C.int(len(x)), C.float(decay), C.float(keep), C.float(new1), C.float(beta2), C.float(new2), C.float(eps), C.float(step), C.float(root),
		f32(x), f32(g), f32(m), f32(v))
}

func (kernels32) project(a, u, v []float32, h, g Matrix[float32]) {
	C.project_f32(rows(g), cols(g), f32(a), f32(u), f32(v), f32(h.Data), ld(h), f32(g.Data), ld(g))
}

func (kernels32) colMax(s Matrix[float32], top []float32) {
	C.col_max_f32(rows(s), cols(s), f32(s.Data), ld(s), f32(top))
}

func (kernels32) exps(top []float32, s Matrix[float32], sum []float32) {
	C.exps_f32(rows(s), cols(s), f32(top), f32(s.Data), ld(s), f32(sum))
}

func (kernels64) gather(x Matrix[float64], pixels []byte, index []int32, scale, shift []float64) {
	C.gather_f64(rows(x), cols(x), (*C.uchar)(unsafe.SliceData(pixels)), (*C.int)(unsafe.SliceData(index)), f64(scale), f64(shift), f64(x.Data), ld(x))
}

func (kernels64) gatherHalf(x Matrix[Half], pixels []byte, index []int32, scale, shift []float64) {
	C.gather_half_f64(rows(x), cols(x), (*C.uchar)(unsafe.SliceData(pixels)), (*C.int)(unsafe.SliceData(index)), f64(scale), f64(shift), bf16(x.Data), ld(x))
}

func (kernels64) affine(a, b []float64, s Matrix[float64]) {
	C.affine_f64(rows(s), cols(s), f64(a), f64(b), f64(s.Data), ld(s))
}

func (kernels64) center(s Matrix[float64], mu []float64, c, q Matrix[float64]) {
	C.center_f64(rows(s), cols(s), f64(s.Data), ld(s), f64(mu), f64(c.Data), ld(c), f64(q.Data), ld(q))
}

func (kernels64) normalize(inv, gamma, beta []float64, h, s Matrix[float64]) {
	C.normalize_f64(rows(h), cols(h), f64(inv), f64(gamma), f64(beta), f64(h.Data), ld(h), f64(s.Data), ld(s))
}

func (kernels64) relu(x Matrix[float64]) {
	C.relu_f64(rows(x), cols(x), f64(x.Data), ld(x))
}

func (kernels64) reluMask(x, g Matrix[float64]) {
	C.relu_mask_f64(rows(x), cols(x), f64(x.Data), ld(x), f64(g.Data), ld(g))
}

func (kernels64) multiply(g, h, q Matrix[float64]) {
	C.multiply_f64(rows(g), cols(g), f64(g.Data), ld(g), f64(h.Data), ld(h), f64(q.Data), ld(q))
}

func (kernels64) multiplyBy(h, g Matrix[float64]) {
	C.multiply_by_f64(rows(g), cols(g), f64(h.Data), ld(h), f64(g.Data), ld(g))
}

func (kernels64) activate(f int, s, slope Matrix[float64]) {
	C.activate_f64(C.int(f), rows(s), cols(s), f64(s.Data), ld(s), f64(slope.Data), ld(slope))
}

func (kernels64) round(alpha float64, x Matrix[float64], h Matrix[Half]) {
	C.round_f64(rows(x), cols(x), C.double(alpha), f64(x.Data), ld(x), bf16(h.Data), ld(h))
}

func (kernels64) widen(h Matrix[Half], x Matrix[float64]) {
	C.widen_f64(rows(x), cols(x), bf16(h.Data), ld(h), f64(x.Data), ld(x))
}

func (kernels64) dropout(low, high, least uint32, scale float64, s Matrix[float64]) {
	C.dropout_f64(rows(s), cols(s), C.uint32_t(low), C.uint32_t(high), C.uint32_t(least), C.double(scale), f64(s.Data), ld(s))
}

func (kernels64) momentum(eta, decay, mu, ahead float64, x, g, v []float64) {
	C.momentum_f64(C.int(len(x)), C.double(eta), C.double(decay), C.double(mu), C.double(ahead), f64(x), f64(g), f64(v))
}

func (kernels64) adam(decay, keep, new1, beta2, new2, eps, step, root float64, x, g, m, v []float64) {
	C.adam_f64(C.int(len(x)), C.double(decay), C.double(keep), C.double(new1), C.double(beta2), C.double(new2), C.double(eps), C.double(step), C.double(root),
		f64(x), f64(g), f64(m), f64(v))
}

func (kernels64) project(a, u, v []float64, h, g Matrix[float64]) {
	C.project_f64(rows(g), cols(g), f64(a), f64(u), f64(v), f64(h.Data), ld(h), f64(g.Data), ld(g))
}

func (kernels64) colMax(s Matrix[float64], top []float64) {
	C.col_max_f64(rows(s), cols(s), f64(s.Data), ld(s), f64(top))
}

func (kernels64) exps(top []float64, s Matrix[float64], sum []float64) {
	C.exps_f64(rows(s), cols(s), f64(top), f64(s.Data), ld(s), f64(sum))
}
