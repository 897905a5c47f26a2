package main

import (
	"bufio"
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"bnlab/train/report/browsertest"
)

// TestWatch: a real browser shows a folder while two processes train in it: curves that
// grow, one that is killed as stalled, and both as done once the other has taken it over.
func TestWatch(t *testing.T) {
	cleanEnv(t)
	dir := filepath.Join(t.TempDir(), "run")
	complete(t, "sweep plan compare --dataset synthetic --val 100 --ns 1000 --cycles 1 --batch 20 --evals 100 --eval-train 100 --depth 2 --seeds 1 --fuse off --out "+dir)
	watch, _, stderr := process(t, "watch "+dir)
	stdout := &firstLine{line: make(chan string, 1)}
	watch.Stdout = stdout
	if err := watch.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { watch.Process.Kill() })
	url := strings.TrimSpace(<-stdout.line)
	b := browsertest.Open(t, url)
	b.Until("nothing done", says("0 of 2 trials done, 2 missing"))
	taken := strings.Trim(strings.TrimPrefix(url, "http://"), "/")
	if r := want(t, exitFailed, "watch", "--listen", taken, dir); r.stderr != "bnlab: "+taken+": address already in use; give another port, or 0 for any that is free\n" {
		t.Errorf("a port in use: %q", r.stderr)
	}

	counts := func() (points []int) { // on disk, of each trial
		for _, path := range glob(dir, "trials/*/curve.jsonl") {
			text, _ := os.ReadFile(path)
			points = append(points, bytes.Count(text, []byte("\n")))
		}
		return points
	}
	points := func(least int) func() bool {
		return func() bool {
			all := counts()
			return len(all) == 2 && slices.Min(all) >= least
		}
	}
	var members []member
	for range 2 {
		cmd, _, stderr := process(t, "sweep run --quiet --workers 1 "+dir)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { cmd.Process.Kill() })
		m := member{cmd, stderr, make(chan error, 1)}
		go func() { m.ended <- cmd.Wait() }()
		members = append(members, m)
	}
	all := func(s syscall.Signal) {
		for _, m := range members {
			m.Process.Signal(s)
		}
	}
	until(t, points(2))
	all(syscall.SIGSTOP) // so that a slow browser sees the beginning
	b.Until("two in training", says("0 of 2 trials done, 2 in training"))
	b.Until("the charts", `[...document.querySelectorAll("figure img")].filter((i) => i.complete && i.naturalWidth > 0).length === 2`)
	first, shown := browsertest.Eval[string](b, steps), slices.Max(counts())
	all(syscall.SIGCONT)
	until(t, points(shown+4))
	all(syscall.SIGSTOP)
	b.Until("curves that grow", steps+" !== "+`"`+first+`"`)
	if browsertest.Eval[string](b, steps) == "" {
		t.Error("no curves")
	}

	members[0].Process.Kill()
	<-members[0].ended
	b.Until("one that is killed", says("0 of 2 trials done, 1 in training, 1 stalled"))
	b.Shot("watch-stalled")
	members[1].Process.Signal(syscall.SIGCONT)
	if err := <-members[1].ended; err != nil {
		t.Errorf("%v: %s", err, members[1].stderr)
	}
	b.Until("both done", says("2 of 2 trials done"))
	b.Until("a screen reader hears it", `document.querySelector("[role=status]").textContent === "all trials are done"`)
	b.Shot("watch-done")
	if wrong := b.Wrong(); len(wrong) > 0 {
		t.Errorf("the browser reports: %q", wrong)
	}
	watch.Process.Signal(os.Interrupt)
	if err := watch.Wait(); err != nil {
		t.Errorf("watch ends with %v: %s", err, stderr)
	}
	if got := stderr.String(); !strings.HasPrefix(got, "from another machine: ssh -N -L ") || strings.Count(got, "\n") != 2 {
		t.Errorf("watch says %q", got)
	}
	b.Until("that watch has ended", `document.querySelector("[role=alert]").textContent.includes("does not answer")`)
}

// TestWatchForeign: an address that other machines reach is warned of, and shown as this
// machine reaches it.
func TestWatchForeign(t *testing.T) {
	cleanEnv(t)
	dir := filepath.Join(t.TempDir(), "run")
	complete(t, "sweep plan compare --dataset synthetic --val 100 --depth 2 --seeds 1 --out "+dir)
	watch, _, stderr := process(t, "watch --listen 0.0.0.0:0 "+dir)
	stdout := &firstLine{line: make(chan string, 1)}
	watch.Stdout = stdout
	if err := watch.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { watch.Process.Kill() })
	if url := <-stdout.line; !strings.HasPrefix(url, "http://127.0.0.1:") {
		t.Errorf("address %q", url)
	}
	watch.Process.Signal(os.Interrupt)
	if err := watch.Wait(); err != nil {
		t.Errorf("watch ends with %v", err)
	}
	if got := stderr.String(); !strings.Contains(got, "--listen 0.0.0.0:0 can be reached from other machines: whoever reaches it can read the page\n") {
		t.Errorf("watch says %q", got)
	}
}

// steps is the last step of each curve, from the table beside the first chart.
const steps = `[...document.querySelectorAll("details tbody tr td:last-child")].map((e) => e.textContent).join()`

func says(line string) string {
	return `[...document.querySelectorAll(".line")].some((e) => e.textContent === "` + line + `")`
}

// firstLine passes on the first line that is written to it.
type firstLine struct {
	text bytes.Buffer
	line chan string
	told bool
}

func (f *firstLine) Write(p []byte) (int, error) {
	f.text.Write(p)
	if line, err := bufio.NewReader(bytes.NewReader(f.text.Bytes())).ReadString('\n'); err == nil && !f.told {
		f.told = true
		f.line <- line
	}
	return len(p), nil
}
