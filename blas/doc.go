// Package blas holds the one matrix type of the project and the BLAS products
// on it, in float32 and float64.
//
// All products go through gonum's blas32 and blas64. Package blas is the only
// place in the project that knows float32 from float64; everything above is
// generic over [Float]. Which library computes is chosen at build time:
//
//	go build ./...                                     OpenBLAS, found by pkg-config
//	CGO_ENABLED=0 go build ./...                       gonum's own Go code
//	CGO_LDFLAGS=-lblis go build -tags cblas ./...      another CBLAS, here BLIS
//
// With the tag cblas, CGO_LDFLAGS names any library that has the cblas_
// routines with 32-bit integers; its tests are
//
//	CGO_LDFLAGS=-lblis go test -tags cblas ./blas
//
// and, for a library outside the linker's path, as the reference BLAS of
// Debian's libblas-dev:
//
//	D=/usr/lib/x86_64-linux-gnu/blas
//	CGO_LDFLAGS="-L$D -Wl,-rpath,$D -lblas" go test -tags cblas ./blas
//
// A program that needs no shared library at run time takes OpenBLAS's archive,
// which wants the mathematics library after it, and Go's own resolver:
//
//	go build -ldflags '-linkmode external -extldflags "-static -lm"' -tags netgo,osusergo ./...
package blas
