package checkpoint

import (
	"bytes"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// FuzzDecode: no file, with or without a valid checksum, or of the right training but
// with an invalid state, makes decode panic or use much more memory than its length. A
// refusal is one line, and what is accepted is the same when written and read again.
func FuzzDecode(f *testing.F) {
	of := training()
	for _, v := range faults(f) {
		if len(v.file) < 50_000 {
			f.Add(v.file)
			f.Add(v.file[:max(0, len(v.file)-32)])
		}
	}
	good := encoded(f, of, stateAfter(900))
	f.Add(good)
	f.Add(good[:len(good)-32])
	for _, state := range []string{`{"steps":450,"results":[{"steps":450,"final":{"train_acc":0.1}}],"curves":[[{"step":1}],null]}`, `{"curves":[null,[],[null]]}`, `null`} {
		f.Add([]byte(state))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		ours := fmt.Appendf(nil, `{"format":1,"training":%s,"state":%s}`+"\n", of.text(), raw)
		for _, file := range [][]byte{raw, seal(raw), seal(ours)} {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			s, err := of.decode(file)
			runtime.ReadMemStats(&after)
			if took := after.TotalAlloc - before.TotalAlloc; took > uint64(64*len(file)+1<<17) {
				t.Fatalf("%d bytes allocated for a file of %d", took, len(file))
			}
			if err != nil {
				if text := err.Error(); strings.ContainsAny(text, "\n\r") || len(text) > 400 {
					t.Fatalf("error %q", text)
				}
				continue
			}
			parts, err := of.encode(s)
			if err != nil {
				t.Fatalf("taken, but cannot be written: %v", err)
			}
			again, err := of.decode(bytes.Join(parts, nil))
			if diff := cmp.Diff(s, again, cmpopts.EquateEmpty()); err != nil || diff != "" {
				t.Fatalf("error %v, −first +second:\n%s", err, diff)
			}
		}
	})
}
