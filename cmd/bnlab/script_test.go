package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/testscript"

	"bnlab/blas"
	"bnlab/cifar"
	"bnlab/model"
)

// TestScripts runs the scripts of testdata/script, each of which holds command
// lines, their input and what they must print. Beside testscript's own commands
// there are these:
//
//	bnlab ARG…              run the program; it must end with exit code 0
//	exits CODE bnlab ARG…   the same with another exit code
//	refuses bnlab ARG…      it must end with exit code 2 and one line on stderr, print nothing and write nothing
//	described OBJECT        stdout must be one JSON object as docs/json.md describes OBJECT
//	batches DIR             write CIFAR-10's six files, all images black
//	patch FILE WHAT…        change FILE: size=N cuts or fills up with zeros, OFFSET=BYTE sets a byte
//	net FILE IN HIDDEN      save a new network, without metadata
//	picture FILE W H        write a picture as PNG, JPEG or GIF, by its extension
//	count DIR N             the folder must hold N files, hidden ones too
func TestScripts(t *testing.T) {
	cleanEnv(t)
	scripts, err := filepath.Abs("testdata/script") // inScript changes the working folder
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                scripts,
		RequireUniqueNames: true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("XDG_CACHE_HOME", filepath.Join(env.WorkDir, ".tmp"))
			env.Setenv("REAL", realData)
			return nil
		},
		Condition: func(name string) (bool, error) {
			switch name {
			case "cifar10":
				return realData != "", nil
			case "openblas":
				return blas.Current().Name == "openblas", nil
			}
			return false, fmt.Errorf("unknown condition %q", name)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"bnlab":   func(ts *testscript.TestScript, _ bool, args []string) { inScript(ts, exitDone, args) },
			"exits":   exits,
			"refuses": refuses,
			"described": func(ts *testscript.TestScript, _ bool, args []string) {
				readJSONPage(scriptReporter{ts}).text(args[0], args[0], ts.ReadFile("stdout"))
			},
			"batches": func(ts *testscript.TestScript, _ bool, args []string) { ts.Check(blackBatches(ts.MkAbs(args[0]))) },
			"patch":   patch,
			"net":     saveNet,
			"picture": savePicture,
			"count":   count,
		},
	})
}

// realData is where CIFAR-10 lies, when the caller of the tests says so.
var realData = os.Getenv("CIFAR10_DIR")

// oneAtATime guards the working folder and the environment, of which a process
// has one.
var oneAtATime sync.Mutex

// inScript runs the program in the script's folder and environment.
func inScript(ts *testscript.TestScript, code int, args []string) {
	oneAtATime.Lock()
	defer oneAtATime.Unlock()
	home, err := os.Getwd()
	ts.Check(err)
	ts.Check(os.Chdir(ts.MkAbs(".")))
	defer os.Chdir(home)
	for _, key := range environment() {
		if value := ts.Getenv(key); value != "" {
			os.Setenv(key, value)
			defer os.Unsetenv(key)
		}
	}
	if cores, err := strconv.Atoi(ts.Getenv("GOMAXPROCS")); err == nil {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(cores)) // which Go reads once, at the start
	}
	got := run(context.Background(), append([]string{"bnlab"}, args...), os.Stdin, ts.Stdout(), ts.Stderr())
	if got != code {
		ts.Fatalf("exit code %d, want %d: %v%v", got, code, ts.Stdout(), ts.Stderr())
	}
}

func exits(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) < 2 || args[1] != "bnlab" {
		ts.Fatalf("usage: exits CODE bnlab ARG…")
	}
	code, err := strconv.Atoi(args[0])
	ts.Check(err)
	inScript(ts, code, args[2:])
}

func refuses(ts *testscript.TestScript, _ bool, args []string) {
	before := listing(ts, ts.MkAbs("."))
	inScript(ts, exitUsage, args[1:])
	stdout, stderr := fmt.Sprint(ts.Stdout()), fmt.Sprint(ts.Stderr())
	line, rest, _ := strings.Cut(stderr, "\n")
	if stdout != "" || rest != "" || !strings.HasPrefix(line, "bnlab: ") {
		ts.Fatalf("want one line on stderr and nothing on stdout, got\n%s%s", stderr, stdout)
	}
	if diff := cmp.Diff(before, listing(ts, ts.MkAbs("."))); diff != "" {
		ts.Fatalf("the folder has changed:\n%s", diff)
	}
}

// listing returns size and time of every file below dir.
func listing(ts *testscript.TestScript, dir string) map[string]string {
	files := map[string]string{}
	ts.Check(filepath.Walk(dir, func(path string, info os.FileInfo, err error) error {
		if err == nil {
			files[path] = fmt.Sprint(info.Mode(), info.Size(), info.ModTime())
		}
		return err
	}))
	return files
}

func count(ts *testscript.TestScript, _ bool, args []string) {
	entries, err := os.ReadDir(ts.MkAbs(args[0]))
	ts.Check(err)
	if fmt.Sprint(len(entries)) != args[1] {
		ts.Fatalf("%d files: %v", len(entries), entries)
	}
}

// scriptReporter ends a script at its first error.
type scriptReporter struct{ *testscript.TestScript }

func (r scriptReporter) Errorf(format string, args ...any) { r.Fatalf(format, args...) }

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

func saveNet(ts *testscript.TestScript, _ bool, args []string) {
	in, err := strconv.Atoi(args[1])
	ts.Check(err)
	var hidden []int
	ts.Check(json.Unmarshal([]byte("["+args[2]+"]"), &hidden))
	net, err := model.New[float32](model.Spec{In: in, Hidden: hidden, Out: cifar.Classes, Nets: 1, BatchNorm: 1, MaxRows: 1})
	ts.Check(err)
	ts.Check(net.Init(0, model.He, 0, 1))
	f, err := os.Create(ts.MkAbs(args[0]))
	ts.Check(err)
	ts.Check(net.Save(f, 0, nil))
	ts.Check(f.Close())
}
