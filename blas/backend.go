package blas

// Backend describes the library behind the products. Results are bit-identical only for
// the same name, version and core, so every record carries them. What else they follow
// from, BitsFollow says.
type Backend struct {
	Name    string `json:"name"`    // openblas, cblas or gonum
	Version string `json:"version"` // the library's
	Core    string `json:"core"`    // kernel name, as SkylakeX or Haswell
	Threads int    `json:"threads"` // threads one product may use; 0 where the library does not tell
	Config  string `json:"-"`       // the library's own description of how it was built
	OpenMP  bool   `json:"-"`       // whether OpenBLAS was built to spread a product by OpenMP
}

// Current returns the backend in use, as it is set now.
func Current() Backend { return backend() }

// SetThreads sets how many threads one product may use, for the whole process, and leaves
// its bits (parts.go). It does nothing for backends without such a setting.
func SetThreads(n int) {
	if n < 1 {
		panic(badThreads)
	}
	setThreads(n)
}

const badThreads = "blas: number of threads below 1"
