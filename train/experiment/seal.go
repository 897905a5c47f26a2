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

// sealed is a record as it is written. Its last field is the SHA-256 of the bytes
// of result.json, with zeros in place of the digits of that sum, and then those of
// curve.jsonl: it shows a number that has changed, and files of two trainings.
type sealed struct {
	Record
	Sum string `json:"sha256"`
}

var (
	noSum     = strings.Repeat("0", 2*sha256.Size)
	errSealed = errors.New("its checksum does not hold: the record or its curve has changed")
)

// seal returns the text of a record that has the given text of a curve beside it.
func seal(r Record, curve []byte) ([]byte, error) {
	text, err := json.MarshalIndent(sealed{r, noSum}, "", " ")
	if err != nil {
		return nil, err
	}
	text = append(text, '\n')
	return replaceSum(text, noSum, sumOf(text, curve)), nil
}

// checkSeal returns an error where the text of a record and that of its curve are
// not those that were written. A record by a version before there was a sum passes.
func checkSeal(text, curve []byte) error {
	var s struct {
		Sum *string `json:"sha256"`
	}
	if err := json.Unmarshal(text, &s); err != nil || s.Sum == nil {
		return err
	}
	blank := replaceSum(text, *s.Sum, noSum)
	if blank == nil || sumOf(blank, curve) != *s.Sum {
		return errSealed
	}
	return nil
}

// wholeSum matches the end of a record as seal writes it.
var wholeSum = regexp.MustCompile("\n \"sha256\": \"([0-9a-f]{64})\"\n}\n$")

// sumIn returns the sum in the text of a record; empty where there is none, or where
// the text is not as seal writes it.
func sumIn(text []byte) string {
	end := text[max(0, len(text)-2*len(noSum)):]
	if found := wholeSum.FindSubmatch(end); found != nil {
		return string(found[1])
	}
	return ""
}

func sumOf(text, curve []byte) string {
	sum := sha256.New()
	sum.Write(text)
	sum.Write(curve)
	return hex.EncodeToString(sum.Sum(nil))
}

// replaceSum returns the text of a record with another sum; nil where it does not
// end as seal writes it.
func replaceSum(text []byte, old, new string) []byte {
	end := func(sum string) string { return "\n \"sha256\": \"" + sum + "\"\n}\n" }
	before, found := bytes.CutSuffix(text, []byte(end(old)))
	if !found {
		return nil
	}
	return append(bytes.Clone(before), end(new)...)
}
