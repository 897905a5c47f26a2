package cifar

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// realFolder returns the folder of the real data, or skips the test.
func realFolder(t testing.TB) string {
	dir := os.Getenv("CIFAR10_DIR")
	if dir == "" {
		t.Skip("CIFAR10_DIR is not set")
	}
	return dir
}

func TestRealData(t *testing.T) {
	d, err := Load(realFolder(t))
	if err != nil {
		t.Fatal(err)
	}
	if d.Name != "cifar10" || d.Digest != OriginalDigest {
		t.Errorf("name %q, digest %s", d.Name, d.Digest)
	}
	if diff := cmp.Diff([]uint8{6, 9, 9, 4, 1, 1, 2, 7, 8, 3}, d.Train.Labels[:10]); diff != "" {
		t.Errorf("first training labels (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]uint8{3, 8, 8, 0, 6, 6, 1, 6, 3, 1}, d.Test.Labels[:10]); diff != "" {
		t.Errorf("first test labels (-want +got):\n%s", diff)
	}
	// The first pixels of the first image, red and then blue.
	if diff := cmp.Diff([]byte{59, 43, 50}, d.Train.Image(0)[:3]); diff != "" {
		t.Errorf("first red pixels (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]byte{63, 45, 43}, d.Train.Image(0)[2*Side*Side:][:3]); diff != "" {
		t.Errorf("first blue pixels (-want +got):\n%s", diff)
	}
	checkBalance(t, d)
}

func TestRealVerify(t *testing.T) {
	checks, err := Verify(realFolder(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range checks {
		if !c.OK || c.Problem != "" || c.Size != FileRecords*RecordSize {
			t.Errorf("%+v", c)
		}
	}
}

// checkBalance asserts that every class has a tenth of the training and of the test images.
func checkBalance(t *testing.T, d Data) {
	t.Helper()
	for _, part := range []struct {
		name string
		set  Set
		want int
	}{{"train", d.Train, 5000}, {"test", d.Test, 1000}} {
		for class, got := range part.set.PerClass() {
			if got != part.want {
				t.Errorf("%s: %d images of class %d, want %d", part.name, got, class, part.want)
			}
		}
	}
}

func BenchmarkLoad(b *testing.B) {
	dir := realFolder(b)
	for b.Loop() {
		if _, err := Load(dir); err != nil {
			b.Fatal(err)
		}
	}
}
