//go:build cgo && onednn && linux

package blas

/*
#cgo LDFLAGS: -ldl
#include "onednn.h"
*/
import "C"

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"unsafe"
)

// oneDNN is the library, opened once a process.
type oneDNN struct {
	version, isa string
	half         bool // the CPU has instructions for products in bfloat16
	matmuls
}

var openOneDNN = sync.OnceValues(func() (*oneDNN, error) {
	if text := C.onednn_open(); text != nil {
		return nil, errors.New("the library is missing: " + C.GoString(text))
	}
	var v [3]C.int
	C.onednn_version(&v[0])
	const bf16 = 0xe7 // avx512_core_bf16
	isa := int(C.onednn_isa())
	return &oneDNN{
		version: fmt.Sprintf("%d.%d.%d", v[0], v[1], v[2]), isa: isaName(isa), half: isa&bf16 == bf16,
		matmuls: matmuls{idle: map[matmulKey][]*matmul{}, refused: map[matmulKey]bool{}},
	}, nil
})

// isaName returns the library's name of an instruction set, from its bits.
func isaName(isa int) string {
	for _, known := range []struct {
		bits int
		name string
	}{
		{0x3e7, "avx512_core_amx"}, {0xe7, "avx512_core_bf16"}, {0x67, "avx512_core_vnni"}, {0x27, "avx512_core"},
		{0x407, "avx2_vnni"}, {0x7, "avx2"}, {0x3, "avx"}, {0x1, "sse41"},
	} {
		if isa&known.bits == known.bits {
			return known.name
		}
	}
	return fmt.Sprintf("isa %#x", isa)
}

func (e *oneDNN) describe(library Backend) Backend {
	b := library
	b.Name = OneDNN
	b.Version = e.version + "+" + strings.TrimSuffix(library.Name+" "+library.Version, " ")
	b.Core = e.isa + "+" + library.Core
	return b
}

// gemm has the library's sgemm compute p: measured on both products of a first layer and on
// those of wide ones, its primitives win nothing over that in float32. With α = 0 sgemm keeps
// a NaN of c that β = 0 should end.
func (e *oneDNN) gemm(p *product[float32]) bool {
	f := p.form()
	if f.flops() < worthEngine || p.alpha == 0 {
		return false
	}
	e.check(int(C.onednn_sgemm(flag(p.ta == Trans), flag(p.tb == Trans), C.long(f.m), C.long(f.n), C.long(f.k),
		C.float(p.alpha), f32(p.a.full.Data), ld(p.a.full), f32(p.b.full.Data), ld(p.b.full), C.float(p.beta), f32(p.c.Data), ld(p.c))))
	return true
}

// matmul computes products of one key.
type matmul = C.onednn_matmul

// newMatmul makes one, or returns one of the library's error codes.
var newMatmul = func(key matmulKey) (m *matmul, status int) {
	status = int(C.onednn_matmul_new(&m, flag(key.ta == Trans), flag(key.tb == Trans), flag(key.add),
		C.long(key.m), C.long(key.n), C.long(key.k), C.long(key.lda), C.long(key.ldb), C.long(key.ldc)))
	return m, status
}

func runMatmul(m *matmul, a, b Matrix[Half], c Matrix[float32]) (status int) {
	return int(C.onednn_matmul_run(m, unsafe.Pointer(bf16(a.Data)), unsafe.Pointer(bf16(b.Data)), f32(c.Data)))
}

func freeMatmul(m *matmul) { C.onednn_matmul_free(m) }

// check panics with ErrFailed if the library has failed: it refuses none of the shapes that
// exist, so it has no memory.
func (e *oneDNN) check(status int) {
	if status != 0 {
		panic(fmt.Errorf("oneDNN %s: %w (status %d); free some, or train with the backend %s", e.version, ErrFailed, status, OpenBLAS))
	}
}

func flag(set bool) C.int {
	if set {
		return 1
	}
	return 0
}
