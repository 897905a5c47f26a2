package main

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/sys/unix"

	"bnlab/cifar"
	"bnlab/cmd/internal/dataset"
	"bnlab/cmd/internal/modelfile"
	"bnlab/cmd/internal/results"
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

// predictions returns what predict --json says of pictures.
func predictions(t *testing.T, args ...string) results.Predictions {
	t.Helper()
	var r results.Predictions
	want(t, exitDone, append([]string{"predict", "--json", "--top", "10"}, args...)...).decode(t, &r)
	return r
}

// testPredict trains a network on the data that flags name and holds what it
// predicts for images written as pictures against what eval finds for the same
// images in the set: the same class and, but for the rounding of another number of
// images at a time, the same probability.
func testPredict(t *testing.T, set cifar.Set, precision string, flags ...string) {
	dir := t.TempDir()
	model := filepath.Join(dir, "m.safetensors")
	want(t, exitDone, append(append([]string{"train", "--bn", "--hidden", "20", "--precision", precision, "--save", model}, tiny()...), flags...)...)
	var e results.Eval
	want(t, exitDone, append([]string{"eval", "--json", model}, flags...)...).decode(t, &e)
	if len(e.Mistakes) != results.WorstMistakes {
		t.Fatalf("%d mistakes named, want %d", len(e.Mistakes), results.WorstMistakes)
	}
	likePNG := 0
	for i, m := range e.Mistakes {
		if i > 0 && m.Probability > e.Mistakes[i-1].Probability {
			t.Errorf("mistake %d is worse than the one before it", i)
		}
		if want := e.Classes[set.Labels[m.Image]]; m.Class != want || m.Predicted == want {
			t.Errorf("image %d is a %s, the mistake says %s for %s", m.Image, want, m.Predicted, m.Class)
		}
		picture := filepath.Join(dir, fmt.Sprintf("%02d.png", i))
		photo := filepath.Join(dir, fmt.Sprintf("%02d.jpg", i))
		for _, path := range []string{picture, photo} {
			if err := writePicture(path, set.Picture(m.Image)); err != nil {
				t.Fatal(err)
			}
		}
		got := predictions(t, model, picture, photo).Images
		if got[0].Class != m.Predicted || math.Abs(got[0].Top[0].Probability-m.Probability) > 1e-6 {
			t.Errorf("image %d: predict says %v, eval %+v", m.Image, got[0].Top[0], m)
		}
		total := 0.0
		for _, p := range got[0].Top {
			total += p.Probability
		}
		if len(got[0].Top) != cifar.Classes || math.Abs(total-1) > 1e-5 {
			t.Errorf("image %d: the probabilities of %d classes sum to %v", m.Image, len(got[0].Top), total)
		}
		if got[1].Class == got[0].Class { // a JPEG is not quite the same image
			likePNG++
		}
	}
	if likePNG < results.WorstMistakes*9/10 {
		t.Errorf("of %d JPEGs only %d are classified as their PNG", results.WorstMistakes, likePNG)
	}
}

func TestPredictEqualsEval(t *testing.T) {
	cleanEnv(t)
	for _, precision := range []string{"f32", "f64"} {
		t.Run(precision, func(t *testing.T) {
			testPredict(t, dataset.Synthetic().Test, precision, "--dataset", "synthetic")
		})
	}
	t.Run("cifar10", func(t *testing.T) {
		if realData == "" {
			t.Skip("set CIFAR10_DIR")
		}
		data, err := cifar.Load(realData)
		if err != nil {
			t.Fatal(err)
		}
		testPredict(t, data.Test, "f32", "--dataset", "cifar10", "--data", realData)
	})
}

// A picture on standard input is classified as the same file.
func TestPredictStandardInput(t *testing.T) {
	cleanEnv(t)
	t.Chdir(t.TempDir())
	want(t, exitDone, small("train --save m.safetensors")...)
	if err := writePicture("a.png", dataset.Synthetic().Test.Picture(7)); err != nil {
		t.Fatal(err)
	}
	cmd, stdout, stderr := process(t, "predict --json m.safetensors -")
	cmd.Stdin = bytes.NewReader(read(t, "a.png"))
	if err := cmd.Run(); err != nil {
		t.Fatal(err, stderr)
	}
	var got results.Predictions
	result{stdout: stdout.String()}.decode(t, &got)
	want := predictions(t, "m.safetensors", "a.png")
	if diff := cmp.Diff(want.Images[0].Top[:3], got.Images[0].Top); diff != "" || got.Images[0].File != "-" {
		t.Errorf("%s: from a file and from standard input:\n%s", got.Images[0].File, diff)
	}
	cmd, _, stderr = process(t, "predict m.safetensors -")
	cmd.Stdin = strings.NewReader("no picture")
	if err := cmd.Run(); err == nil || stderr.String() != "bnlab: standard input: not a PNG, JPEG or GIF picture; convert it first\n" {
		t.Errorf("error %v, stderr %q", err, stderr)
	}
}

