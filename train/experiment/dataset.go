package experiment

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// Names of data sets in records.
const (
	Original  = "cifar10"         // the published CIFAR-10
	Altered   = "cifar10-altered" // anything else of its shape
	Synthetic = "synthetic"
)

// OriginalDigest is the SHA-256 over the published CIFAR-10, on which the study's
// figures are based; package cifar says how it is computed.
const OriginalDigest = "5fdcf57d170bdbc7da569af1dabd64d7d3c7507e9e7aa861fc7b691d5355c232"

// Dataset names the data of a plan and identifies them.
type Dataset struct {
	Name   string `json:"name"`   // Original, Altered or Synthetic
	Digest string `json:"digest"` // SHA-256 over the data
}

// DatasetOf returns the data set of that name and digest. Data with the name of the
// original but another digest are Altered.
func DatasetOf(name, digest string) Dataset {
	if name == Original && digest != OriginalDigest {
		name = Altered
	}
	return Dataset{name, digest}
}

// UnmarshalJSON reads a data set and names it as [DatasetOf] does: records of earlier
// versions call altered data the original.
func (d *Dataset) UnmarshalJSON(raw []byte) error {
	type plain Dataset
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode((*plain)(d)); err != nil {
		return err
	}
	*d = DatasetOf(d.Name, d.Digest)
	return nil
}

// IsOriginal reports whether the data are those of the study.
func (d Dataset) IsOriginal() bool { return d == Dataset{Original, OriginalDigest} }

// Title returns a title for numbers on the data set.
func (d Dataset) Title() string {
	switch {
	case d.IsOriginal():
		return "CIFAR-10"
	case d.Name == Synthetic:
		return "SYNTHETIC set, not CIFAR-10"
	case d.Name == Original, d.Name == Altered:
		return "CIFAR-10, altered"
	}
	return fmt.Sprintf("data set %q, not CIFAR-10", d.Name)
}
