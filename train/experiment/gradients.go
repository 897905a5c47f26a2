package experiment

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"path/filepath"

	"bnlab/model"
	"bnlab/train/atomicfile"
)

// Gradients are the gradient checks of several networks.
type Gradients struct {
	Nets []NetCheck `json:"nets"`
	OK   bool       `json:"ok"` // all hold
}

// NetCheck is the gradient check of one network.
type NetCheck struct {
	Depth   int                 `json:"depth"` // layers, including the last
	BN      bool                `json:"bn"`
	Methods []string            `json:"methods,omitempty"` // of the network, as activation=gelu, that are not off
	Tensors []model.TensorCheck `json:"tensors"`
	OK      bool                `json:"ok"` // all tensors hold
}

// Add adds the check of another network.
func (g *Gradients) Add(n NetCheck) {
	g.OK = n.OK && (g.OK || len(g.Nets) == 0)
	g.Nets = append(g.Nets, n)
}

// GradientRecord is the record of experiment 1 of the study.
type GradientRecord struct {
	Format int `json:"format"`
	Origin
	Gradients
}

// gradientFile is in the folder of a study, beside those of its runs.
const gradientFile = "gradcheck.json"

// maxGradients limits its size in bytes, to ten times what two networks need.
const maxGradients = 1 << 16

// Keep writes the record to the folder dir, which it creates if missing. An existing
// record of checks that passed stays: another process was first.
func (r GradientRecord) Keep(dir string) error {
	write := atomicfile.WriteNew
	switch old, err := ReadGradients(dir); {
	case err == nil && old != nil && old.OK:
		return nil
	case err != nil || old != nil:
		write = atomicfile.Write
	}
	text, err := json.MarshalIndent(r, "", " ")
	if err != nil {
		return err
	}
	if err := atomicfile.MakeDirs(dir); err != nil {
		return err
	}
	if dir, err = atomicfile.Real(dir); err != nil {
		return err
	}
	return write(filepath.Join(dir, gradientFile), text, []byte("\n"))
}

// ReadGradients returns the record of gradient checks in the folder dir, nil if there
// is none. An invalid one is a DamagedError, one that cannot be read an
// atomicfile.Unread.
func ReadGradients(dir string) (*GradientRecord, error) {
	dir, err := atomicfile.Real(dir)
	if err != nil {
		return nil, err
	}
	path := filepath.Join(dir, gradientFile)
	raw, err := atomicfile.Read(path, maxGradients)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var r *GradientRecord
	if err == nil {
		r, err = parseGradients(raw)
	}
	if err != nil {
		return nil, damaged(path, err)
	}
	return r, nil
}

// parseGradients parses a record.
func parseGradients(raw []byte) (*GradientRecord, error) {
	r := &GradientRecord{}
	if err := json.Unmarshal(raw, r); err != nil {
		return nil, err
	}
	return r, r.check()
}

// check returns an error if no check can produce the record.
func (r *GradientRecord) check() error {
	if r.Format != Format {
		return fmt.Errorf("format %d, this program reads %d", r.Format, Format)
	}
	if err := r.Origin.check(); err != nil {
		return err
	}
	again := Gradients{}
	for _, n := range r.Nets {
		ok := len(n.Tensors) > 0
		for _, t := range n.Tensors {
			switch {
			case t.Name != model.Weight && t.Name != model.Bias && t.Name != model.Gamma && t.Name != model.Beta:
				return fmt.Errorf("no gradient of %.20q", t.Name)
			case !(t.RelErr >= 0 && t.RelErr <= math.MaxFloat64) || !(t.MaxAbsDiff >= 0) || t.Checked < 0 || t.Of < t.Checked:
				return fmt.Errorf("layer %d, %s: numbers that no check produces", t.Layer, t.Name)
			}
			ok = ok && t.OK
		}
		n.OK = ok
		again.Add(n)
	}
	if len(again.Nets) == 0 || again.OK != r.OK {
		return errors.New("its verdict contradicts its tensors")
	}
	return nil
}
