package cifar

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestSplit(t *testing.T) {
	d := Data{Name: "some", Digest: "of it", Classes: ClassNames(), Train: noise(30, 1), Test: noise(20, 2)}
	rapid.Check(t, func(t *rapid.T) {
		val := rapid.IntRange(1, 29).Draw(t, "val")
		train := rapid.IntRange(0, 30-val).Draw(t, "train")
		test := rapid.IntRange(0, 20).Draw(t, "test")
		got, err := d.Split(val, train, test)
		if err != nil {
			t.Fatal(err)
		}
		all := func(n, size int) int {
			if n == 0 {
				return size
			}
			return n
		}
		if got.Name != "some" || got.Digest != "of it" || !cmp.Equal(got.Classes, ClassNames()) {
			t.Errorf("%q, %q, %v", got.Name, got.Digest, got.Classes)
		}
		for _, part := range []struct {
			name      string
			got, want Set
		}{
			{"train", got.Train, d.Train.Slice(0, all(train, 30-val))},
			{"val", got.Val, d.Train.Slice(30-val, 30)},
			{"test", got.Test, d.Test.Slice(0, all(test, 20))},
		} {
			if !equal(part.got, part.want) {
				t.Errorf("%s: %d images, want %d", part.name, part.got.Len(), part.want.Len())
			}
		}
	})
}

func TestSplitImpossible(t *testing.T) {
	d := Data{Train: noise(30, 1), Test: noise(20, 2)}
	for _, c := range []struct {
		val, train, test int
		where, problem   string
	}{
		{0, 0, 0, "val 0", "cannot part 30 images into training and validation"},
		{-1, 0, 0, "val -1", "cannot part 30 images into training and validation"},
		{30, 0, 0, "val 30", "cannot part 30 images into training and validation"},
		{10, 21, 0, "train_size 21", "there are 20 training images"},
		{10, -1, 0, "train_size -1", "there are 20 training images"},
		{10, 0, 21, "test_size 21", "there are 20 test images"},
		{10, 0, -1, "test_size -1", "there are 20 test images"},
	} {
		_, err := d.Split(c.val, c.train, c.test)
		wantInputError(t, err, c.where, c.problem)
	}
}

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
