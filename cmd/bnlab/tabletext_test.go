package main

import (
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/urfave/cli/v2"

	"bnlab/cifar"
)

// A file's name that a terminal would obey stands harmless in results too.
func TestNamesInResults(t *testing.T) {
	cleanEnv(t)
	t.Chdir(t.TempDir())
	const model, picture = "m\x1b[2J.safetensors", "a\x1b[2J.png"
	want(t, exitDone, small("train --save "+model)...)
	if err := writePicture(picture, synthetic().Test.Picture(7)); err != nil {
		t.Fatal(err)
	}
	for name, line := range map[string][]string{
		`a\x1b[2J.png`:         {"predict", model, picture},
		`m\x1b[2J.safetensors`: {"eval", "--dataset", "synthetic", model},
	} {
		out := want(t, exitDone, line...).stdout
		if strings.Contains(out, "\x1b") || !strings.Contains(out, name) {
			t.Errorf("%s prints %q, want %q in it", line[0], out, name)
		}
	}
}

// The columns of eval's table are named by whole letters of their classes.
func TestClassesCutByLetters(t *testing.T) {
	var out strings.Builder
	ctx := cli.NewContext(&cli.App{Writer: &out}, nil, nil)
	data := &images{Split: cifar.Split{Name: "cifar10"}}
	printEval(ctx, data, evalReport{Classes: []string{"aééé"}, Confusion: [][]int{{1}}, PerClass: []float64{1}})
	if header := strings.Split(out.String(), "\n")[1]; !utf8.ValidString(header) || !strings.Contains(header, "aééé") {
		t.Errorf("header %q, want aééé in it", header)
	}
}

// One is told as one.
func TestStatusOfOneTrial(t *testing.T) {
	cleanEnv(t)
	dir := filepath.Join(t.TempDir(), "one")
	want(t, exitDone, append(small("sweep plan lambda --lambdas 1e-3 --seeds 1"), "--out", dir)...)
	if out := want(t, exitDone, "sweep", "status", dir).stdout; !strings.Contains(out, "1 trial in 1 unit:") {
		t.Errorf("status prints %q", out)
	}
}
