package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"bnlab/train/message"
)

// escapes are what a terminal obeys: control sequences in seven and in eight bits, a
// mark that turns the direction of writing, and no text at all.
const escapes = "\x1b[2J\u009b2J\u202e\a\r"

// shown asserts that the program has written nothing for a terminal to obey.
func shown(t *testing.T, r result, args ...string) {
	t.Helper()
	for name, text := range map[string]string{"stdout": r.stdout, "stderr": r.stderr} {
		if plain := strings.ReplaceAll(text, "\n", ""); !message.Printable(plain) {
			t.Errorf("%.80q writes to %s, with exit code %d:\n%q", args, name, r.code, text)
		}
	}
}

// shows runs the program and asserts that.
func shows(t *testing.T, args ...string) {
	t.Helper()
	shown(t, call(t.Context(), args...), args...)
}

// Whatever the names of folders and files are, a terminal shows them and no more.
func TestHostileNames(t *testing.T) {
	cleanEnv(t)
	dir := filepath.Join(t.TempDir(), "d"+escapes)
	run, saved, picture := filepath.Join(dir, "run"+escapes), filepath.Join(dir, "m"+escapes+".safetensors"), filepath.Join(dir, "p"+escapes+".png")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	shows(t, append(small("sweep plan compare --depth 2 --seeds 1"), "--out", run)...)
	shows(t, append(small("sweep plan compare --depth 3 --seeds 1"), "--out", run)...)
	shows(t, "sweep", "status", run)
	shows(t, "sweep", "collect", run)
	shows(t, "sweep", "submit", "--out", run)
	shows(t, append(small("compare --depth 2 --seeds 1"), "--out", run)...)
	for _, args := range []string{"sweep status", "sweep status --json", "sweep collect --json", "sweep collect --csv", "report --json"} {
		shows(t, append(strings.Fields(args), run)...)
	}
	shows(t, "report", "--out", filepath.Join(dir, "both"), run, dir)

	f, err := os.Create(picture)
	if err := errors.Join(err, png.Encode(f, image.NewGray(image.Rect(0, 0, 32, 32))), f.Close()); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		shows(t, append(small("train --resume"), "--save", saved)...)
	}
	shows(t, append(small("train --resume --lambda 0.5"), "--save", saved)...)
	shows(t, "eval", "--dataset", "synthetic", "--figure", saved+".svg", "--mistakes", saved+".png", "--logits", saved+".npy", saved)
	shows(t, "eval", "--json", "--dataset", "synthetic", saved)
	shows(t, "predict", saved, picture, saved)
	shows(t, "predict", "--json", saved, picture)
	shows(t, "data", "verify", "--data", dir)
	shows(t, "data", "fetch", "--data", saved)
	shows(t, "train", "--config", saved)
	shows(t, "train", "--"+escapes)
	shows(t, escapes)
	t.Setenv("OPENBLAS_L2_SIZE", escapes)
	shows(t, "info", "--data", dir)
	t.Setenv("BNLAB_HIDDEN", escapes)
	shows(t, "train")
}

// Whatever stands in a plan or a record, a terminal shows it and no more: string by
// string, without the checksum, as somebody would who has written the file.
func TestHostileRecords(t *testing.T) {
	cleanEnv(t)
	dir := filepath.Join(t.TempDir(), "run")
	want(t, exitDone, append(small("compare --depth 2 --seeds 1"), "--out", dir)...)
	records, err := filepath.Glob(filepath.Join(dir, "trials", "*", "result.json"))
	if err != nil || len(records) != 2 {
		t.Fatalf("%v, error %v", records, err)
	}
	strings := 0
	for _, path := range []string{filepath.Join(dir, "plan.json"), records[0]} {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for i := 0; ; i++ {
			changed, found := spoiled(t, text, func(j int) bool { return i == j })
			if !found {
				break
			}
			strings++
			if err := os.WriteFile(path, changed, 0o644); err != nil {
				t.Fatal(err)
			}
			shows(t, "sweep", "status", dir)
			shows(t, "sweep", "collect", dir)
		}
		changed, _ := spoiled(t, text, func(int) bool { return true })
		for _, v := range [][]byte{changed, text} { // in the end as it was
			if err := os.WriteFile(path, v, 0o644); err != nil {
				t.Fatal(err)
			}
			shows(t, "report", dir)
			shows(t, "sweep", "run", dir)
		}
	}
	if strings < 15 {
		t.Errorf("%d strings: this test looks at too little", strings)
	}
}

// spoiled returns a text of JSON without its checksum and with the escapes text after
// the strings, counted as they come, that are to be changed, and whether there are any.
func spoiled(t *testing.T, text []byte, which func(i int) bool) (changed []byte, found bool) {
	t.Helper()
	var v map[string]any
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatal(err)
	}
	delete(v, "sha256")
	n := 0
	var walk func(v any) any
	walk = func(v any) any {
		switch v := v.(type) {
		case string:
			n++
			if which(n - 1) {
				found = true
				return fmt.Sprint(v, escapes)
			}
		case map[string]any:
			var keys []string
			for key := range v {
				keys = append(keys, key)
			}
			slices.Sort(keys)
			for _, key := range keys {
				v[key] = walk(v[key])
			}
		case []any:
			for i := range v {
				v[i] = walk(v[i])
			}
		}
		return v
	}
	walk(v)
	changed, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return changed, found
}
