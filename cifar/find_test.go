package cifar

import (
	"os"
	"path/filepath"
	"testing"
)

func TestFind(t *testing.T) {
	work, cache, named := t.TempDir(), t.TempDir(), t.TempDir()
	t.Chdir(work)
	t.Setenv("HOME", cache) // macOS
	t.Setenv("XDG_CACHE_HOME", cache)
	userCache, err := os.UserCacheDir()
	if err != nil {
		t.Skip(err)
	}
	find := func(flag, want string) {
		t.Helper()
		if got, err := Find(flag); got != want || err != nil {
			t.Errorf("found %q, %v, want %q", got, err, want)
		}
	}
	missing := filepath.Join(work, "missing")

	t.Setenv("CIFAR10_DIR", "")
	find("", "")
	inCache := filepath.Join(userCache, "bnlab", folder)
	os.MkdirAll(inCache, 0o700)
	find("", inCache)
	os.Mkdir("data", 0o700) // with nothing in it
	find("", inCache)
	os.MkdirAll(filepath.Join("data", folder), 0o700)
	find("", filepath.Join("data", folder))

	t.Setenv("CIFAR10_DIR", missing)
	dir, err := Find("")
	wantInputError(t, err, missing, "no such file or folder")
	if dir != "" {
		t.Errorf("found %q", dir)
	}
	find(named, named)
	t.Setenv("CIFAR10_DIR", named)
	find("", named)
	_, err = Find(missing)
	wantInputError(t, err, missing, "no such file or folder")
}

// TestLocate asserts what a path means.
func TestLocate(t *testing.T) {
	root := t.TempDir()
	touch := func(parts ...string) {
		path := filepath.Join(append([]string{root}, parts...)...)
		os.MkdirAll(filepath.Dir(path), 0o700)
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	means := func(path, want string) {
		t.Helper()
		p, err := locate(filepath.Join(root, path))
		if err != nil || p.path != filepath.Join(root, want) {
			t.Errorf("%s is taken for %s, %v, want %s", path, p.path, err, want)
		}
	}
	means("", "")
	touch("cifar-10-python.tar.gz")
	means("", "cifar-10-python.tar.gz")
	means("cifar-10-python.tar.gz", "cifar-10-python.tar.gz")
	touch("cifar-10-binary.tar.gz")
	means("", "cifar-10-binary.tar.gz")
	touch("cifar-10-batches-py", "test_batch")
	means("", "cifar-10-batches-py")
	means("cifar-10-batches-py", "cifar-10-batches-py")
	os.Mkdir(filepath.Join(root, "cifar-10-batches-bin"), 0o700)
	means("", "cifar-10-batches-bin")
	touch("data_batch_4")
	means("", "")

	t.Chdir(root)
	t.Setenv("CIFAR10_DIR", "")
	t.Setenv("XDG_CACHE_HOME", root)
	t.Setenv("HOME", root)
	touch("data", "cifar-10-batches-py", "data_batch_1")
	if got, err := Find(""); got != filepath.Join("data", "cifar-10-batches-py") || err != nil {
		t.Errorf("found %q, %v", got, err)
	}
	if got, err := Find("cifar-10-python.tar.gz"); got != "cifar-10-python.tar.gz" || err != nil {
		t.Errorf("found %q, %v", got, err)
	}
}
