package build

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"strings"
	"testing"
)

// A version that does not say which sources were built gets the digest of the build.
func TestVersionOf(t *testing.T) {
	digest := func() (string, error) { return strings.Repeat("0123456789abcdef", 4), nil }
	for known, want := range map[string]string{
		"":                       "devel.0123456789ab",
		"(devel)":                "devel.0123456789ab",
		"67085ce-dirty":          "67085ce-dirty.0123456789ab",
		"v0.0.0-2026+dirty":      "v0.0.0-2026+dirty.0123456789ab",
		"67085ce":                "67085ce",
		"v1.2.3":                 "v1.2.3",
		"v1.2.3-5-g67085ce":      "v1.2.3-5-g67085ce",
		"v0.0.0-2026-67085ce1f0": "v0.0.0-2026-67085ce1f0",
	} {
		if got := versionOf(known, digest); got != want {
			t.Errorf("%q: %s, want %s", known, got, want)
		}
	}
	if got := versionOf("", func() (string, error) { return "", errors.New("no permission") }); got != "devel.unknown" {
		t.Errorf("without a digest: %s", got)
	}
}

// A program without Go's build ID is told by all its bytes; one that cannot be read, by none.
func TestDigestOf(t *testing.T) {
	path := filepath.Join(t.TempDir(), "program")
	if err := os.WriteFile(path, []byte("abc"), 0o666); err != nil {
		t.Fatal(err)
	}
	const want = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" // of "abc", in FIPS 180-2
	if got, err := digestOf(path); got != want || err != nil {
		t.Errorf("digest %s, error %v", got, err)
	}
	if _, err := digestOf(path + ".none"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("error %v", err)
	}
}

// The commit is the stamped one, and else what Go says of the checkout.
func TestSourceCommit(t *testing.T) {
	checkout := func(modified string) *debug.BuildInfo {
		return &debug.BuildInfo{Settings: []debug.BuildSetting{{Key: "vcs.revision", Value: "67085ce"}, {Key: "vcs.modified", Value: modified}}}
	}
	for _, c := range []struct {
		stamped string
		info    *debug.BuildInfo
		want    string
	}{
		{"", nil, ""},
		{"", &debug.BuildInfo{}, ""},
		{"", checkout("false"), "67085ce"},
		{"", checkout("true"), "67085ce with changes"},
		{"36a0027", nil, "36a0027"},
		{"36a0027", checkout("true"), "36a0027"},
	} {
		if got := sourceCommit(c.stamped, c.info); got != c.want {
			t.Errorf("stamped %q, Go says %v: %q, want %q", c.stamped, c.info, got, c.want)
		}
	}
}

// The digest is of the ID that Go's own tool reads, and tests are a build without a
// version.
func TestBuildDigest(t *testing.T) {
	if got := Version(); !regexp.MustCompile(`(^devel|dirty)\.[0-9a-f]{12}$`).MatchString(got) {
		t.Errorf("version %s of a test", got)
	}
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	want, err := exec.CommandContext(t.Context(), "go", "tool", "buildid", path).Output()
	if err != nil {
		t.Skipf("no go tool: %v", err)
	}
	if got, err := goBuildID(path); err != nil || string(got) != strings.TrimSpace(string(want)) {
		t.Errorf("build ID %q, error %v, want %q", got, err, want)
	}
}
