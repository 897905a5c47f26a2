package claim

import (
	"bytes"
	"errors"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
	"unicode"

	"bnlab/train/atomicfile"
)

// timing sets the two times for a test.
func timing(t *testing.T, beat, patience time.Duration) {
	b, p := Beat, Patience
	Beat, Patience = beat, patience
	t.Cleanup(func() { Beat, Patience = b, p })
}

// must ends the test at the first error.
func must(t *testing.T, errs ...error) {
	t.Helper()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
}

// file returns the path of a claim that does not exist.
func file(t *testing.T) string { return filepath.Join(t.TempDir(), "claim") }

func read(t *testing.T, path string) []byte {
	t.Helper()
	content, err := os.ReadFile(path)
	must(t, err)
	return content
}

// of returns the claim of a process, with some token.
func of(h Holder) Claim { return Claim{Format: Format, Token: "another", Holder: h} }

// far is a process of another machine.
var far = Holder{Host: "far", Machine: "another boot", Process: 7, Started: "8"}

// until waits until done says so.
func until(t *testing.T, done func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !done(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("waited in vain")
		}
	}
}

// TestHeld: of two one holds a claim, whose file tells how far it is in each beat, and is
// gone in the end.
func TestHeld(t *testing.T) {
	timing(t, 5*time.Millisecond, time.Hour)
	w, other := &Watch{Path: file(t)}, &Watch{}
	other.Path = w.Path
	h, err := w.Try(100, func() { t.Error("lost") })
	must(t, err)
	if second, err := other.Try(100, nil); second != nil || !errors.Is(err, fs.ErrExist) {
		t.Fatalf("held twice: error %v", err)
	}
	if c := other.Claim(); c.Holder != self() || c.Of != 100 || c.Steps != 0 || c.Process != os.Getpid() {
		t.Errorf("at the start: %+v", c)
	}
	h.Progress(40)
	h.Progress(90)
	until(t, func() bool {
		state, err := other.Look()
		must(t, err)
		if n := len(read(t, w.Path)); state != Alive || n != size {
			t.Fatalf("state %v, %d bytes", state, n)
		}
		c := other.Claim()
		return c.Beat > 2 && c.Steps == 90 && c.StepsPerSecond > 0 && c.StepsPerSecond < 50/(2*Beat.Seconds())
	})
	if !h.Mine() {
		t.Error("it is lost")
	}
	h.Release()
	if state, err := other.Look(); state != None || err != nil {
		t.Errorf("released: state %v, error %v", state, err)
	}
	h, err = other.Try(1, nil)
	must(t, err)
	h.Release()
}

// TestLost: a claim that is another's, or gone, is lost, once, and left alone.
func TestLost(t *testing.T) {
	timing(t, 5*time.Millisecond, time.Hour)
	for name, change := range map[string]func(path string) error{
		"another's": func(path string) error {
			must(t, os.Rename(path, path+".away"))
			return os.WriteFile(path, of(far).encode(), 0o666)
		},
		"garbage": func(path string) error { return os.WriteFile(path, []byte("x"), 0o666) },
		"gone":    os.Remove,
	} {
		t.Run(name, func(t *testing.T) {
			var lost atomic.Int32
			w := &Watch{Path: file(t)}
			h, err := w.Try(1, func() { lost.Add(1) })
			must(t, err, change(w.Path))
			until(t, func() bool { return lost.Load() > 0 })
			before, there := os.ReadFile(w.Path)
			if h.Mine() {
				t.Error("it is not lost")
			}
			h.Release()
			after, still := os.ReadFile(w.Path)
			if lost.Load() != 1 || !bytes.Equal(before, after) || (there == nil) != (still == nil) {
				t.Errorf("lost %d times, the file was %.20q, is %.20q, %v", lost.Load(), before, after, still)
			}
		})
	}
}

