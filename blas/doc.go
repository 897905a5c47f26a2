// Package blas has the project's only matrix type and the BLAS products on it, in
// float32 and float64.
//
// All products go through gonum's blas32 and blas64. This package is the only place in
// the project that distinguishes float32 from float64; everything above it is generic
// over [Float]. The library is chosen at build time:
//
//	go build ./...                                     OpenBLAS, found by pkg-config
//	CGO_ENABLED=0 go build ./...                       gonum's own Go code
//	CGO_LDFLAGS=-lblis go build -tags cblas ./...      another CBLAS, here BLIS
//
// With the tag cblas, CGO_LDFLAGS names any library that has the cblas_ routines with
// 32-bit integers. Its header is not used and must not be found: gonum has its own
// declarations. To test it:
//
//	CGO_LDFLAGS=-lblis go test -tags cblas ./blas
//
// For a library outside the linker's path, such as the reference BLAS of Debian's
// libblas-dev:
//
//	D=/usr/lib/x86_64-linux-gnu/blas
//	CGO_LDFLAGS="-L$D -Wl,-rpath,$D -lblas" go test -tags cblas ./blas
//
// A program that needs no shared library at run time is linked with OpenBLAS's
// static archive, which needs the mathematics library after it, and with Go's own
// resolver:
//
//	go build -ldflags '-linkmode external -extldflags "-static -lm"' -tags netgo,osusergo ./...
package blas
