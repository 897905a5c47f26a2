package blas

import (
	"slices"
	"strings"
	"testing"
)

func TestAdvise(t *testing.T) {
	type env map[string]string
	open := func(core string) Backend { return Backend{Name: "openblas", Version: "0.3.21", Core: core} }
	many := func(core string) Backend { b := open(core); b.Config = "OpenBLAS 0.3.21 DYNAMIC_ARCH"; return b }
	omp := Backend{Name: "openblas", Core: "Haswell", OpenMP: true}
	for _, c := range []struct {
		name string
		env  env
		b    Backend
		cpu  width
		want []string // what the lines contain, one per line
	}{
		{"nothing set", nil, open("Cooperlake"), avx512, nil},
		{"pin to AVX2", env{"OPENBLAS_CORETYPE": "Haswell"}, open("Haswell"), avx512, []string{
			"OPENBLAS_CORETYPE=Haswell pins OpenBLAS to Haswell kernels (AVX2) on a CPU with AVX-512, about 1/2 of the peak speed; undo: unset OPENBLAS_CORETYPE"}},
		{"pin to SSE", env{"OPENBLAS_CORETYPE": "nehalem"}, open("Nehalem"), avx512, []string{"about 1/8 of the peak speed"}},
		{"harmless pin", env{"OPENBLAS_CORETYPE": "Zen"}, open("Zen"), avx2, nil},
		{"pin among equals", env{"OPENBLAS_CORETYPE": "SkylakeX"}, open("SkylakeX"), avx512, nil},
		{"pin that OpenBLAS ignored", env{"OPENBLAS_CORETYPE": "Haswel"}, open("Cooperlake"), avx512, nil},
		{"old library", nil, open("Zen"), avx512, []string{"install a newer one"}},
		{"CPU that the library does not know", nil, many("Prescott"), avx512, []string{"set OPENBLAS_CORETYPE=" + fastest[avx512] + ","}},
		{"the same with AVX2", nil, many("Prescott"), avx2, []string{"about 1/4 of the peak speed: it is too old for this CPU and does not know it; set OPENBLAS_CORETYPE=Haswell,"}},
		{"the same, pinned to another", env{"OPENBLAS_CORETYPE": "Prescott"}, many("Prescott"), avx512, []string{"undo: unset OPENBLAS_CORETYPE"}},
		{"pin to kernels that it has not", env{"OPENBLAS_CORETYPE": fastest[avx512]}, many("Prescott"), avx512, []string{"install a newer one"}},
		{"core of a static build", nil, open("HASWELL"), avx2, nil},
		{"kernel not known here", env{"OPENBLAS_CORETYPE": "X"}, open("X"), avx512, nil},
		{"arm64", env{"OPENBLAS_CORETYPE": "ARMV8"}, open("armv8"), unknown, nil},
		{"cache size", env{"OPENBLAS_L2_SIZE": "512"}, open("Zen"), avx2, []string{"unset OPENBLAS_L2_SIZE"}},
		{"threads, which the program sets", env{"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "2"}, open("Zen"), avx2, nil},
		{"all at once", env{"OPENBLAS_CORETYPE": "Haswell", "OPENBLAS_L2_SIZE": "512"}, open("Haswell"), avx512,
			[]string{"unset OPENBLAS_CORETYPE", "unset OPENBLAS_L2_SIZE"}},
		{"OpenMP", nil, omp, avx2, []string{"OMP_NUM_THREADS=1"}},
		{"OpenMP with too many", env{"OMP_NUM_THREADS": "2"}, omp, avx2, []string{"OMP_NUM_THREADS=1"}},
		{"OpenMP held to one", env{"OMP_NUM_THREADS": "1"}, omp, avx2, nil},
		{"pure Go", env{"OPENBLAS_CORETYPE": "Haswell"}, Backend{Name: "gonum", Core: "amd64"}, avx512, []string{"CGO_ENABLED=1"}},
		{"another CBLAS", env{"OPENBLAS_CORETYPE": "Haswell"}, Backend{Name: "cblas", Core: "unknown"}, avx512, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := advise(func(name string) string { return c.env[name] }, c.b, c.cpu)
			if len(got) != len(c.want) {
				t.Fatalf("got %d lines, want %d: %q", len(got), len(c.want), got)
			}
			for i, line := range got {
				if !strings.Contains(line, c.want[i]) || strings.Contains(line, "\n") {
					t.Errorf("line %q, want one with %q", line, c.want[i])
				}
			}
		})
	}
}

// What the linked library says of itself is complete, and its core is no
// wider than the CPU: else the table of kernels is wrong.
func TestCurrent(t *testing.T) {
	b := Current()
	if b.Name == "" || b.Version == "" || b.Core == "" {
		t.Errorf("incomplete: %+v", b)
	}
	if core := coreWidth[strings.ToLower(b.Core)]; core > cpuWidth() {
		t.Errorf("kernels %s (%v) on a CPU with %v", b.Core, core, cpuWidth())
	}
	if w := cpuWidth(); w != unknown && !slices.Contains(Features(), "sse2") {
		t.Errorf("features %v of a CPU with %v", Features(), w)
	}
}

func TestSetThreads(t *testing.T) {
	if Current().Name != "openblas" {
		t.Skip("only OpenBLAS can be told")
	}
	before := Current().Threads
	defer SetThreads(before)
	SetThreads(1)
	if n := Current().Threads; n != 1 {
		t.Errorf("%d threads after SetThreads(1)", n)
	}
}

// TestLibraryBits: a library that spreads products over its own threads is reported.
func TestLibraryBits(t *testing.T) {
	for _, c := range []struct {
		b    Backend
		omp  string
		want []string
	}{
		{Backend{Name: "openblas"}, "", nil},
		{Backend{Name: "openblas", OpenMP: true}, "", []string{Threads}},
		{Backend{Name: "openblas", OpenMP: true}, "1", nil},
		{Backend{Name: "cblas"}, "1", []string{Threads}},
		{Backend{Name: "gonum"}, "", nil},
	} {
		if got := libraryBits(func(string) string { return c.omp }, c.b); !slices.Equal(got, c.want) {
			t.Errorf("%+v, OMP_NUM_THREADS=%s: %q", c.b, c.omp, got)
		}
	}
}
