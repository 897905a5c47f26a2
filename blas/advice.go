package blas

import (
	"fmt"
	"os"
	"strings"
)

// Advice returns one line for each setting that slows the products down or changes
// their results: what is set, what it does and how to undo it. It is empty if there
// is no such setting.
func Advice() []string { return advise(os.Getenv, Current(), cpuWidth()) }

// advise is Advice as a pure function of the environment, the backend and the
// widest vectors of the CPU.
func advise(getenv func(string) string, b Backend, cpu width) []string {
	switch b.Name {
	case "gonum":
		return []string{noBLAS}
	case "openblas":
		var lines []string
		lines = append(lines, adviseCore(getenv, b, cpu)...)
		lines = append(lines, adviseCache(getenv)...)
		return append(lines, adviseThreads(getenv, b)...)
	}
	return nil
}

// Measured alternately in one thread on the products of a first layer, 100 images by
// 3072 inputs by 50 units (BenchmarkGemm): W·Xᵀ 5 times slower, D·X 12 times; for eight
// networks side by side 11 and 14 times.
const noBLAS = "built without cgo: products run in pure Go, 5 to 14 times slower than OpenBLAS with AVX-512; " +
	"for OpenBLAS install a C compiler, pkg-config and libopenblas-dev and build with CGO_ENABLED=1"

// adviseCore compares the kernels in use with the widest that the CPU supports. Each
// step of width doubles the arithmetic per instruction: on a Zen 5, SGEMM 2048³ reached
// 122 GFLOP/s with Haswell's kernels, 245 with Cooperlake's.
func adviseCore(getenv func(string) string, b Backend, cpu width) []string {
	core := coreWidth[strings.ToLower(b.Core)]
	if core == unknown || core >= cpu {
		return nil
	}
	cost := fmt.Sprintf("about 1/%d of the peak speed", 1<<(cpu-core))
	pin := getenv("OPENBLAS_CORETYPE")
	if strings.EqualFold(pin, b.Core) {
		return []string{fmt.Sprintf("OPENBLAS_CORETYPE=%s pins OpenBLAS to %s kernels (%s) on a CPU with %s, %s; "+
			"undo: unset OPENBLAS_CORETYPE", pin, b.Core, core, cpu, cost)}
	}
	remedy := "or built for one kind only; install a newer one built with DYNAMIC_ARCH"
	if best := fastest[cpu]; strings.Contains(b.Config, "DYNAMIC_ARCH") && !strings.EqualFold(pin, best) {
		remedy = fmt.Sprintf("and does not know it; set OPENBLAS_CORETYPE=%s, the fastest kernels it has for it, or install a newer one", best)
	}
	return []string{fmt.Sprintf("OpenBLAS %s runs %s kernels (%s) on a CPU with %s, %s: it is too old for this CPU %s",
		b.Version, b.Core, core, cpu, cost, remedy)}
}

// adviseCache names the override of the L2 cache size. OpenBLAS reads it from 0.3.28 on
// (its pull request 4609) and derives the block sizes of some kernels from it; an older
// version will read it after the next upgrade.
func adviseCache(getenv func(string) string) []string {
	size := getenv("OPENBLAS_L2_SIZE")
	if size == "" {
		return nil
	}
	return []string{fmt.Sprintf("OPENBLAS_L2_SIZE=%s replaces the size of the L2 cache that OpenBLAS detects (from 0.3.28 on), "+
		"so block sizes, speed and the last bits of results can change; undo: unset OPENBLAS_L2_SIZE", size)}
}

// adviseThreads names settings that control the library's threads from outside. A build
// with its own threads gets one (parts.go), whatever is set. In an OpenMP build the
// number belongs to each operating system thread, and goroutines move between those:
// only OMP_NUM_THREADS reaches them all.
func adviseThreads(getenv func(string) string, b Backend) []string {
	if b.OpenMP {
		if getenv("OMP_NUM_THREADS") == "1" {
			return nil
		}
		return []string{"OpenBLAS is an OpenMP build: the number of threads set here applies to only one thread of the program, products " +
			"elsewhere use every core; set OMP_NUM_THREADS=1 or install libopenblas-pthread-dev"}
	}
	return nil
}
