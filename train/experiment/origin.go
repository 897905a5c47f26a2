package experiment

import (
	"fmt"
	"os"
	"strings"
	"time"

	"bnlab/blas"
	"bnlab/train"
)

// Origin is what a trial was trained with, besides its configuration, and where and
// when.
type Origin struct {
	Program string       `json:"program"` // version of bnlab
	Dataset Dataset      `json:"dataset"`
	Backend blas.Backend `json:"backend"`
	// BitsFollow is what the last bits of the result depend on besides the
	// configuration and the kernel: blas.Beside, the other trials of its unit, or
	// blas.Threads. With most kernels that is nothing.
	BitsFollow string `json:"bits_follow"`
	Host       string `json:"host"`  // name of the machine; empty if it has none
	Start      Moment `json:"start"` // of the training, or of its last part if it was resumed
	End        Moment `json:"end"`
}

// Moment is a time, zero if a record of an earlier version does not state it.
type Moment struct{ time.Time }

// MarshalJSON writes the time, null for zero.
func (m Moment) MarshalJSON() ([]byte, error) {
	if m.IsZero() {
		return []byte("null"), nil
	}
	return m.Time.MarshalJSON()
}

// StartNow returns the origin of what starts now, in this process, in precision p.
func StartNow(program string, dataset Dataset, p train.Precision) Origin {
	host, err := os.Hostname()
	if err != nil || !fitName(host) {
		host = ""
	}
	backend := p.Backend()
	backend.Config, backend.OpenMP = "", false // which no record holds
	return Origin{Program: program, Dataset: dataset, Backend: backend, BitsFollow: strings.Join(blas.LibraryBits(), ", "), Host: host, Start: now()}
}

// mix records that the last bits of the trials of a unit depend on each other.
func (o Origin) mix() Origin {
	o.BitsFollow = strings.TrimPrefix(o.BitsFollow+", "+blas.Beside, ", ")
	return o
}

// EndNow sets the end time.
func (o *Origin) EndNow() { o.End = now() }

// now is the time in the form of records.
func now() Moment { return Moment{time.Now().UTC().Truncate(time.Millisecond)} }

// check returns an error about the first name that cannot be shown in a table.
func (o Origin) check() error {
	for _, name := range []string{o.Program, o.Dataset.Name, o.Dataset.Digest, o.Backend.Name, o.Backend.Version, o.Backend.Core, o.BitsFollow, o.Host} {
		if !fitName(name) {
			return fmt.Errorf("name %.60q with control characters", name)
		}
	}
	return nil
}
