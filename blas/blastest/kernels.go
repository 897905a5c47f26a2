// Package blastest runs tests under each kernel of OpenBLAS.
package blastest

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"testing"

	"bnlab/blas"
)

// kernels are those that a build of OpenBLAS for all x86-64 CPUs has.
var kernels = []string{"Prescott", "Core2", "Penryn", "Dunnington", "Nehalem", "Atom", "Nano", "Opteron", "Opteron_SSE3",
	"Barcelona", "Bobcat", "Sandybridge", "Bulldozer", "Piledriver", "Steamroller", "Excavator", "Haswell", "Zen", "SkylakeX",
	"Cooperlake", "SapphireRapids"}

// asked names the kernel in the environment of a test that EveryKernel has started.
const asked = "BNLAB_TEST_KERNEL"

// EveryKernel runs test under the kernel in use, and then the whole of t once more in a
// process for each kernel that the library has and the CPU runs: OpenBLAS chooses when a
// process starts. t calls nothing else. With -short the kernel in use is enough.
func EveryKernel(t *testing.T, test func(t *testing.T)) {
	t.Run(blas.Current().Core, test)
	if _, child := os.LookupEnv(asked); child || testing.Short() || blas.Current().Name != "openblas" {
		return
	}
	for _, kernel := range kernels {
		if kernel != blas.Current().Core {
			t.Run(kernel, func(t *testing.T) { t.Parallel(); under(t, kernel) })
		}
	}
}

// under runs the test above t under a kernel.
func under(t *testing.T, kernel string) {
	name, _, _ := strings.Cut(t.Name(), "/")
	cmd := exec.Command(os.Args[0], "-test.run=^"+name+"$/^"+kernel+"$", "-test.v")
	cmd.Env = append(slices.DeleteFunc(os.Environ(), func(s string) bool { return strings.HasPrefix(s, "OPENBLAS_") }),
		"OPENBLAS_CORETYPE="+kernel, asked+"="+kernel)
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit) && (strings.Contains(string(out), "SIGILL") || killed(exit)):
		t.Skip("this CPU does not run it")
	case err != nil:
		t.Errorf("%v\n%s", err, out)
	case !strings.Contains(string(out), fmt.Sprintf("--- PASS: %s/%s", name, kernel)):
		t.Skip("this library does not have it")
	}
}

func killed(e *exec.ExitError) bool {
	status, ok := e.Sys().(syscall.WaitStatus)
	return ok && status.Signaled() && status.Signal() == syscall.SIGILL
}
