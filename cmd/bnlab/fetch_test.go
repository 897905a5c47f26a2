package main

import (
	"crypto/sha256"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"bnlab/cifar/fetch"
)

// smallArchive describes a script's archive of the file f/one.bin, which stands in
// CIFAR-10's place.
func smallArchive(ts *testscript.TestScript, archive string) fetch.Archive {
	sum := func(file string) (int64, string) {
		content := ts.ReadFile(file)
		return int64(len(content)), fmt.Sprintf("%x", sha256.Sum256([]byte(content)))
	}
	a := fetch.Archive{URLs: []string{"http://127.0.0.1:1"}, Folder: "f", Files: []fetch.File{{Name: "one.bin"}}}
	a.Size, a.SHA256 = sum(archive)
	a.Files[0].Size, a.Files[0].SHA256 = sum("f/one.bin")
	return a
}

// serve starts a server of the script's files, whose address a variable gets.
func serve(ts *testscript.TestScript, _ bool, args []string) {
	server := httptest.NewServer(http.FileServer(http.Dir(ts.MkAbs("."))))
	ts.Defer(server.Close)
	ts.Setenv(args[0], server.URL)
}

// TestDataFetchSignal: the program, as a process of its own, is stopped by a signal in
// the midst of the real archive's size, and continues from there.
func TestDataFetchSignal(t *testing.T) {
	cleanEnv(t)
	ranges := make(chan string, 2)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ranges <- r.Header.Get("Range")
		w.Header().Set("Content-Length", "170052171")
		if r.Header.Get("Range") != "" {
			w.Header().Set("Content-Length", "169952171")
			w.Header().Set("Content-Range", "bytes 100000-170052170/170052171")
			w.WriteHeader(http.StatusPartialContent)
		}
		w.Write(make([]byte, 100_000))
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	}))
	t.Cleanup(func() { server.CloseClientConnections(); server.Close() })
	dir := filepath.Join(t.TempDir(), "c")
	part := originals().Part(dir)
	for i, wantRange := range []string{"", "bytes=100000-"} {
		size := int64(100_000 * (i + 1))
		cmd, _, stderr := process(t, "data fetch --data "+dir+" --url "+server.URL)
		signalWhen(t, cmd, syscall.SIGINT, func() bool {
			info, err := os.Stat(part)
			return err == nil && info.Size() >= size
		})
		want := fmt.Sprintf("bnlab: interrupted; %d.0 kB kept in %s, the same command resumes it\n", size/1000, part)
		if asked, code := <-ranges, cmd.ProcessState.ExitCode(); code != exitInterrupted || asked != wantRange || !strings.HasSuffix(stderr.String(), want) {
			t.Errorf("exit code %d, asked for %q, stderr %q", code, asked, stderr)
		}
	}
}
