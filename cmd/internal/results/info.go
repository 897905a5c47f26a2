package results

import (
	"fmt"
	"io"
	"strings"

	"bnlab/blas"
	"bnlab/cmd/internal/machine"
	"bnlab/cmd/internal/screen"
	"bnlab/train"
)

// Info is what info prints.
type Info struct {
	Version  string       `json:"version"`
	Go       string       `json:"go"`
	Backend  blas.Backend `json:"backend"`
	Backends Backends     `json:"backends"`
	Built    string       `json:"built"` // how the library was built, in its own words
	Cores    int          `json:"cores"` // that this process may use
	Features []string     `json:"cpu_features"`
	Data     string       `json:"data"` // CIFAR-10 folder; empty if none was found
	Warnings []string     `json:"warnings"`

	BitsFollow Bits `json:"bits_follow"`
}

// Backends are those that --backend can name.
type Backends struct {
	Here    []blas.Backend `json:"here"`
	Missing []string       `json:"missing"` // the others, with what is missing
}

// AllBackends looks for them.
func AllBackends() Backends {
	here, missing := blas.Engines()
	b := Backends{Here: here, Missing: []string{}}
	for _, err := range missing {
		b.Missing = append(b.Missing, err.Error())
	}
	return b
}

// String lists them.
func (b Backends) String() string {
	var names []string
	for _, here := range b.Here {
		names = append(names, here.Name)
	}
	return strings.Join(append(names, b.Missing...), "; ")
}

// Bits holds what the last bits of a trial depend on besides its configuration,
// precision and kernel, by precision, as tested on the running kernel.
type Bits struct {
	F32 string `json:"f32"`
	F64 string `json:"f64"`
}

// BitsFollow runs the tests.
func BitsFollow() Bits {
	return Bits{strings.Join(blas.BitsFollow[float32](), ", "), strings.Join(blas.BitsFollow[float64](), ", ")}
}

// String says it in a line.
func (b Bits) String() string {
	line := "the last bits of a trial depend on its configuration, precision and kernel"
	for i, from := range []string{b.F32, b.F64} {
		if from != "" {
			line += fmt.Sprintf("; in %s also on %s", []train.Precision{train.F32, train.F64}[i], from)
		}
	}
	if strings.Contains(b.F32+b.F64, blas.Beside) {
		line += " (--fuse off trains each alone)"
	}
	return line
}

// Table writes a line for each.
func (r Info) Table(w io.Writer) {
	dir := r.Data
	if dir == "" {
		dir = "none found; using the synthetic set (see bnlab train --help, --data)"
	}
	fmt.Fprintf(w, "bnlab     %s, %s\n", r.Version, r.Go)
	fmt.Fprintf(w, "BLAS      %s %s\n", r.Backend.Name, r.Backend.Version)
	fmt.Fprintf(w, "kernel    %s\n", r.Backend.Core)
	fmt.Fprintf(w, "backends  %s\n", r.Backends)
	fmt.Fprintf(w, "bits      %s\n", r.BitsFollow)
	fmt.Fprintf(w, "cores     %d\n", r.Cores)
	fmt.Fprintf(w, "threads   1 per trial of a sweep, %d for one training\n", min(machine.FastThreads, r.Cores))
	fmt.Fprintf(w, "built     %s\n", r.Built)
	fmt.Fprintf(w, "CPU       %s\n", strings.Join(r.Features, " "))
	screen.Note(w, "CIFAR-10  %s", dir)
	for _, warning := range r.Warnings {
		screen.Note(w, "WARNING   %s", warning)
	}
}
