package main

import (
	"encoding/binary"
	"fmt"
	"os"
	"strings"
	"testing"
)

// sparseModel writes a saved network of one hidden layer, all numbers 0, that takes no
// room on disk.
func sparseModel(t *testing.T, path string, units int) {
	t.Helper()
	var header strings.Builder
	at := 0
	for _, tensor := range []struct {
		name, shape string
		numbers     int
	}{
		{"0.weight", fmt.Sprint(units, ",3072"), 3072 * units}, {"0.bias", fmt.Sprint(units), units},
		{"2.weight", fmt.Sprint("10,", units), 10 * units}, {"2.bias", "10", 10},
	} {
		fmt.Fprintf(&header, `,"%s":{"dtype":"F32","shape":[%s],"data_offsets":[%d,%d]}`, tensor.name, tensor.shape, at, at+4*tensor.numbers)
		at += 4 * tensor.numbers
	}
	text := "{" + header.String()[1:] + "}"
	file := append(binary.LittleEndian.AppendUint64(nil, uint64(len(text))), text...)
	if err := os.WriteFile(path, file, 0o666); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(path, int64(len(file)+at)); err != nil {
		t.Skip(err)
	}
}

// TestModelTooLarge: what a network would take is told from the head of its file: one
// that cannot be trained here, or does not fit, is not read.
func TestModelTooLarge(t *testing.T) {
	cleanEnv(t)
	t.Chdir(t.TempDir())
	sparseModel(t, "giant.safetensors", 300000)
	sparseModel(t, "large.safetensors", 60000)
	allow(t, 4e9)
	for _, command := range []string{"eval --dataset synthetic %s", "predict %s -"} {
		r := want(t, exitUsage, strings.Fields(fmt.Sprintf(command, "giant.safetensors"))...)
		if r.stderr != "bnlab: giant.safetensors: bad saved network: hidden: layer 1 has 300000 units, give 1 to 65536 (it would take 24 GB of memory); give a network that `bnlab train --save` wrote\n" {
			t.Error(r.stderr)
		}
		r = want(t, exitUsage, strings.Fields(fmt.Sprintf(command, "large.safetensors"))...)
		if r.stderr != "bnlab: large.safetensors: the network takes 4.8 GB of memory, this process may take 4 GB (free of this test); give a smaller one\n" {
			t.Error(r.stderr)
		}
	}
}
