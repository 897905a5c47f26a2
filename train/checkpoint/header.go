package checkpoint

import (
	"bytes"
	"encoding/json"
	"os"
	"time"

	"bnlab/blas"
	"bnlab/train"
	"bnlab/train/atomicfile"
)

// readHeader returns the first line of a checkpoint, as far as it exists; restoring
// checks whether the file is valid.
func readHeader(path string) (h header) {
	head, _ := atomicfile.Head(path, 1<<20)
	line, _, _ := bytes.Cut(head, []byte("\n"))
	if json.Unmarshal(line, &h) != nil {
		return header{}
	}
	return h
}

// differenceFrom says how the training of a checkpoint differs from this one.
func (of Training) differenceFrom(path string) string {
	there := readHeader(path).Training
	if there == nil {
		return "its first line does not say which"
	}
	return difference(there, of.text())
}

// Backend returns the backend of the latest checkpoint of these trials in a place, as
// far as one states it.
func (p Place) Backend(trials []train.Config) (b blas.Backend) {
	all, _ := p.list() // restoring reports what is wrong
	var last time.Time
	for _, c := range all {
		var of Training
		info, err := os.Stat(c.path)
		if err != nil || json.Unmarshal(readHeader(c.path).Training, &of) != nil || Difference(of.Trials, trials) != "" {
			continue
		}
		if info.ModTime().After(last) {
			b, last = of.Backend, info.ModTime()
		}
	}
	return b
}