// TestLate: a process that could not beat in time looks before it says that the claim is
// its own; one that did does not.
func TestLate(t *testing.T) {
	timing(t, time.Hour, time.Hour)
	w := &Watch{Path: file(t)}
	h, err := w.Try(1, func() {})
	must(t, err, os.WriteFile(w.Path, of(far).encode(), 0o666))
	if !h.Mine() {
		t.Error("looked, though in time")
	}
	h.beaten = time.Now().Add(-2 * Beat)
	if h.Mine() {
		t.Error("late, and did not look")
	}
	h.Release()
	if !bytes.Equal(read(t, w.Path), of(far).encode()) {
		t.Error("another's claim is changed")
	}
}

// TestOwnFile: a beat goes to the file that was claimed, or nowhere.
func TestOwnFile(t *testing.T) {
	timing(t, time.Hour, time.Hour)
	w := &Watch{Path: file(t)}
	h, err := w.Try(1, func() {})
	must(t, err)
	away := w.Path + ".away"
	must(t, os.Rename(w.Path, away), os.WriteFile(w.Path, of(far).encode(), 0o666))
	if h.confirm() || !bytes.Equal(read(t, w.Path), of(far).encode()) || bytes.Contains(read(t, away), []byte(`"beat":1`)) {
		t.Errorf("%q", read(t, w.Path))
	}
	h.Release()
}

// TestPutBack: a claim that is gone for a moment is not lost.
func TestPutBack(t *testing.T) {
	timing(t, 10*time.Second, time.Hour) // it looks again after a fifth of a second
	w := &Watch{Path: file(t)}
	h, err := w.Try(1, func() {})
	must(t, err, os.Rename(w.Path, w.Path+".away"))
	go func() {
		time.Sleep(20 * time.Millisecond)
		os.Link(w.Path+".away", w.Path)
	}()
	if !h.confirm() {
		t.Error("lost")
	}
	h.Release()
}

// TestHolder: the process of a claim is dead only if this machine knows.
func TestHolder(t *testing.T) {
	me := self()
	if me.Machine == "" || me.Started == "" {
		t.Skip("this system does not tell its boot")
	}
	child := exec.Command("sleep", "1000")
	must(t, child.Start())
	alive := Holder{me.Host, me.Machine, child.Process.Pid, ""}
	alive.Started, _ = stat(alive.Process)
	reused, elsewhere, container, unknown := alive, alive, alive, alive
	reused.Started = "1"
	elsewhere.Machine, elsewhere.Started = "another boot", "1"
	container.Host, container.Started = "another", "1"
	unknown.Machine, unknown.Started = "", "1"
	for h, dead := range map[Holder]bool{me: false, alive: false, reused: true, elsewhere: false, container: false, unknown: false, {}: false} {
		if h.Dead() != dead {
			t.Errorf("%+v: dead %v", h, h.Dead())
		}
	}
	must(t, child.Process.Signal(syscall.SIGSTOP))
	if alive.Dead() {
		t.Error("one that is stopped is dead")
	}
	must(t, child.Process.Kill())
	until(t, alive.Dead) // nobody has waited for it yet
	child.Wait()
	if !alive.Dead() {
		t.Error("one that is gone is not dead")
	}
	alive.Machine = "another boot"
	if alive.Dead() {
		t.Error("a process of another machine is dead")
	}
}

// TestAbandoned: a claim of another machine is abandoned when it was seen unchanged for a
// while, by a process that looked all the time; its clock does not matter.
func TestAbandoned(t *testing.T) {
	timing(t, time.Minute, 5*time.Minute)
	w, c := &Watch{Path: file(t)}, of(far)
	c.Since = time.Now().AddDate(-1, 0, 0)
	look := func(want State, later time.Duration) {
		t.Helper()
		w.looked = w.looked.Add(-later)
		if state, err := w.Look(); state != want || err != nil {
			t.Errorf("%v later: state %v, error %v, unchanged for %v", later, state, err, w.unchanged)
		}
	}
	look(None, 0)
	must(t, os.WriteFile(w.Path, c.encode(), 0o666))
	must(t, os.Chtimes(w.Path, c.Since, c.Since))
	look(Alive, 0)
	look(Alive, time.Minute)
	look(Alive, time.Hour) // it was not looked at: two minutes
	look(Alive, time.Minute)
	c.Beat++
	must(t, os.WriteFile(w.Path, c.encode(), 0o666))
	look(Alive, time.Minute)
	if w.Unchanged() != 0 {
		t.Errorf("it has changed, and is unchanged for %v", w.Unchanged())
	}
	look(Alive, 2*time.Minute)
	look(Alive, 2*time.Minute)
	look(Abandoned, time.Minute)
	must(t, os.Remove(w.Path))
	look(None, 0)
	must(t, os.WriteFile(w.Path, c.encode(), 0o666))
	look(Alive, time.Hour)
}

