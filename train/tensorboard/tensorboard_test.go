package tensorboard

import (
	"encoding/binary"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"bnlab/train"
	"bnlab/train/experiment"
)

// What TensorBoard's own Python package (2.20) writes for the head of a file and
// for one point, at 1700000000.25 seconds.
const (
	wantHead = "1800000000000000a37f4b220900001040fc54d9411a0d627261696e2e4576656e743a32338d2fe9" +
		"0d000000000000003c37b8340900001040fc54d9413a0208018c8e54cd"
	wantPoint = "8f000000000000006eebe2ec0900001040fc54d94110c2032a80010a110a0a6c6f73732f747261696e150000c03f" +
		"0a0f0a086c6f73732f76616c150000d03f0a110a0a636f73742f747261696e15000020400a0f0a08636f73742f76616c1500002840" +
		"0a150a0e61636375726163792f747261696e150000e03e0a130a0c61636375726163792f76616c150000c03e0a0a0a0365746115cdcccc3d89f05916"
)

var somePoint = train.Point{Step: 450, Epoch: 1, Eta: 0.1, Metrics: train.Metrics{
	TrainLoss: 1.5, ValLoss: 1.625, TrainCost: 2.5, ValCost: 2.625, TrainAcc: 0.4375, ValAcc: 0.375}}

func TestBytes(t *testing.T) {
	now := time.UnixMilli(1700000000250)
	for _, c := range []struct {
		what, want string
		got        []byte
	}{{"head", wantHead, head(now)}, {"point", wantPoint, point(now, somePoint)}} {
		if got := hex.EncodeToString(c.got); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.what, got, c.want)
		}
	}
}

// told is an observer that notes the calls.
type told []string

func (o *told) Start(trials []experiment.Trial)     { *o = append(*o, "start") }
func (o *told) Progress([]experiment.Trial, int)    { *o = append(*o, "progress") }
func (o *told) Point(experiment.Trial, train.Point) { *o = append(*o, "point") }
func (o *told) Done([]experiment.Outcome)           { *o = append(*o, "done") }
func (o *told) Reached([]experiment.Trial)          { *o = append(*o, "reached") }
func (o *told) Paused([]experiment.Trial)           { *o = append(*o, "paused") }
func (o *told) Taken([]experiment.Trial)            { *o = append(*o, "taken") }
func (o *told) Waiting([]experiment.Claim)          { *o = append(*o, "waiting") }

// events returns the sizes of the records of the only file in dir.
func events(t *testing.T, dir string) (sizes []uint64) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "events.out.tfevents.*"))
	if err != nil || len(files) != 1 {
		t.Fatalf("files %v, %v", files, err)
	}
	raw, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	for len(raw) > 0 {
		n := binary.LittleEndian.Uint64(raw)
		sizes, raw = append(sizes, n), raw[16+n:]
	}
	return sizes
}

// TestLog runs two trials side by side, one of which never ends.
func TestLog(t *testing.T) {
	dir := t.TempDir()
	var observer told
	l := &Log{Observer: &observer, Dir: func(t experiment.Trial) string { return filepath.Join(dir, "runs", t.ID) }}
	a, b := experiment.Trial{ID: "a"}, experiment.Trial{ID: "b"}
	l.Start([]experiment.Trial{a, b})
	l.Progress([]experiment.Trial{a, b}, 25)
	l.Point(a, somePoint)
	l.Point(b, somePoint)
	l.Point(a, somePoint)
	if diff := cmp.Diff([]uint64{24, 13, 143, 143}, events(t, l.Dir(a))); diff != "" {
		t.Errorf("while a trains (-want +got):\n%s", diff)
	}
	l.Done([]experiment.Outcome{{Trial: a}})
	l.Point(a, somePoint)
	l.Point(b, somePoint)
	if err := l.Close(); err != nil || len(l.files) != 0 {
		t.Errorf("%v, %d files open", err, len(l.files))
	}
	for trial, want := range map[string][]uint64{"a": {24, 13, 143, 143}, "b": {24, 13, 143, 143}} {
		if diff := cmp.Diff(want, events(t, filepath.Join(dir, "runs", trial))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", trial, diff)
		}
	}
	if diff := cmp.Diff(strings.Fields("start progress point point point done point point"), []string(observer)); diff != "" {
		t.Errorf("passed on (-want +got):\n%s", diff)
	}
}

// TestLogAgain asserts that a restarted trial keeps its first file and gets a second,
// later in the order of names.
func TestLogAgain(t *testing.T) {
	dir := t.TempDir()
	list := func() []string {
		names, err := filepath.Glob(filepath.Join(dir, "*"))
		if err != nil {
			t.Fatal(err)
		}
		return names
	}
	var before []string
	for n := 1; n <= 3; n++ {
		l := &Log{Observer: new(told), Dir: func(experiment.Trial) string { return dir }}
		l.Start([]experiment.Trial{{ID: "a"}})
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
		now := list()
		if len(now) != n || !slices.Equal(now[:n-1], before) {
			t.Fatalf("before %v, now %v", before, now)
		}
		before = now
	}
}

// TestLogBroken asserts that an error ends the writing and nothing else.
func TestLogBroken(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	os.WriteFile(path, nil, 0o600)
	var observer told
	l := &Log{Observer: &observer, Dir: func(experiment.Trial) string { return filepath.Join(path, "inside") }}
	a := experiment.Trial{ID: "a"}
	l.Start([]experiment.Trial{a})
	l.Point(a, somePoint)
	l.Done([]experiment.Outcome{{Trial: a}})
	if err := l.Close(); err == nil || !strings.HasPrefix(err.Error(), path) {
		t.Error(err)
	}
	if len(observer) != 3 {
		t.Errorf("passed on: %v", observer)
	}

	l = &Log{Observer: &observer, Dir: func(experiment.Trial) string { return t.TempDir() }}
	l.Start([]experiment.Trial{a})
	l.files["a"].Close()
	l.Point(a, somePoint)
	if err := l.Close(); !errors.Is(err, fs.ErrClosed) || strings.Count(err.Error(), "events.out") != 1 {
		t.Error(err)
	}
}
