package main

import (
	"bytes"
	"fmt"
	"image"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"bnlab/blas"
)

// outOfMemory is the line where a limit of the process is used up.
var outOfMemory = regexp.MustCompile(`^bnlab: .* (takes|needs|may use) [\d.]+ GB of .*ulimit -[vd].*; .*\n$`)

// TestAddressSpace: under any limit of address space or data a command that
// multiplies runs, or ends with one line that names the limit. From one gigabyte on
// it is OpenBLAS that is short, below it is Go's runtime, before main.
func TestAddressSpace(t *testing.T) {
	if testing.Short() || runtime.GOOS != "linux" || runtime.GOARCH != "amd64" && runtime.GOARCH != "arm64" || blas.Current().Name != "openblas" {
		t.Skip("needs Linux, OpenBLAS, and no race detector, whose shadow takes more than all limits here")
	}
	cleanEnv(t)
	t.Chdir(t.TempDir())
	give(t, few())
	const tiny = " --dataset synthetic --val 100 --ns 5 --cycles 1 --batch 20 --evals 1"
	want(t, exitDone, strings.Fields("train --save m.safetensors"+tiny)...)
	want(t, exitDone, strings.Fields("sweep plan compare --depth 2 --seeds 1 --out plan"+tiny)...)
	if err := writePicture("cat.png", image.NewGray(image.Rect(0, 0, 9, 9))); err != nil {
		t.Fatal(err)
	}
	limits := []string{"-v 400000", "-v 1000000", "-v 1600000", "-d 200000"}
	for i := range times(0, 20) { // a fine ladder, for make torture
		limits = append(limits, fmt.Sprintf("-v %d", 130000+100000*i))
	}
	for command, shown := range map[string]string{ // where it runs
		"compare --quiet --depth 2 --seeds 1" + tiny:                                                       "2-layer",
		"search --quiet --stage coarse" + tiny:                                                             "lambda=",
		"sigma --quiet --sigmas 1e-2 --seeds 1" + tiny:                                                     "sigma=0.01",
		"reproduce --quiet --depth 2 --points 2 --out r" + tiny:                                            "sigma=0.1",
		"sweep run --quiet --dataset synthetic --threads 2 plan":                                           "plan: ",
		"gradcheck --dataset synthetic --depth 2 --sample 1":                                               "2-layer",
		"eval --dataset synthetic m.safetensors":                                                           "These numbers are of the synthetic set",
		"predict m.safetensors cat.png":                                                                    "The network was trained on the synthetic set",
		"bench --dataset synthetic --rounds 1 --val 100 --train-size 400 --test-size 50 --ns 5 --batch 20": "peak",
	} {
		for _, limit := range limits {
			underLimit(t, limit, command, shown)
		}
	}
	for _, limit := range append(limits, "-v 150000", "-v 1300000", "-v 1450000", "-v 1800000", "-v 2100000") {
		underLimit(t, limit, "train --quiet"+tiny, "These numbers are of the synthetic set")
	}
}

// TestAddressSpaceAtStart: where the libraries can be loaded, but OpenBLAS has no space for
// its threads, it is the program that says so. Below that it is the system's loader.
func TestAddressSpaceAtStart(t *testing.T) {
	if testing.Short() || runtime.GOOS != "linux" || runtime.GOARCH != "amd64" && runtime.GOARCH != "arm64" || blas.Current().Name != "openblas" {
		t.Skip("needs Linux and OpenBLAS, as TestAddressSpace does")
	}
	for limit := 80_000; limit <= 140_000; limit += 1000 {
		out, err := shellCommand(t, fmt.Sprintf("ulimit -v %d && exec bnlab --version", limit)).CombinedOutput()
		if err != nil && !outOfMemory.Match(out) && !bytes.Contains(out, []byte("error while loading shared libraries")) {
			t.Errorf("ulimit -v %d: %v, %.300q", limit, err, out)
		}
	}
}

func underLimit(t *testing.T, limit, command, shown string) {
	t.Helper()
	cmd := shellCommand(t, "ulimit "+limit+" && exec bnlab "+command)
	if strings.HasPrefix(command, "gradcheck") {
		cmd.Env = append(cmd.Env, fewVariable+"=") // it wants more images than few
	}
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	cmd.Run()
	switch code := cmd.ProcessState.ExitCode(); {
	case code == exitDone && strings.Contains(stdout.String(), shown):
	case (code == exitFailed || code == exitUsage) && outOfMemory.Match(stderr.Bytes()) && strings.Count(stderr.String(), "\n") == 1:
	default:
		t.Errorf("ulimit %s; bnlab %s: exit code %d, stdout %.200q, stderr %.1000q", limit, command, code, stdout.String(), stderr.String())
	}
}
