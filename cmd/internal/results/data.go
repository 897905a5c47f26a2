package results

import (
	"fmt"
	"io"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"

	"bnlab/cifar"
	"bnlab/cmd/internal/dataset"
	"bnlab/cmd/internal/screen"
	"bnlab/train/message"
)

// Verified is what data verify prints.
type Verified struct {
	Dir   string            `json:"dir"`
	Files []cifar.FileCheck `json:"files"`
	OK    bool              `json:"ok"`
}

// Table writes a line for each file.
func (v Verified) Table(w io.Writer) {
	for _, c := range v.Files {
		if c.OK {
			fmt.Fprintf(w, "ok    %s\n", c.Name)
		} else {
			fmt.Fprintf(w, "%s   %s: %s\n", screen.Colourise(w, screen.Bad, "BAD"), c.Name, message.Text(c.Problem))
		}
	}
}

// DataInfo is what data info prints.
type DataInfo struct {
	title   string
	Name    string    `json:"name"`
	Digest  string    `json:"digest"`
	Classes []string  `json:"classes"`
	Sets    []SetInfo `json:"sets"`
}

// SetInfo describes a set of a data set.
type SetInfo struct {
	Name     string  `json:"name"`
	Images   int     `json:"images"`
	PerClass []int   `json:"per_class"`
	Mean     float64 `json:"mean"` // of all pixel values, 0 to 255
	Std      float64 `json:"std"`  // of all pixel values, 0 to 255
}

// NewDataInfo describes a data set.
func NewDataInfo(data *dataset.Images) DataInfo {
	r := DataInfo{title: data.Title(), Name: data.Dataset().Name, Digest: data.Digest, Classes: data.Classes}
	for _, set := range []struct {
		name string
		cifar.Set
	}{{"training", data.Train}, {"validation", data.Val}, {"test", data.Test}} {
		mean, std := set.Brightness()
		r.Sets = append(r.Sets, SetInfo{set.name, set.Len(), set.PerClass(), mean, std})
	}
	return r
}

// Table writes how many images of each class each set has.
func (r DataInfo) Table(w io.Writer) {
	fmt.Fprintf(w, "%s, SHA-256 %s\n", r.title, r.Digest)
	header, images, pixels := []any{""}, []any{"images"}, []any{"pixel mean ± std"}
	for _, s := range r.Sets {
		header, images = append(header, s.Name), append(images, s.Images)
		pixels = append(pixels, fmt.Sprintf("%.1f ± %.1f", s.Mean, s.Std))
	}
	t := screen.Table(w, 2, header...)
	t.AppendRows([]table.Row{images, pixels})
	for k, class := range r.Classes {
		row := []any{class}
		for _, s := range r.Sets {
			row = append(row, s.PerClass[k])
		}
		t.AppendRow(row)
	}
	t.Render()
}

// Fetched is what data fetch prints.
type Fetched struct {
	Dir     string  `json:"dir"`
	There   bool    `json:"already_there"`
	URL     string  `json:"url"`   // source of the last bytes; empty for none
	Bytes   int64   `json:"bytes"` // received in this call
	Seconds float64 `json:"seconds"`
}

// Table writes where the files are.
func (f Fetched) Table(w io.Writer) {
	if f.There {
		fmt.Fprintf(w, "CIFAR-10 is in %s already, every file the original; nothing downloaded\n", message.Text(f.Dir))
		return
	}
	took := time.Duration(f.Seconds * float64(time.Second)).Round(time.Second)
	fmt.Fprintf(w, "CIFAR-10 is in %s, every file the original; %s downloaded in %v\n", message.Text(f.Dir), screen.Bytes(f.Bytes), took)
}
