package cifar

import (
	"encoding/binary"
	"fmt"
	"io"
	"unicode/utf8"
)

// read fills p.
func (u *unpickler) read(p []byte) {
	if u.err != nil {
		return
	}
	n, err := io.ReadFull(u.r, p)
	u.off += n
	u.readError(err)
}

// readError records an error of the input itself, nil for none.
func (u *unpickler) readError(err error) {
	switch {
	case err == nil:
	case err == io.EOF || err == io.ErrUnexpectedEOF:
		u.at = u.off
		u.fail("truncated: the file ends here")
	default:
		u.err = machineError(fmt.Sprintf("%s: byte %d", u.name, u.off), err)
	}
}

// byte reads one.
func (u *unpickler) byte() byte {
	if u.err != nil {
		return 0
	}
	c, err := u.r.ReadByte()
	if err != nil {
		u.readError(err)
		return 0
	}
	u.off++
	return c
}

// number reads a little-endian number of that many bytes.
func (u *unpickler) number(bytes int) uint64 {
	var p [8]byte
	if u.read(p[:bytes]); u.err != nil {
		return 0
	}
	return binary.LittleEndian.Uint64(p[:])
}

// line reads up to a newline, which is dropped.
func (u *unpickler) line() string {
	var line []byte
	for len(line) < maxText {
		c := u.byte()
		if u.err != nil || c == '\n' {
			return string(line)
		}
		line = append(line, c)
	}
	u.fail("a line of more than %d bytes", maxText)
	return ""
}

// bytes reads a string of n bytes and pushes it.
func (u *unpickler) bytes(n uint64) {
	if n > maxText {
		if u.expectPixels(n == uint64(len(u.pixels)), "a string of %d bytes, expected %d of pixels", n, len(u.pixels)) {
			u.read(u.pixels)
			u.push(inPixels{})
		}
		return
	}
	p := make([]byte, n)
	u.read(p)
	u.pushText(text(p))
}

// characters reads a string of n bytes in UTF-8 and pushes it in Latin-1, which
// is how Python 3 writes bytes as characters.
func (u *unpickler) characters(n uint64) {
	into := u.pixels
	if n > maxText {
		if !u.expectPixels(n <= 2*uint64(len(u.pixels)), "a string of %d bytes, expected at most %d of pixels", n, 2*len(u.pixels)) {
			return
		}
	} else {
		into = make([]byte, n)
	}
	got, end := 0, u.off+int(n)
	for u.off < end && u.err == nil {
		c := u.latin1()
		if got < len(into) {
			into[got] = c
		}
		got++
	}
	switch {
	case u.err == nil && u.off > end:
		u.fail("a string that ends inside a character")
	case n <= maxText:
		u.pushText(text(into[:min(got, len(into))]))
	case got != len(into):
		u.fail("a string of %d characters, expected %d of pixels", got, len(into))
	default:
		u.push(inPixels{})
	}
}

// latin1 reads a UTF-8 character that Latin-1 has.
func (u *unpickler) latin1() byte {
	first := u.byte()
	if first < utf8.RuneSelf {
		return first
	}
	c, size := utf8.DecodeRune([]byte{first, u.byte()})
	if size != 2 || c > 0xff {
		u.fail("a character outside Latin-1")
	}
	return byte(c)
}

// expectPixels reports whether a long string may be the pixels: it is of the right
// length and the first of its kind.
func (u *unpickler) expectPixels(fits bool, problem string, args ...any) bool {
	if u.filled {
		u.fail("a second long string")
	} else if !fits {
		u.fail(problem, args...)
	}
	u.filled = true
	return u.err == nil
}

func (u *unpickler) pushText(t text) {
	if u.texts += len(t); u.texts > maxTexts {
		u.fail("more than %d bytes of text", maxTexts)
	}
	u.push(t)
}
