package checkpoint

import (
	"bytes"
	"encoding/json"

	"bnlab/blas"
	"bnlab/train/disk"
)

// headerOf returns the first line of a checkpoint, as far as there is one: whether
// the file is sound is for those to see who restore it.
func headerOf(path string) (h header) {
	head, _ := disk.Head(path, 1<<20)
	line, _, _ := bytes.Cut(head, []byte("\n"))
	if json.Unmarshal(line, &h) != nil {
		return header{}
	}
	return h
}

// unlike says in what the checkpoint of another training differs.
func (of Training) unlike(path string) string {
	there := headerOf(path).Training
	if there == nil {
		return "its first line does not tell of which"
	}
	return difference(there, of.text())
}

// Backend returns the backend of the checkpoint written last in a place, as far as
// its header can be read.
func (p Place) Backend() blas.Backend {
	var of Training
	if json.Unmarshal(headerOf(p.newest()).Training, &of) != nil {
		return blas.Backend{}
	}
	return of.Backend
}
