package experiment

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"regexp"
	"strings"
)

// recordFile is a record as written. Its last field is the SHA-256 of the bytes of
// result.json, with zeros in place of its own digits, followed by those of curve.jsonl:
// it detects a changed number, and files of two trainings.
type recordFile struct {
	Record
	Sum string `json:"sha256"`
}

var (
	zeroSum     = strings.Repeat("0", 2*sha256.Size)
	sumLine     = regexp.MustCompile("\n \"sha256\": \"([0-9a-f]{64})\"\n}\n$") // at the end of a record
	errChecksum = errors.New("checksum mismatch: the record or its curve has changed")
)

// encodeRecord returns the text of a record with the given text of its curve.
func encodeRecord(r Record, curve []byte) ([]byte, error) {
	text, err := json.MarshalIndent(recordFile{r, zeroSum}, "", " ")
	if err != nil {
		return nil, err
	}
	text = append(text, '\n')
	copy(sumIn(text), sumOf(text, curve))
	return text, nil
}

// verifyChecksum returns an error unless the texts of a record and its curve are those
// that were written. A record without a checksum, from an earlier version, passes.
func verifyChecksum(text, curve []byte) error {
	var s struct {
		Sum *string `json:"sha256"`
	}
	if err := json.Unmarshal(text, &s); err != nil || s.Sum == nil {
		return err
	}
	blank := bytes.Clone(text)
	if copy(sumIn(blank), zeroSum) == 0 || sumOf(blank, curve) != *s.Sum {
		return errChecksum
	}
	return nil
}

// sumIn returns the part of the text of a record that holds its sum; nil if there is
// none, or if the text does not end as encodeRecord writes it.
func sumIn(text []byte) []byte {
	end := text[max(0, len(text)-2*len(zeroSum)):]
	if found := sumLine.FindSubmatch(end); found != nil {
		return found[1]
	}
	return nil
}

// sumOf returns the SHA-256 of both, in hexadecimal digits.
func sumOf(text, curve []byte) string {
	sum := sha256.New()
	sum.Write(text)
	sum.Write(curve)
	return hex.EncodeToString(sum.Sum(nil))
}
