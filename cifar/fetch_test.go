package cifar

import (
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A place where no folder can be is reported before anything is fetched.
func TestFetchFolderInTheWay(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	for link, to := range map[string]string{"dangling": at("none"), "file": "/dev/null", "loop": "loop", "good": dir} {
		if err := os.Symlink(to, at(link)); err != nil {
			t.Fatal(err)
		}
	}
	for name, problem := range map[string]string{
		"dangling": "a dangling link", "dangling/": "a dangling link", "file": "a file, expected a folder",
		"file/below": "cannot open: not a directory", "loop": "cannot open: too many levels of symbolic links",
	} {
		_, err := FetchFolder(dir + "/" + name)
		wantInputError(t, err, dir+"/"+name, problem)
	}
	for _, name := range []string{"good", "none", "good/none/at/all", "."} {
		if got, err := FetchFolder(dir + "/" + name); err != nil || got != dir+"/"+name {
			t.Errorf("%s: %q, error %v", name, got, err)
		}
	}
}

// The archive is requested only over encrypted connections, and has the six files of
// Verify.
func TestArchive(t *testing.T) {
	a := Archive()
	for _, address := range a.URLs {
		if u, err := url.Parse(address); err != nil || u.Scheme != "https" || filepath.Base(u.Path) != "cifar-10-binary.tar.gz" {
			t.Errorf("%s: %v", address, err)
		}
	}
	sums := map[string]string{}
	for _, f := range a.Files {
		if f.SHA256 == "" {
			continue
		}
		sums[f.Name] = f.SHA256
		if f.Size != 30730000 {
			t.Errorf("%s has %d bytes", f.Name, f.Size)
		}
	}
	want := map[string]string{}
	for _, f := range files {
		want[f.name] = f.sum
	}
	if diff := cmp.Diff(want, sums); diff != "" {
		t.Errorf("sums (-want +got):\n%s", diff)
	}
	if len(a.Files) != 8 || !regexp.MustCompile("^[0-9a-f]{64}$").MatchString(a.SHA256) {
		t.Errorf("%+v", a)
	}
}

// What is fetched into the folder is what Find finds.
func TestFetchFolder(t *testing.T) {
	home := t.TempDir()
	t.Chdir(home)
	t.Setenv("CIFAR10_DIR", "")
	t.Setenv("XDG_CACHE_HOME", filepath.Join(home, "cache"))
	t.Setenv("HOME", home)
	check := func(flag, want string) {
		t.Helper()
		dir, err := FetchFolder(flag)
		if err != nil || dir != want {
			t.Fatalf("%q, error %v; want %q", dir, err, want)
		}
		if err := os.MkdirAll(dir, 0o777); err != nil {
			t.Fatal(err)
		}
		if found, err := Find(flag); err != nil || found != want {
			t.Errorf("Find: %q, error %v; want %q", found, err, want)
		}
	}
	check("", filepath.Join(mustCache(t), "bnlab", folder))
	check("", filepath.Join(mustCache(t), "bnlab", folder)) // found this time
	if err := os.MkdirAll(filepath.Join("data", formats[1].folder), 0o777); err != nil {
		t.Fatal(err)
	}
	if dir, err := FetchFolder(""); err != nil || dir != filepath.Join(mustCache(t), "bnlab", folder) {
		t.Errorf("into torchvision's folder: %q, error %v", dir, err)
	}
	if err := os.MkdirAll(filepath.Join("data", folder), 0o777); err != nil {
		t.Fatal(err)
	}
	check("", filepath.Join("data", folder))
	t.Setenv("CIFAR10_DIR", filepath.Join(home, "env"))
	check("", filepath.Join(home, "env"))
	check("given", "given")
}

func mustCache(t *testing.T) string {
	t.Helper()
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	return cache
}

func TestFetchFolderNowhere(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, key := range []string{"CIFAR10_DIR", "XDG_CACHE_HOME", "HOME"} {
		t.Setenv(key, "")
	}
	_, err := FetchFolder("")
	wantInputError(t, err, "data", "no cache folder for CIFAR-10: neither $XDG_CACHE_HOME nor $HOME are defined")
}
