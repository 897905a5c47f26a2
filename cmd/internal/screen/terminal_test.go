package screen

import (
	"errors"
	"io"
	"testing"
)

type failing struct{ errs []error }

func (f *failing) Write(p []byte) (int, error) {
	err := f.errs[0]
	f.errs = f.errs[1:]
	return len(p), err
}

// TestChecked: the first error is kept, whatever is written after it.
func TestChecked(t *testing.T) {
	full, closed := errors.New("full"), errors.New("closed")
	c := &Checked{Writer: &failing{[]error{nil, full, nil, closed}}}
	for i, want := range []error{nil, full, full, full} {
		io.WriteString(c, "x")
		if c.Lost != want {
			t.Errorf("after %d writes: %v, want %v", i+1, c.Lost, want)
		}
	}
}
