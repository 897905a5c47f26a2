package machine

import (
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"

	"bnlab/blas"
)

// cores has this process use n cores until the test is over.
func cores(t *testing.T, n int) {
	before, threads := blas.SetCores(n), blas.Current().Threads
	t.Cleanup(func() {
		blas.SetCores(before)
		blas.SetThreads(max(threads, 1))
	})
}

// TestThreadsAndWorkers: as many as there are cores for, and a line where more were asked for.
func TestThreadsAndWorkers(t *testing.T) {
	cores(t, 4)
	for _, c := range []struct {
		threads, workers         int
		here                     bool
		wantThreads, wantWorkers int
		told                     string
	}{
		{1, 0, true, 1, 4, ""},
		{2, 0, true, 2, 2, ""},
		{3, 0, true, 3, 1, ""},
		{4, 1, true, 4, 1, ""},
		{5, 0, true, 4, 1, "--threads 5: this process may use 4 cores, so --threads 4"},
		{1, 4, true, 1, 4, ""},
		{1, 5, true, 1, 4, "--workers 5: this process may use 4 cores, so --workers 4 with --threads 1"},
		{2, 3, true, 2, 2, "--workers 3: this process may use 4 cores, so --workers 2 with --threads 2"},
		{2, 3, false, 2, 3, ""}, // on other hosts
	} {
		told := ""
		tell := func(line string) { told += line }
		threads := SetThreads(c.threads, tell)
		workers := Workers(c.workers, threads, c.here, tell)
		if threads != c.wantThreads || workers != c.wantWorkers || told != c.told {
			t.Errorf("%+v: threads %d, workers %d, told %q", c, threads, workers, told)
		}
		if b := blas.Current(); b.Name == "openblas" && b.Threads != threads {
			t.Errorf("%+v: BLAS has %d threads", c, b.Threads)
		}
	}
}

// TestSetGOMAXPROCS: GOMAXPROCS can ask for fewer cores than there are, and not for more;
// what it says stays for the processes that this one starts.
func TestSetGOMAXPROCS(t *testing.T) {
	if asked := os.Getenv("GOMAXPROCS"); os.Getenv("TEST_CORES") != "" {
		SetGOMAXPROCS()
		want := map[string]int{"1": 1, "9999": runtime.NumCPU()}[asked]
		if Cores() > want || asked == "1" && Cores() != 1 || os.Getenv("GOMAXPROCS") != asked {
			t.Fatalf("GOMAXPROCS=%s: %d cores, then %q", asked, Cores(), os.Getenv("GOMAXPROCS"))
		}
		return
	}
	for _, asked := range []string{"1", "9999"} {
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestSetGOMAXPROCS$")
		cmd.Env = append(os.Environ(), "TEST_CORES=1", "GOMAXPROCS="+asked)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%v:\n%s", err, out)
		}
	}
}

// TestRoom: what takes more than is free is refused with both numbers.
func TestRoom(t *testing.T) {
	defer SetFree(Memory{Bytes: 2_000_000_000, Of: "this host"})()
	if err := RoomToTrain(2e9); err != nil {
		t.Errorf("as much as is free: %v", err)
	}
	err := RoomToTrain(3e9)
	if want := "training needs 3 GB of memory, this process may use 2 GB (limited by this host); use fewer"; err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("error %v, want %s …", err, want)
	}
	if err := Room("reading", 3e9, "close something"); err == nil || !strings.HasPrefix(err.Error(), "reading needs") || !strings.HasSuffix(err.Error(), "; close something") {
		t.Errorf("error %v", err)
	}
}
