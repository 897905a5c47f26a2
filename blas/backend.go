package blas

// Backend describes the library behind the products. Results are bit-identical only for
// the same name, version and core, so every record carries them. BitsFollow says what
// else they depend on.
type Backend struct {
	Name    string `json:"name"`    // openblas, cblas, gonum or onednn
	Version string `json:"version"` // the library's
	Core    string `json:"core"`    // kernel name, such as SkylakeX or Haswell
	Threads int    `json:"threads"` // threads one product may use; 0 if the library does not say
	Config  string `json:"-"`       // the library's own description of how it was built
	OpenMP  bool   `json:"-"`       // whether OpenBLAS was built to use OpenMP threads
}

// What the last bits of a training can depend on besides its configuration, its
// precision and the kernel.
const (
	Beside  = "the trials beside it"      // GemmBlocks computes them together, see there
	Threads = "the library's own threads" // which this package does not set
	Chance  = "chance"                    // the library sums in a different order each time
)

// Names of engines.
const (
	OpenBLAS = "openblas" // the BLAS that is built in alone
	OneDNN   = "onednn"   // oneDNN's matmul primitives
)
