package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"bnlab/cifar"
	"bnlab/cmd/internal/modelfile"
	"bnlab/model"
)

// Commands of scripts that make files, or change them:
//
//	batches DIR             write CIFAR-10's six files, all images black
//	patch FILE WHAT…        change FILE: size=N cuts or fills up with zeros, OFFSET=BYTE sets a byte
//	net FILE IN HIDDEN [MODEL [KEY OLD NEW]]  save a new network, without metadata or with a changed one
//	picture FILE W H        write a picture as PNG, JPEG or GIF, by its extension
//	replace FILE OLD NEW    replace every OLD in FILE by NEW

// writePicture writes a picture in the format that the extension names.
func writePicture(path string, picture image.Image) error {
	encode := map[string]func(io.Writer, image.Image) error{
		".png": png.Encode,
		".jpg": func(w io.Writer, m image.Image) error { return jpeg.Encode(w, m, &jpeg.Options{Quality: 100}) },
		".gif": func(w io.Writer, m image.Image) error { return gif.Encode(w, m, nil) },
	}[strings.ToLower(filepath.Ext(path))]
	var file bytes.Buffer
	if err := encode(&file, picture); err != nil {
		return err
	}
	return os.WriteFile(path, file.Bytes(), 0o666)
}

func savePicture(ts *testscript.TestScript, _ bool, args []string) {
	w, err := strconv.Atoi(args[1])
	ts.Check(err)
	h, err := strconv.Atoi(args[2])
	ts.Check(err)
	picture := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			picture.Set(x, y, color.RGBA{byte(255 * x / w), byte(255 * y / h), 100, 255})
		}
	}
	ts.Check(writePicture(ts.MkAbs(args[0]), picture))
}

func replace(ts *testscript.TestScript, _ bool, args []string) {
	before := ts.ReadFile(args[0])
	after := strings.ReplaceAll(before, args[1], args[2])
	if after == before {
		ts.Fatalf("no %q in %s", args[1], args[0])
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(after), 0o666))
}

// blackBatches writes six files of CIFAR-10's size and names, all zeros.
func blackBatches(dir string) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	for i := 1; i <= 6; i++ {
		path := filepath.Join(dir, fmt.Sprintf("data_batch_%d.bin", i))
		if i == 6 {
			path = filepath.Join(dir, "test_batch.bin")
		}
		if err := os.WriteFile(path, nil, 0o666); err != nil {
			return err
		}
		if err := os.Truncate(path, cifar.FileRecords*cifar.RecordSize); err != nil {
			return err
		}
	}
	return nil
}

func patch(ts *testscript.TestScript, _ bool, args []string) {
	path := ts.MkAbs(args[0])
	for _, change := range args[1:] {
		where, value, _ := strings.Cut(change, "=")
		n, err := strconv.ParseInt(value, 0, 64)
		ts.Check(err)
		if where == "size" {
			ts.Check(os.Truncate(path, n))
			continue
		}
		at, err := strconv.ParseInt(where, 0, 64)
		ts.Check(err)
		f, err := os.OpenFile(path, os.O_WRONLY, 0)
		ts.Check(err)
		_, err = f.WriteAt([]byte{byte(n)}, at)
		ts.Check(err)
		ts.Check(f.Close())
	}
}

// saveNet saves a network. With MODEL it has that one's metadata, with KEY OLD NEW what
// the pattern OLD finds in the value of KEY is replaced by NEW; of the key numbers all
// parameters are NEW.
func saveNet(ts *testscript.TestScript, _ bool, args []string) {
	in, err := strconv.Atoi(args[1])
	ts.Check(err)
	var hidden []int
	ts.Check(json.Unmarshal([]byte("["+args[2]+"]"), &hidden))
	net, err := newNet(in, hidden)
	ts.Check(err)
	var metadata map[string]string
	if len(args) > 3 {
		m, err := modelfile.Read(ts.MkAbs(args[3]))
		ts.Check(err)
		metadata = m.Metadata
	}
	if len(args) > 4 {
		key, value := args[4], args[6]
		at := regexp.MustCompile(args[5]).FindStringIndex(metadata[key])
		metadata[key] = metadata[key][:at[0]] + value + metadata[key][at[1]:]
		if number, err := strconv.ParseFloat(value, 32); key == "numbers" {
			ts.Check(err)
			delete(metadata, key)
			for i := range net.Params() {
				net.Params()[i] = float32(number)
			}
		}
	}
	f, err := os.Create(ts.MkAbs(args[0]))
	ts.Check(err)
	ts.Check(net.Save(f, 0, metadata))
	ts.Check(f.Close())
}

// newNet returns a network with batch normalisation, not yet trained.
func newNet(in int, hidden []int) (*model.Network[float32], error) {
	net, err := model.New[float32](model.Spec{In: in, Hidden: hidden, Out: cifar.Classes, Nets: 1, BatchNorm: 1, MaxRows: 1})
	if err == nil {
		err = net.Init(0, model.He, 0, 1)
	}
	return net, err
}
