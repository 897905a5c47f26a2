package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"bnlab/blas"
	"bnlab/blas/blastest"
	"bnlab/cifar"
	"bnlab/cifar/fetch"
	"bnlab/cmd/internal/dataset"
	"bnlab/cmd/internal/machine"
)

// TestScripts runs the scripts of testdata/script, each of which holds command
// lines, their input and what they must print. Beside testscript's own commands
// there are these:
//
//	bnlab ARG…              run the program; it must end with exit code 0
//	exits CODE bnlab ARG…   the same with another exit code
//	exits CODE exec ARG…    as exec, with that exit code
//	jsonerror KIND CODE bnlab ARG…  the same with --json-errors among the arguments: an error of that kind
//	refuses bnlab ARG…      it must end with exit code 2 and one line on stderr, print nothing and write nothing
//	offers LINE WORD…       what completion offers for the last word of LINE, sorted
//	shows bnlab ARG…        run the program: whatever its exit code, it must write nothing that a terminal obeys
//	described OBJECT [FILE] stdout, or the file, must be one JSON object as docs/json.md describes OBJECT, or have one per line
//	alldescribed            the script must have described each key of the page, each null and each absence
//	count DIR N             the folder must hold N files, hidden ones too
//	serve VARIABLE          start a server of the script's files: $VARIABLE/FILE
//
// and those of scriptcommands_test.go and scriptfiles_test.go. exec finds the program too: as a process, with
// a standard input and limits of its own. Variables of the scripts are REAL, where
// CIFAR-10 lies, ORIGINAL, its digest, SCRIPTS, the folder of the project's, and ESC,
// what a terminal would obey; BNLAB_TEST_FEW names what is the synthetic set, as in
// testSets, GOMAXPROCS=N allows the program N cores, and, unless it is a process,
// FREE=N allows it N bytes of memory and ARCHIVE=FILE puts an archive in CIFAR-10's place.
func TestScripts(t *testing.T) {
	cleanEnv(t)
	scripts, err := filepath.Abs("testdata/script") // inScript changes the working folder
	if err != nil {
		t.Fatal(err)
	}
	bin := binFolder(t)
	engine, mixes := blas.Current().Name, blastest.Mixes() // here, since the scripts, which run at once, choose theirs
	testscript.Run(t, testscript.Params{
		Dir:                scripts,
		RequireUniqueNames: true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("PATH", bin+":"+env.Getenv("PATH"))
			if kernel := os.Getenv("OPENBLAS_CORETYPE"); kernel != "" { // of processes as of this one; an empty one is not as none
				env.Setenv("OPENBLAS_CORETYPE", kernel)
			}
			env.Setenv("XDG_CACHE_HOME", filepath.Join(env.WorkDir, ".tmp"))
			env.Setenv("SCRIPTS", filepath.Join(scripts, "../../../../scripts"))
			env.Setenv("REAL", realData)
			env.Setenv("ESC", escapes)
			env.Setenv("ORIGINAL", cifar.OriginalDigest)
			env.Values["seen"] = map[string]bool{}
			return nil
		},
		Condition: func(name string) (bool, error) {
			switch name {
			case "cifar10":
				return realData != "", nil
			case "openblas":
				return engine == "openblas", nil
			case "mixes":
				return mixes, nil
			case "cores":
				return runtime.NumCPU() > 1, nil
			case "mounts":
				return exec.Command("unshare", "-m", "mount", "-t", "tmpfs", "tmpfs", "/mnt").Run() == nil, nil
			}
			return false, fmt.Errorf("unknown condition %q", name)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"bnlab":        func(ts *testscript.TestScript, _ bool, args []string) { inScript(ts, exitDone, args) },
			"exits":        exits,
			"refuses":      refuses,
			"jsonerror":    jsonError,
			"offers":       offers,
			"shows":        shows,
			"when":         when,
			"unchanged":    unchanged,
			"record":       record,
			"alike":        alike,
			"described":    described,
			"alldescribed": allDescribed,
			"batches":      func(ts *testscript.TestScript, _ bool, args []string) { ts.Check(blackBatches(ts.MkAbs(args[0]))) },
			"patch":        patch,
			"net":          saveNet,
			"badinputs":    badInputs,
			"picture":      savePicture,
			"count":        count,
			"serve":        serve,
			"replace":      replace,
		},
	})
}

// realData is where CIFAR-10 lies, when the caller of the tests says so.
var realData = os.Getenv("CIFAR10_DIR")

// oneAtATime guards the working folder and the environment, of which a process
// has one.
var oneAtATime sync.Mutex

// anyCode is an exit code that is no matter.
const anyCode = -1

// inScript runs the program in the script's folder and environment.
func inScript(ts *testscript.TestScript, code int, args []string) {
	inScriptWith(ts, context.Background(), ts.Stderr(), code, args)
}

