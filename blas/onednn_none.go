//go:build !(cgo && onednn && linux)

package blas

import "errors"

// A program without oneDNN never has one.
type oneDNN struct{ half bool }

func (*oneDNN) describe(library Backend) Backend { return library }
func (*oneDNN) gemm(*product[float32]) bool      { return false }
func (*oneDNN) gemmHalf(*product[float32]) bool  { return false }

func openOneDNN() (*oneDNN, error) {
	return nil, errors.New("not built in; where libdnnl-dev is installed, make build does")
}