// TestForeignContent: what is no claim, or one of a later version, is waited for, and
// then taken, like a claim of an unknown process.
func TestForeignContent(t *testing.T) {
	timing(t, time.Millisecond, 5*time.Millisecond)
	later := of(far)
	later.Format = Format + 1
	nobody, hostile, fast, ahead := of(far), of(far), of(far), of(far)
	nobody.Process, hostile.Host, fast.StepsPerSecond, ahead.Steps = 0, "\x1b[2J", -1, 5
	for name, content := range map[string][]byte{
		"empty": nil, "garbage": {0, 1, 2}, "text": []byte("mine!\n"), "huge": bytes.Repeat([]byte("x"), 1<<20), "cut": of(far).encode()[:20],
		"later": later.encode(), "nobody": nobody.encode(), "hostile": hostile.encode(), "fast": fast.encode(), "ahead": ahead.encode(),
		"list": []byte("[]"), "deep": bytes.Repeat([]byte("["), 1<<20),
	} {
		t.Run(name, func(t *testing.T) {
			w := &Watch{Path: file(t)}
			must(t, os.WriteFile(w.Path, content, 0o666))
			if h, err := w.Try(1, nil); h != nil || !errors.Is(err, fs.ErrExist) {
				t.Fatalf("error %v", err)
			}
			if w.Claim() != (Claim{}) || w.Claim().String() != "an unknown process" {
				t.Errorf("%+v", w.Claim())
			}
			until(t, func() bool {
				state, err := w.Look()
				must(t, err)
				return state == Abandoned
			})
			must(t, w.Take())
			h, err := w.Try(1, func() { t.Error("lost") })
			must(t, err)
			h.Release()
			if left, _ := filepath.Glob(w.Path + "*"); len(left) > 0 {
				t.Errorf("left %v", left)
			}
		})
	}
}

// TestNoFile: a link is refused by name, as is what is not a file; where no claim can be
// made there is none.
func TestNoFile(t *testing.T) {
	for name, make := range map[string]func(path string) error{
		"is a link":               func(path string) error { return os.Symlink(filepath.Join(t.TempDir(), "away"), path) },
		"is not a regular file":   func(path string) error { return syscall.Mkfifo(path, 0o666) },
		"is not a regular file; ": func(path string) error { return os.Mkdir(path, 0o777) },
	} {
		w := &Watch{Path: file(t)}
		must(t, make(w.Path))
		h, err := w.Try(1, nil)
		if _, again := w.Look(); h != nil || err == nil || !strings.HasPrefix(err.Error(), w.Path+": "+name) || again == nil {
			t.Errorf("%s: error %v, then %v", name, err, again)
		}
		if strings.Contains(name, "link") && !errors.Is(err, atomicfile.ErrLink) {
			t.Errorf("error %v", err)
		}
	}
	w := &Watch{Path: filepath.Join(t.TempDir(), "none", "claim")}
	h, err := w.Try(1, nil)
	if h != nil || err != nil {
		t.Errorf("in no folder: error %v", err)
	}
	h.Progress(1)
	if !h.Mine() {
		t.Error("what works without a claim has lost it")
	}
	h.Release()
}

