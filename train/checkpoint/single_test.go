package checkpoint

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"bnlab/train"
)

// TestSaveLoad: what is saved is loaded by its training and its steps alone, a later state
// takes the place of an earlier one, and a damaged one is named and set aside.
func TestSaveLoad(t *testing.T) {
	place, other := Place{t.TempDir(), "paused"}, training()
	other.Program = "v2"
	load := func(of Training, steps int) (s train.State, found bool, warning string) {
		t.Helper()
		s, found, err := place.Load(of, steps, func(err error) { warning += err.Error() })
		must(t, err)
		return s, found, warning
	}
	must(t, place.Save(training(), stateAfter(450)), place.Save(other, stateAfter(450)))
	if s, found, warning := load(training(), 450); !found || warning != "" || !cmp.Equal(s, stateAfter(450)) {
		t.Errorf("found %v, warning %q, state %+v", found, warning, s)
	}
	if _, found, warning := load(training(), 900); found || warning != "" {
		t.Errorf("another step: found %v, warning %q", found, warning)
	}
	must(t, place.Save(training(), stateAfter(900)))
	if _, found, _ := load(training(), 450); found {
		t.Error("the earlier state is still there")
	}
	if _, found, _ := load(other, 450); !found {
		t.Error("the state of another training is gone")
	}
	path := place.file(training(), 900)
	must(t, os.Truncate(path, 300))
	_, found, warning := load(training(), 900)
	if found || !strings.HasPrefix(warning, path+": unusable checkpoint: checksum mismatch") || !strings.HasSuffix(warning, "; set aside as "+filepath.Base(path)+".bad, the training begins anew") {
		t.Errorf("damaged: found %v, warning %q", found, warning)
	}
	must(t, os.Rename(place.file(other, 450), place.file(other, 500)))
	if _, found, warning := load(other, 500); found || !strings.Contains(warning, "it is of step 450, which is not the step in its name") {
		t.Errorf("renamed: found %v, warning %q", found, warning)
	}
}
