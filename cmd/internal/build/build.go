// Package build identifies the build of the program.
package build

import (
	"crypto/sha256"
	"debug/elf"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"

	"bnlab/blas"
)

// Text returns what --version prints: what a bug report should include.
func Text() string {
	b := blas.Current()
	text := fmt.Sprintf("bnlab version %s\n", Version())
	info, _ := debug.ReadBuildInfo()
	if c := sourceCommit(commit, info); c != "" {
		text += fmt.Sprintf("commit  %s\n", c)
	}
	text += fmt.Sprintf("built   %s, %s/%s\n", runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return text + fmt.Sprintf("BLAS    %s %s, kernel %s\n", b.Name, b.Version, b.Core)
}

// version and commit are set by the Makefile; without it, they are what Go knows.
var version, commit string

// Version returns the name of this build in records. Builds that may differ never share
// it.
var Version = sync.OnceValue(func() string {
	known := version
	if info, ok := debug.ReadBuildInfo(); ok && known == "" {
		known = info.Main.Version
	}
	return versionOf(known, buildDigest)
})

// versionOf adds the digest of the build to an incomplete version: a missing one, or
// one with uncommitted changes.
func versionOf(known string, digest func() (string, error)) string {
	if known == "" || known == "(devel)" {
		known = "devel"
	} else if !strings.HasSuffix(known, "dirty") {
		return known
	}
	sum, err := digest()
	if err != nil {
		sum = "unknown"
	}
	return fmt.Sprintf("%s.%.12s", known, sum)
}

// buildDigest returns in hex the digest of Go's build ID, which depends on all inputs
// and is quick to read, or else of the whole program.
func buildDigest() (string, error) {
	path := "/proc/self/exe" // the running one, even if another has taken its name
	if _, err := os.Stat(path); err != nil {
		if path, err = os.Executable(); err != nil {
			return "", err
		}
	}
	return digestOf(path)
}

func digestOf(path string) (string, error) {
	h := sha256.New()
	if id, err := goBuildID(path); err == nil {
		h.Write(id)
		return fmt.Sprintf("%x", h.Sum(nil)), nil
	}
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	_, err = io.Copy(h, f)
	return fmt.Sprintf("%x", h.Sum(nil)), err
}

// goBuildID reads the build ID from an ELF program: a note of the owner "Go", after the
// lengths of name and ID, and its type.
func goBuildID(path string) ([]byte, error) {
	f, err := elf.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	section := f.Section(".note.go.buildid")
	if section == nil {
		return nil, errNoBuildID
	}
	note, err := section.Data()
	const head = 3*4 + len("Go\x00\x00")
	if err != nil || len(note) <= head || string(note[12:14]) != "Go" {
		return nil, errors.Join(err, errNoBuildID)
	}
	return note[head:min(len(note), head+int(f.ByteOrder.Uint32(note[4:])))], nil
}

var errNoBuildID = errors.New("no build ID")

// sourceCommit returns the commit that was built: the stamped one, or else the one
// known to Go; empty if unknown.
func sourceCommit(stamped string, info *debug.BuildInfo) string {
	if stamped != "" || info == nil {
		return stamped
	}
	settings := map[string]string{}
	for _, s := range info.Settings {
		settings[s.Key] = s.Value
	}
	if settings["vcs.modified"] == "true" {
		return settings["vcs.revision"] + " with changes"
	}
	return settings["vcs.revision"]
}