// TestTakenOnce: of many that find a claim abandoned at the same time, one holds it in the
// end, even if some find another's in its place when they take it.
func TestTakenOnce(t *testing.T) {
	timing(t, 2*time.Second, time.Hour)
	slow := func() { time.Sleep(rand.N(4 * time.Millisecond)) } // it waits for 100 ms
	for name, between := range map[string]func(){"quick": func() {}, "slow": slow} {
		t.Run(name, func(t *testing.T) {
			defer func(before func()) { beforeTake = before }(beforeTake)
			beforeTake = between
			for round := range 10 {
				takenOnce(t, round)
			}
		})
	}
}

func takenOnce(t *testing.T, round int) {
	path := file(t)
	must(t, os.WriteFile(path, of(far).encode(), 0o666))
	var holders atomic.Int32
	var all, looked sync.WaitGroup
	var held sync.Map
	looked.Add(16)
	for i := range 16 {
		all.Go(func() {
			w := &Watch{Path: path}
			if _, err := w.Look(); err != nil {
				t.Error(err)
			}
			looked.Done()
			looked.Wait()
			if err := w.Take(); err != nil { // all have judged it abandoned
				t.Error(err)
			}
			h, err := w.Try(1, func() {})
			if h != nil {
				holders.Add(1)
				held.Store(i, h)
			} else if !errors.Is(err, fs.ErrExist) {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n := holders.Load(); n != 1 {
		t.Errorf("round %d: %d hold it", round, n)
	}
	held.Range(func(_, h any) bool { h.(*Held).Release(); return true })
	if left, _ := filepath.Glob(path + "*"); len(left) > 0 {
		t.Errorf("round %d: left %v", round, left)
	}
}

// TestTakeChanged: a claim that has changed, be it in the last moment, stays.
func TestTakeChanged(t *testing.T) {
	defer func(before func()) { beforeTake = before }(beforeTake)
	now := of(far)
	now.Beat++
	path := file(t)
	change := func() { must(t, os.WriteFile(path, now.encode(), 0o666)) }
	for _, last := range []bool{false, true} {
		must(t, os.WriteFile(path, of(far).encode(), 0o666))
		w := &Watch{Path: path}
		_, err := w.Look()
		must(t, err)
		if beforeTake = func() {}; last {
			beforeTake = change
		} else {
			change()
		}
		must(t, w.Take())
		if left, _ := filepath.Glob(path + "*"); len(left) != 1 || !bytes.Equal(read(t, path), now.encode()) {
			t.Errorf("in the last moment %v: left %v", last, left)
		}
	}
}

// TestClear: what a killed process has left is removed, and nothing else.
func TestClear(t *testing.T) {
	dir := t.TempDir()
	names := []string{"claim", asideName("claim"), "claim.json", "claimant", "result.json"}
	for _, name := range names {
		must(t, os.WriteFile(filepath.Join(dir, name), nil, 0o666))
	}
	must(t, Clear(dir, "claim", names))
	left, err := atomicfile.List(dir)
	if want := "claim.json claimant result.json"; err != nil || strings.Join(left, " ") != want {
		t.Errorf("left %v, error %v", left, err)
	}
}

// FuzzParse: what parse accepts can be written and read again, and shown on a terminal.
func FuzzParse(f *testing.F) {
	f.Add(of(far).encode())
	f.Add([]byte("{}"))
	f.Fuzz(func(t *testing.T, content []byte) {
		c, err := parse(content)
		if err != nil {
			return
		}
		again, err := parse(c.encode())
		if !again.Since.Equal(c.Since) {
			t.Errorf("since %v, again %v", c.Since, again.Since)
		}
		again.Since = c.Since
		if err != nil || again != c {
			t.Errorf("%+v, again %+v, error %v", c, again, err)
		}
		if strings.ContainsFunc(c.String(), func(r rune) bool { return !unicode.IsPrint(r) }) {
			t.Errorf("%q", c)
		}
	})
}

// BenchmarkClaim is what a claim costs a short training.
func BenchmarkClaim(b *testing.B) {
	w := &Watch{Path: filepath.Join(b.TempDir(), "claim")}
	for b.Loop() {
		h, err := w.Try(1, func() {})
		if err != nil {
			b.Fatal(err)
		}
		h.Mine()
		h.Release()
	}
}