// Names of files may hold what a terminal obeys; a table shows it instead.
func TestNamesOnTerminal(t *testing.T) {
	cleanEnv(t)
	t.Chdir(t.TempDir())
	const model = "\x1b[31mm\n.safetensors"
	want(t, exitDone, small("train --save m.safetensors")...)
	if err := os.Rename("m.safetensors", model); err != nil {
		t.Fatal(err)
	}
	for name, picture := range map[string][]byte{"a\x1b[2J\n.png": encodedPNG(t), "b\x9b.png": encodedPNG(t), "c\r.png": nil} {
		put(t, filepath.Join("photos", name), picture)
	}
	shown := func(text string) {
		t.Helper()
		for _, c := range []byte(text) {
			if c != '\n' && (c < ' ' || c == 0x9b && !utf8.ValidString(text)) {
				t.Errorf("%q among %.300q", c, text)
			}
		}
	}
	r := want(t, exitUsage, "predict", "--top", "1", model, "photos")
	shown(r.stdout + r.stderr)
	for _, name := range []string{`photos/a\x1b[2J\n.png`, `photos/b\x9b.png`} {
		if !strings.Contains(r.stdout, "\n "+name+" ") {
			t.Errorf("no %s in\n%s", name, r.stdout)
		}
	}
	put(t, "foreign\x1b.safetensors", saved(t, cifar.Dim, nil, 1))
	batches := filepath.Join(t.TempDir(), "black\x1b")
	if err := blackBatches(batches); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{"eval", "--figure", "f.svg", model},
		{"eval", "--dataset", "cifar10", "--data", batches, model},
		{"eval", "--input-mean", "1", model},
		{"eval", "--dataset", "synthetic", "foreign\x1b.safetensors"},
	} {
		r := want(t, exitDone, args...)
		shown(r.stdout + r.stderr)
	}
	if bytes.ContainsRune(read(t, "f.svg"), '\x1b') {
		t.Error("a figure that no reader of XML takes")
	}
	shown(want(t, exitCheck, "data", "verify", "--data", batches).stdout)
}

// encodedPNG returns a picture as a file.
func encodedPNG(t *testing.T) []byte {
	t.Helper()
	var file bytes.Buffer
	if err := png.Encode(&file, dataset.Synthetic().Test.Picture(0)); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

// Names of classes need not be of ASCII: a column is headed by whole letters.
func TestEvalHeader(t *testing.T) {
	cleanEnv(t)
	t.Chdir(t.TempDir())
	want(t, exitDone, small("train --hidden 6 --bn --save m.safetensors")...)
	m, err := modelfile.Read("m.safetensors")
	if err != nil {
		t.Fatal(err)
	}
	m.Metadata["bnlab.classes"] = strings.Replace(m.Metadata["bnlab.classes"], `"disc"`, `"größer"`, 1)
	put(t, "named.safetensors", saved(t, cifar.Dim, m.Metadata, 1))
	r := want(t, exitDone, "eval", "named.safetensors")
	if !strings.Contains(r.stdout, " größ ") || !utf8.ValidString(r.stdout) {
		t.Errorf("header:\n%.200q", r.stdout)
	}
}

// A pipe in a folder is no picture: reading it would wait for somebody to write.
func TestPicturesInFolder(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"b.PNG", "a.jpg", ".hidden.png", "notes.txt"} {
		put(t, filepath.Join(dir, name), nil)
	}
	for _, err := range []error{
		unix.Mkfifo(filepath.Join(dir, "pipe.png"), 0o600),
		os.Mkdir(filepath.Join(dir, "folder.png"), 0o700),
		os.Symlink("a.jpg", filepath.Join(dir, "link.jpg")),
		os.Symlink("nowhere", filepath.Join(dir, "lost.jpg")), // told when it is read
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	files, err := dataset.PictureFiles([]string{dir})
	for i := range files {
		files[i] = filepath.Base(files[i])
	}
	if want := []string{"a.jpg", "b.PNG", "link.jpg", "lost.jpg"}; err != nil || !slices.Equal(files, want) {
		t.Errorf("%q, error %v, want %q", files, err, want)
	}
}
