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

// readHeader returns the first line of a checkpoint, as far as there is one: whether
// the file is sound is for those to see who restore it.
func readHeader(path string) (h header) {
	head, _ := atomicfile.Head(path, 1<<20)
	line, _, _ := bytes.Cut(head, []byte("\n"))
	if json.Unmarshal(line, &h) != nil {
		return header{}
	}
	return h
}

// differenceFrom says in what the training of a checkpoint differs from this one.
func (of Training) differenceFrom(path string) string {
	there := readHeader(path).Training
	if there == nil {
		return "its first line does not tell of which"
	}
	return difference(there, of.text())
}

// Backend returns the backend of the checkpoint of these trials that was written
// last in a place, as far as one tells it.
func (p Place) Backend(trials []train.Config) (b blas.Backend) {
	all, _ := p.list() // those who restore it see what is wrong
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
