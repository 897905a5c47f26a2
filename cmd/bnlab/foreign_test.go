package main

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"bnlab/cifar"
	"bnlab/cmd/internal/modelfile"
	"bnlab/cmd/internal/results"
	"bnlab/model"
)

// TestNpy holds a file against what numpy.save wrote.
func TestNpy(t *testing.T) {
	for bits, want := range map[int]string{
		32: "0000803f0000004000004040000080be000000000000a040",
		64: "000000000000f03f00000000000000400000000000000840000000000000d0bf00000000000000000000000000001440",
	} {
		got := modelfile.NPY([][]float64{{1, 2, 3}, {-0.25, 0, 5}}, bits)
		header, numbers := string(got[:128]), got[128:]
		start := "\x93NUMPY\x01\x00v\x00{'descr': '<f" + map[int]string{32: "4", 64: "8"}[bits] + "', 'fortran_order': False, 'shape': (2, 3), }"
		if strings.TrimRight(header, " \n") != start || header[127] != '\n' {
			t.Errorf("header %q", header)
		}
		if hex.EncodeToString(numbers) != want {
			t.Errorf("%d bits: %x, want %s", bits, numbers, want)
		}
	}
}

// foreignFile saves a new network without metadata, as PyTorch does.
func foreignFile(t *testing.T) string {
	t.Helper()
	net, err := model.New[float64](model.Spec{In: cifar.Dim, Hidden: []int{20}, Out: cifar.Classes, Nets: 1, BatchNorm: 1, MaxRows: 1})
	if err != nil {
		t.Fatal(err)
	}
	if err := net.Init(0, model.He, 0, 1); err != nil {
		t.Fatal(err)
	}
	for _, tensor := range net.Tensors(0) {
		if tensor.Kind == model.RunVar {
			for i := range tensor.Data {
				tensor.Data[i] = 1
			}
		}
	}
	var file bytes.Buffer
	if err := net.Save(&file, 0, nil); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "torch.safetensors")
	if err := os.WriteFile(path, file.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// evalLoss runs eval with further flags and returns the loss and stderr.
func evalLoss(t *testing.T, path string, flags ...string) (float64, string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	args := append([]string{"bnlab", "eval", "--dataset", "synthetic", "--json"}, flags...)
	if code := run(context.Background(), append(args, path), os.Stdin, &stdout, &stderr); code != exitDone {
		t.Fatalf("%v: exit code %d: %s", flags, code, stderr.String())
	}
	var r results.Eval
	if err := json.Unmarshal(stdout.Bytes(), &r); err != nil {
		t.Fatal(err)
	}
	return r.Loss, stderr.String()
}

// TestForeign asserts what the flags for files of other programs do to the loss.
func TestForeign(t *testing.T) {
	cleanEnv(t)
	path := foreignFile(t)
	const note = "holds no means and deviations of its training images; those of SYNTHETIC set, not CIFAR-10 are taken"
	plain, told := evalLoss(t, path)
	if !strings.Contains(told, note) {
		t.Errorf("no note: %s", told)
	}
	eps, _ := evalLoss(t, path, "--bn-eps", "0.5")
	grey, told := evalLoss(t, path, "--input-mean", "0.5", "--input-std", "0.25")
	colours, _ := evalLoss(t, path, "--input-mean", "0.5,0.5,0.5", "--input-std", "0.25 0.25 0.25")
	green, _ := evalLoss(t, path, "--input-mean", "0.5,0.6,0.5", "--input-std", "0.25")
	raw, _ := evalLoss(t, path, "--input-mean", "0", "--input-std", "1")
	if grey != colours || strings.Contains(told, note) {
		t.Errorf("one number: loss %g, three: %g, %s", grey, colours, told)
	}
	seen := map[float64]bool{}
	for _, loss := range []float64{plain, eps, grey, green, raw} {
		seen[math.Round(loss*1e9)] = true
	}
	if len(seen) != 5 {
		t.Errorf("losses %g %g %g %g %g: a flag has no effect", plain, eps, grey, green, raw)
	}
}

// TestForeignInput asserts what the network is given.
func TestForeignInput(t *testing.T) {
	cleanEnv(t)
	path := foreignFile(t)
	for _, flags := range [][]string{
		{"--input-mean", "0.5"},
		{"--input-std", "0.5"},
		{"--input-mean", "0.5,0.5", "--input-std", "1"},
		{"--input-mean", "grey", "--input-std", "1"},
		{"--input-std", "0", "--input-mean", "0.5"},
		{"--input-mean", "NaN", "--input-std", "1"},
		{"--bn-eps", "-1"},
	} {
		var stdout, stderr bytes.Buffer
		args := append([]string{"bnlab", "eval", "--dataset", "synthetic"}, append(flags, path)...)
		if code := run(context.Background(), args, os.Stdin, &stdout, &stderr); code != exitUsage || !strings.HasPrefix(stderr.String(), "bnlab: "+flags[0]) || stdout.Len() > 0 {
			t.Errorf("%v: exit code %d: %s", flags, code, stderr.String())
		}
	}
}
