package atomicfile

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// TestNames: every name that a file system accepts can be written, and nothing else is
// left behind.
func TestNames(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, name := range []string{".hidden", "..x", "-", "-x", " ", "new\nline", strings.Repeat("x", 255), strings.Repeat("ü", 127), strings.Repeat("網", 85), strings.Repeat("\xff", 255)} {
		for range 2 {
			if err := Write(name, []byte(name)); err != nil || content(t, name) != name {
				t.Errorf("%q: error %v", name, err)
			}
		}
	}
	if names := files(t, "."); len(names) != 10 {
		t.Errorf("%d files: %q", len(names), names)
	}
}

// TestShort: a name is unchanged if there is room for additions, else it is truncated
// between characters and stays distinguishable from others.
func TestShort(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.StringN(1, -1, 255).Draw(t, "name")
		more := rapid.IntRange(0, 40).Draw(t, "more")
		short := Short(name, more)
		if len(short)+more+tempMore > nameMax || utf8.ValidString(name) != utf8.ValidString(short) {
			t.Errorf("%q is not a short name", short)
		}
		if fits := len(name)+more+tempMore <= nameMax; fits != (short == name) {
			t.Errorf("%q was cut to %q", name, short)
		}
		if other := name + "x"; len(short) > 1 && Short(other, more) == short {
			t.Errorf("%q stands for %q too", short, other)
		}
	})
}

// TestHidden: the name of a hidden file tells which file it belongs to, also in earlier
// versions.
func TestHidden(t *testing.T) {
	for _, name := range []string{"file", ".file", "a.b.1", "x2"} {
		if of, ok := Hidden(tempName(name)); !ok || of != name {
			t.Errorf("%q, %v, want %q", of, ok, name)
		}
	}
	for name, want := range map[string]string{".result.json8123456789012345678": "result.json", ".net.checkpoint.0123abcd.4508123456789012345678": "net.checkpoint.0123abcd.450"} {
		if of, ok := Hidden(name); !ok || of != want {
			t.Errorf("%s: %q, %v, want %q", name, of, ok, want)
		}
	}
	for _, name := range []string{"", ".", ".net.checkpoint.0123abcd.4294967295", ".m.safetensors", "x.0123456789abcdef.tmp", ".x.0123456789abcde.tmp", "12345678901"} {
		if of, ok := Hidden(name); ok {
			t.Errorf("%s is taken for a hidden file of %q", name, of)
		}
	}
}
