package atomicfile

import (
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"regexp"
	"unicode/utf8"
)

// nameMax is the maximum length of a file name, in bytes, on the usual file systems.
const nameMax = 255

// tempMore is how many bytes the name of a hidden file is longer than that of the file
// being written.
const tempMore = len("..") + 16 + len(".tmp")

// Short returns a base name to which up to more bytes can be added, with room for the
// name of its hidden file. It is name itself if that is short enough, else its
// beginning and a checksum of the whole.
func Short(name string, more int) string {
	room := nameMax - tempMore - more
	if len(name) <= room {
		return name
	}
	sum := fmt.Sprintf("~%.8x", sha256.Sum256([]byte(name)))
	cut := room - len(sum)
	for back := 1; back < utf8.UTFMax && !utf8.RuneStart(name[cut]); back++ {
		cut-- // file systems may refuse part of a character
	}
	return name[:cut] + sum
}

// tempName returns a name for the hidden file that is to become the file name.
func tempName(name string) string {
	return fmt.Sprintf(".%s.%016x.tmp", Short(name, 0), rand.Uint64())
}

// tempForm matches the names of hidden files, tempOld those of earlier versions.
var (
	tempForm = regexp.MustCompile(`^\.(.*)\.[0-9a-f]{16}\.tmp$`)
	tempOld  = regexp.MustCompile(`^\.(.*?)[0-9]{11,19}$`)
)

// Hidden returns the name of the file that the hidden file name was to become, and
// whether name is that of a hidden file at all.
func Hidden(name string) (of string, ok bool) {
	for _, form := range []*regexp.Regexp{tempForm, tempOld} {
		if parts := form.FindStringSubmatch(name); parts != nil {
			return parts[1], true
		}
	}
	return "", false
}
