package main

import (
	"bytes"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

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
