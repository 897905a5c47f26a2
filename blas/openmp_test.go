package blas

import (
	"strings"
	"testing"
)

// OpenBLAS says in its own line whether it spreads a product by OpenMP; the warning
// about it must not be for the other kind of build.
func TestOpenMPIsTold(t *testing.T) {
	b := Current()
	if b.Name != "openblas" {
		t.Skip("no OpenBLAS")
	}
	if want := strings.Contains(b.Config, "USE_OPENMP"); b.OpenMP != want {
		t.Errorf("OpenMP %v of %q", b.OpenMP, b.Config)
	}
}
