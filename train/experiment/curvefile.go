package experiment

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"

	"bnlab/train"
	"bnlab/train/atomicfile"
)

// encodeCurve writes the points of a curve, one per line.
func encodeCurve(curve []train.Point) ([]byte, error) {
	var text bytes.Buffer
	lines := json.NewEncoder(&text)
	for _, p := range curve {
		if err := lines.Encode(p); err != nil {
			return nil, err
		}
	}
	return text.Bytes(), nil
}

// The steps at which a test kills the process.
var link, rename = atomicfile.Link, atomicfile.Rename

// nameCurve gives the curve of the record in dir with that checksum its usual name.
func nameCurve(dir, sum string) error {
	if sum == "" {
		return nil
	}
	own, public := filepath.Join(dir, ownCurve(sum)), filepath.Join(dir, curveFile)
	there, err := os.Lstat(own)
	if err != nil {
		return nil // it already has its name
	}
	if other, err := os.Lstat(public); err == nil && os.SameFile(there, other) {
		return atomicfile.Remove(own) // a rename would leave both names
	}
	if err := rename(own, curveFile); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// ownCurve returns the curve file name unique to the record with that checksum; empty
// if the record has none.
func ownCurve(sum string) string {
	if sum == "" {
		return ""
	}
	return "curve." + sum[:16] + ".jsonl"
}

// ownCurves matches such names.
var ownCurves = regexp.MustCompile(`^curve\.[0-9a-f]{16}\.jsonl$`)