// inScriptWith is inScript with a context and what its standard error goes to.
func inScriptWith(ts *testscript.TestScript, ctx context.Context, stderr io.Writer, code int, args []string) {
	if got := codeInScript(ts, ctx, ts.Stdout(), stderr, args); got != code && code != anyCode {
		ts.Fatalf("exit code %d, want %d: %v%v", got, code, ts.Stdout(), ts.Stderr())
	}
}

func codeInScript(ts *testscript.TestScript, ctx context.Context, stdout, stderr io.Writer, args []string) (code int) {
	oneAtATime.Lock()
	defer oneAtATime.Unlock()
	home, err := os.Getwd()
	ts.Check(err)
	ts.Check(os.Chdir(ts.MkAbs(".")))
	defer os.Chdir(home)
	for _, key := range append(environment(), "PATH", "OPENBLAS_L2_SIZE", "BNLAB_LAMDA") {
		if value := ts.Getenv(key); value != "" {
			defer setenv(key, value)()
		}
	}
	if set := testSets[ts.Getenv(fewVariable)]; set != nil {
		defer func(before func() cifar.Data) { dataset.Synthetic = before }(dataset.Synthetic)
		dataset.Synthetic = set
	}
	if cores, err := strconv.Atoi(ts.Getenv("GOMAXPROCS")); err == nil {
		defer blas.SetCores(blas.SetCores(cores)) // what Go reads once, at the start
	}
	if bytes, err := strconv.Atoi(ts.Getenv("FREE")); err == nil {
		defer machine.SetFree(machine.Memory{Bytes: bytes, Of: "this test"})()
	}
	if archive := ts.Getenv("ARCHIVE"); archive != "" {
		defer func(before func() fetch.Archive) { originals = before }(originals)
		originals = func() fetch.Archive { return smallArchive(ts, archive) }
	}
	return run(ctx, append([]string{"bnlab"}, args...), os.Stdin, stdout, stderr)
}

// setenv sets a variable of the environment until restore is called.
func setenv(key, value string) (restore func()) {
	before, was := os.LookupEnv(key)
	os.Setenv(key, value)
	if was {
		return func() { os.Setenv(key, before) }
	}
	return func() { os.Unsetenv(key) }
}

func exits(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) < 3 {
		ts.Fatalf("usage: exits CODE bnlab|exec ARG…")
	}
	code, err := strconv.Atoi(args[0])
	ts.Check(err)
	if args[1] == "bnlab" {
		inScript(ts, code, args[2:])
		return
	}
	err = ts.Exec(args[2], args[3:]...)
	var exit *exec.ExitError
	if got := errors.As(err, &exit); got && exit.ExitCode() != code || !got && (err != nil || code != 0) {
		ts.Fatalf("%v, want exit code %d", err, code)
	}
}

func refuses(ts *testscript.TestScript, _ bool, args []string) {
	keepsFiles(ts, exitUsage, args)
	stdout, stderr := fmt.Sprint(ts.Stdout()), fmt.Sprint(ts.Stderr())
	line, rest, _ := strings.Cut(stderr, "\n")
	if stdout != "" || rest != "" || !strings.HasPrefix(line, "bnlab: ") {
		ts.Fatalf("want one line on stderr and nothing on stdout, got\n%s%s", stderr, stdout)
	}
}

// jsonError runs the program with --json-errors and without, and compares what it says.
func jsonError(ts *testscript.TestScript, _ bool, args []string) {
	code, err := strconv.Atoi(args[1])
	ts.Check(err)
	asked := args[3:]
	inScript(ts, code, asked)
	inScript(ts, code, slices.DeleteFunc(slices.Clone(asked), func(arg string) bool { return strings.HasPrefix(arg, "--json-errors") }))
	object, plain, _ := strings.Cut(fmt.Sprint(ts.Stderr()), "\n")
	var got, want struct {
		Error struct {
			Message string
			Code    int
			Kind    string
		}
	}
	d := json.NewDecoder(strings.NewReader(object))
	d.DisallowUnknownFields()
	ts.Check(d.Decode(&got))
	want.Error.Message = strings.TrimSuffix(strings.TrimPrefix(plain, "bnlab: "), "\n")
	want.Error.Code, want.Error.Kind = code, args[0]
	if got != want || d.More() {
		ts.Fatalf("%s\nwithout --json-errors: %s", object, plain)
	}
}

func offers(ts *testscript.TestScript, _ bool, args []string) {
	inScript(ts, exitDone, append([]string{"__complete"}, strings.Split(args[0], " ")...))
	got := regexp.MustCompile("\t.*|\n$").ReplaceAllString(fmt.Sprint(ts.Stdout()), "")
	words := strings.Split(got, "\n")
	slices.Sort(words)
	if got := strings.Join(words, " "); got != strings.Join(args[1:], " ") {
		ts.Fatalf("offered: %s", got)
	}
}

func count(ts *testscript.TestScript, _ bool, args []string) {
	entries, err := os.ReadDir(ts.MkAbs(args[0]))
	ts.Check(err)
	if fmt.Sprint(len(entries)) != args[1] {
		ts.Fatalf("%d files: %v", len(entries), entries)
	}
}
