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
	BF16     BF16         `json:"bf16"`
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

// BF16 says what multiplies operands in bfloat16.
type BF16 struct {
	Backend string `json:"backend"` // that has instructions for them; empty for none
	Missing string `json:"missing"` // why none has
}

// FindBF16 looks for it.
func FindBF16() BF16 {
	name, err := blas.HalfEngine()
	if err != nil {
		return BF16{Missing: err.Error()}
	}
	return BF16{Backend: name}
}

// String says it in a line.
func (b BF16) String() string {
	if b.Backend == "" {
		return "rounded operands multiplied as f32, no faster: " + b.Missing
	}
	return "instructions of this CPU, with --backend " + b.Backend
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

	BF16 string `json:"bf16"`
}

// BitsFollow runs the tests.
func BitsFollow() Bits {
	follow := func(from []string) string { return strings.Join(from, ", ") }
	return Bits{follow(blas.BitsFollow[float32](false)), follow(blas.BitsFollow[float64](false)), follow(blas.BitsFollow[float32](true))}
}

// String says it in a line.
func (b Bits) String() string {
	line := "the last bits of a trial depend on its configuration, precision and kernel"
	for i, from := range []string{b.F32, b.F64, b.BF16} {
		if from != "" {
			line += fmt.Sprintf("; in %s also on %s", []train.Precision{train.F32, train.F64, train.BF16}[i], from)
		}
	}
	if strings.Contains(b.F32+b.F64+b.BF16, blas.Beside) {
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
	fmt.Fprintf(w, "bf16      %s\n", r.BF16)
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
