package blas

import "golang.org/x/sys/cpu"

// width is a family of vector instructions on x86-64, in order of speed.
type width int

const (
	unknown width = iota
	sse
	avx
	avx2
	avx512
)

func (w width) String() string {
	return [...]string{"unknown", "SSE", "AVX", "AVX2", "AVX-512"}[w]
}

// coreWidth maps the names of OpenBLAS's x86-64 kernels to their vectors. There is no
// advice for other names, or on other architectures.
var coreWidth = map[string]width{
	"prescott": sse, "core2": sse, "penryn": sse, "dunnington": sse, "nehalem": sse, "atom": sse, "nano": sse,
	"athlon": sse, "opteron": sse, "opteron_sse3": sse, "barcelona": sse, "bobcat": sse,
	"sandybridge": avx, "bulldozer": avx, "piledriver": avx,
	"haswell": avx2, "zen": avx2, "excavator": avx2, "steamroller": avx2,
	"skylakex": avx512, "cooperlake": avx512, "sapphirerapids": avx512,
}

// fastest maps a vector width to the fastest kernels in a multi-CPU build of OpenBLAS,
// by their OPENBLAS_CORETYPE name.
var fastest = map[width]string{avx512: "SkylakeX", avx2: "Haswell", avx: "Sandybridge"}

func init() {
	if cpu.X86.HasAVX512BF16 {
		fastest[avx512] = "Cooperlake"
	}
}

// cpuWidth returns the widest vectors of this CPU that OpenBLAS has kernels
// for: its AVX-512 ones need all of F, DQ, BW, VL and CD.
func cpuWidth() width {
	x := &cpu.X86
	switch {
	case x.HasAVX512F && x.HasAVX512DQ && x.HasAVX512BW && x.HasAVX512VL && x.HasAVX512CD:
		return avx512
	case x.HasAVX2 && x.HasFMA:
		return avx2
	case x.HasAVX:
		return avx
	case x.HasSSE2:
		return sse
	}
	return unknown
}

// Features returns the vector instructions of this CPU that matter to the
// products, named as Linux names them in /proc/cpuinfo.
func Features() []string {
	var have []string
	for _, f := range []struct {
		name string
		has  bool
	}{
		{"sse2", cpu.X86.HasSSE2},
		{"avx", cpu.X86.HasAVX},
		{"avx2", cpu.X86.HasAVX2},
		{"fma", cpu.X86.HasFMA},
		{"avx512f", cpu.X86.HasAVX512F},
		{"avx512dq", cpu.X86.HasAVX512DQ},
		{"avx512cd", cpu.X86.HasAVX512CD},
		{"avx512bw", cpu.X86.HasAVX512BW},
		{"avx512vl", cpu.X86.HasAVX512VL},
		{"avx512_bf16", cpu.X86.HasAVX512BF16},
		{"asimd", cpu.ARM64.HasASIMD},
		{"sve", cpu.ARM64.HasSVE},
		{"sve2", cpu.ARM64.HasSVE2},
	} {
		if f.has {
			have = append(have, f.name)
		}
	}
	return have
}
