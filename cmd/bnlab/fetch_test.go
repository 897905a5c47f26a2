package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"bnlab/cifar/fetch"
)

// smallArchive puts an archive of one small file in CIFAR-10's place and returns
// its bytes and the file's.
func smallArchive(t *testing.T) (data, content []byte) {
	content = []byte(strings.Repeat("picture", 10000))
	data = packed(content, gzip.DefaultCompression)
	old := originals
	t.Cleanup(func() { originals = old })
	originals = func() fetch.Archive {
		return fetch.Archive{
			URLs: []string{"http://127.0.0.1:1"}, Folder: "f", Size: int64(len(data)), SHA256: fmt.Sprintf("%x", sha256.Sum256(data)),
			Files: []fetch.File{{Name: "one.bin", Size: int64(len(content)), SHA256: fmt.Sprintf("%x", sha256.Sum256(content))}},
		}
	}
	return data, content
}

// packed returns an archive of one file with that content.
func packed(content []byte, level int) []byte {
	var b bytes.Buffer
	zip, err := gzip.NewWriterLevel(&b, level)
	if err != nil {
		panic(err)
	}
	w := tar.NewWriter(zip)
	w.WriteHeader(&tar.Header{Name: "f/one.bin", Mode: 0o644, Size: int64(len(content))})
	w.Write(content)
	w.Close()
	zip.Close()
	return b.Bytes()
}

// serveFile starts a server of one file and returns its address.
func serveFile(t *testing.T, data []byte) string {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(data))
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// data fetch prints where the files are, in words or as JSON, and tells on stderr
// of the server unless it is to be quiet.
func TestDataFetch(t *testing.T) {
	cleanEnv(t)
	t.Chdir(t.TempDir())
	data, content := smallArchive(t)
	address := serveFile(t, data)
	missing, _ := os.UserCacheDir()
	place := filepath.Join(missing, "bnlab", "cifar-10-batches-bin")

	r := want(t, exitDone, "data", "fetch", "--url", address)
	if match := fmt.Sprintf(`^CIFAR-10 is in %s, every file the original; 0\.\d kB downloaded in \d+s\n$`, regexp.QuoteMeta(place)); !regexp.MustCompile(match).MatchString(r.stdout) ||
		r.stderr != "asking "+address+"\nunpacking\n" {
		t.Errorf("stdout %q, stderr %q", r.stdout, r.stderr)
	}
	r = want(t, exitDone, "data", "fetch")
	if r.stdout != "CIFAR-10 is in "+place+" already, every file the original; nothing downloaded\n" || r.stderr != "" {
		t.Errorf("stdout %q, stderr %q", r.stdout, r.stderr)
	}
	// The same file in another archive, named by its sum; from the first address.
	other := packed(content, gzip.NoCompression)
	address = serveFile(t, other)
	want(t, exitCheck, "data", "fetch", "--data", "here", "--url", address)
	sum := fmt.Sprintf("%X", sha256.Sum256(other))
	r = want(t, exitDone, "data", "fetch", "--json", "--quiet", "--data", "here", "--url", address+"/1", "--url", address, "--sha256", sum)
	var got fetched
	r.decode(t, &got)
	if got.Dir != "here" || got.There || got.Bytes != int64(len(other)) || got.URL != address+"/1" || r.stderr != "" {
		t.Errorf("%+v, stderr %q", got, r.stderr)
	}
}

// The exit code tells what could not be had from what is not the original.
func TestDataFetchFails(t *testing.T) {
	cleanEnv(t)
	t.Chdir(t.TempDir())
	data, _ := smallArchive(t)
	none := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(none.Close)
	other := serveFile(t, []byte("something else"))
	altered := serveFile(t, append(bytes.Clone(data[:len(data)-1]), data[len(data)-1]^1))
	for _, c := range []struct {
		address string
		code    int
		want    string
	}{
		{none.URL, exitFailed, `^bnlab: http://\S+: status 404 Not Found; give another address\n$`},
		{other, exitCheck, `^bnlab: check failed: http://\S+: has 14 bytes, expected \d+; give another address\n$`},
		{altered, exitCheck, `^bnlab: check failed: http://\S+: \d+ bytes with SHA-256 [0-9a-f]{64}, expected [0-9a-f]{64}; give`},
	} {
		r := want(t, c.code, "data", "fetch", "--quiet", "--data", "here", "--url", c.address)
		if !regexp.MustCompile(c.want).MatchString(r.stderr) || r.stdout != "" {
			t.Errorf("stdout %q, stderr %q, want %s", r.stdout, r.stderr, c.want)
		}
	}
	if left, _ := os.ReadDir("."); len(left) > 0 {
		t.Errorf("it left %v", left)
	}
	// What has come before another address is of no use is kept.
	if err := os.WriteFile(originals().Part("here"), data[:100], 0o666); err != nil {
		t.Fatal(err)
	}
	r := want(t, exitFailed, "data", "fetch", "--quiet", "--data", "here", "--url", none.URL)
	if !regexp.MustCompile(`address; 0\.1 kB kept in here\.[0-9a-f]{8}\.part, the same command resumes it\n$`).MatchString(r.stderr) {
		t.Errorf("stderr %q", r.stderr)
	}
}

// A place that can be no folder is told of before anything is fetched.
func TestDataFetchNowhere(t *testing.T) {
	cleanEnv(t)
	t.Chdir(t.TempDir())
	smallArchive(t)
	put(t, "file", nil)
	if err := os.Symlink("nothing", "link"); err != nil {
		t.Fatal(err)
	}
	check := func(dir string, code int, message string) {
		t.Helper()
		r := want(t, code, "data", "fetch", "--quiet", "--data", dir)
		if r.stderr != "bnlab: "+message+"\n" {
			t.Errorf("stderr %q, want %s", r.stderr, message)
		}
	}
	check("file/x", exitUsage, "file/x: cannot open: not a directory; give another folder with --data")
	check("link", exitUsage, "link: a dangling link; create the folder that it points to")
	check("link/x", exitFailed, "mkdir link: file exists; give another folder")
	check(".", exitCheck, `check failed: .: one.bin is missing, and "file" does not belong there; give an empty folder`)
}

// The program, as a process of its own, is stopped by a signal in the midst of the
// real archive's size, and continues from there.
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
	dir := t.TempDir()
	part := originals().Part(filepath.Join(dir, "c"))
	for i, wantRange := range []string{"", "bytes=100000-"} {
		size := int64(100_000 * (i + 1))
		got, code := stopAtSize(t, syscall.SIGINT, part, size, "data", "fetch", "--data", filepath.Join(dir, "c"), "--url", server.URL)
		want := fmt.Sprintf("bnlab: interrupted; %d.0 kB kept in %s, the same command resumes it\n", size/1000, part)
		if asked := <-ranges; code != exitInterrupted || asked != wantRange || !strings.HasSuffix(got, want) {
			t.Errorf("exit code %d, asked for %q, stderr %q", code, asked, got)
		}
	}
}

// stopAtSize starts the program, sends it a signal when the file at path has that
// size, and returns what it wrote to stderr and its exit code.
func stopAtSize(t *testing.T, signal os.Signal, path string, size int64, args ...string) (string, int) {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, exe, args...)
	cmd.Args[0] = "bnlab"
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for ctx.Err() == nil {
		if info, err := os.Stat(path); err == nil && info.Size() >= size {
			break
		}
		time.Sleep(5 * time.Millisecond)
	}
	cmd.Process.Signal(signal)
	cmd.Wait()
	return stderr.String(), cmd.ProcessState.ExitCode()
}
