package cifar

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// Limits on what a pickle may make the reader hold. A batch of CIFAR-10 takes 40000 to
// 60000 operations and 400 kB of text, most of it file names.
const (
	maxOperations = 1 << 18
	maxText       = 1 << 12 // bytes of a string; longer ones must be the pixels
	maxTexts      = 1 << 24 // bytes of all of them
)

// unpickler runs a pickle, which is a program, as far as a batch of CIFAR-10 needs it:
// it builds numbers, strings, lists, tuples, dictionaries and one array of bytes. It
// never looks up a name or calls anything: the few functions used to pickle an array
// are interpreted (see reduce), and every other name is refused.
//
// The library gopickle allocates whatever length the file states before reading on, so
// twenty bytes could crash the program.
//
// The first error is kept, and from then on everything read is zero.
type unpickler struct {
	r    *bufio.Reader
	name string // of the input
	off  int    // bytes read
	at   int    // where the current operation begins
	err  error

	stack []any
	marks []int // heights of the stack
	memo  map[uint32]any
	texts int // bytes of all strings so far

	// pixels is filled by the one string that is too long for a text.
	pixels []byte
	filled bool
}

// Values on the stack: nil, bool, int, text, and these.
type (
	text     string // bytes, or characters of Latin-1
	global   string // "module.name" of a function or class
	tuple    []any
	list     struct{ items []any }
	dict     map[text]any
	inPixels struct{} // what has filled unpickler.pixels
	dtype    struct{ name text }
	array    struct {
		dtype   *dtype
		shape   tuple
		columns bool // the elements lie column by column
		data    any  // text or inPixels
	}
)

// unpickle returns the value in the pickle r, which must end there. A string too long
// for a text must be as long as pixels, fills it and becomes an inPixels.
func unpickle(r io.Reader, name string, pixels []byte) (any, error) {
	u := &unpickler{r: bufio.NewReader(r), name: name, memo: map[uint32]any{}, pixels: pixels}
	for n := 0; u.err == nil; n++ {
		u.at = u.off
		code := u.byte()
		if code == opStop {
			break
		}
		operation := operations[code]
		switch {
		case u.err != nil:
		case operation == nil:
			u.fail("operation %#02x (%q), which no batch of CIFAR-10 has", code, code)
		case n == maxOperations:
			u.fail("more than %d operations", n)
		default:
			operation(u)
		}
	}
	value := u.pop()
	if u.err == nil {
		if _, err := u.r.ReadByte(); err == nil {
			u.at = u.off
			u.fail("continues after its end")
		}
	}
	return value, u.err
}

// fail records what is wrong with the current operation, unless there was an earlier
// error.
func (u *unpickler) fail(problem string, args ...any) {
	if u.err == nil {
		u.err = inputErrorf(u.name, advicePickle, "byte %d: %s", u.at, fmt.Sprintf(problem, args...))
	}
}

func (u *unpickler) push(v any) { u.stack = append(u.stack, v) }

// pop takes the top of the stack, above the last mark; nil if there is none.
func (u *unpickler) pop() any {
	n := len(u.stack) - 1
	if n < 0 || len(u.marks) > 0 && n < u.marks[len(u.marks)-1] {
		u.fail("takes a value where there is none")
		return nil
	}
	v := u.stack[n]
	u.stack = u.stack[:n]
	return v
}

// popMark takes everything above the last mark, and the mark.
func (u *unpickler) popMark() []any {
	last := len(u.marks) - 1
	if last < 0 {
		u.fail("takes values up to a mark where there is none")
		return nil
	}
	from := u.marks[last]
	u.marks = u.marks[:last]
	values := append([]any(nil), u.stack[from:]...)
	u.stack = u.stack[:from]
	return values
}

// put remembers the top of the stack.
func (u *unpickler) put(key uint32) {
	v := u.pop()
	u.push(v)
	u.memo[key] = v
}

// get pushes what was remembered.
func (u *unpickler) get(key uint32) {
	v, ok := u.memo[key]
	if !ok {
		u.fail("recalls value %d, which was not kept", key)
	}
	u.push(v)
}

// pushGlobal pushes the name of a function or class, one of those used to pickle a
// NumPy array.
func (u *unpickler) pushGlobal(module, name string) {
	g := global(strings.Replace(module, "numpy._core", "numpy.core", 1) + "." + name)
	if _, ok := functions[g]; !ok {
		u.fail("names %.80q, which no batch of CIFAR-10 has; nothing was executed", module+"."+name)
	}
	u.push(g)
}
