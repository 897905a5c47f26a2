package cifar

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"math/rand/v2"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
)

// someImages returns n images with labels, the same in every call.
func someImages(n int) Set {
	s, random := newSet(n), rand.New(rand.NewPCG(1, 2))
	for i := range s.Pixels {
		s.Pixels[i] = byte(random.Uint32())
	}
	for i := range s.Labels {
		s.Labels[i] = uint8(random.IntN(Classes))
	}
	return s
}

// dialect writes the values of a batch as one version of Python and numpy does.
type dialect struct {
	name         string
	start        string
	word         func(string) string           // a short string of the program's own
	key          func(string) string           // a key of the dictionary
	array        func(d dialect, s Set) string // the pixels
	bytes        func(string) string           // the bytes in them
	global       func(module, n string) string // a name
	keep, recall func(key int) string          // the memo
}

func le(n, bytes int) string {
	return string(binary.LittleEndian.AppendUint64(nil, uint64(n))[:bytes])
}

func shortString(s string) string  { return "U" + le(len(s), 1) + s }
func longString(s string) string   { return "T" + le(len(s), 4) + s }
func unicode(s string) string      { return "X" + le(len(latin1(s)), 4) + latin1(s) }
func shortUnicode(s string) string { return "\x8c" + le(len(s), 1) + s }
func put(key int) string           { return "q" + le(key, 1) }
func get(key int) string           { return "h" + le(key, 1) }
func getLong(key int) string       { return "j" + le(key, 4) }
func memoize(int) string           { return "\x94" }

func globalLine(module, name string) string { return "c" + module + "\n" + name + "\n" }
func stackGlobal(module, name string) string {
	return shortUnicode(module) + shortUnicode(name) + "\x93"
}

// latin1 writes bytes as characters in UTF-8.
func latin1(s string) string {
	var b strings.Builder
	for i := range len(s) {
		b.WriteRune(rune(s[i]))
	}
	return b.String()
}

// latin1Encoded is how Python 3 writes bytes in protocol 2.
func latin1Encoded(s string) string {
	return globalLine("_codecs", "encode") + unicode(s) + unicode("latin1") + "\x86R"
}

// reconstructed is the way of an array up to protocol 4.
func reconstructed(d dialect, s Set) string {
	return d.global("numpy.core.multiarray", "_reconstruct") + d.global("numpy", "ndarray") + "K\x00\x85" + d.bytes("b") + "\x87R" + d.keep(1) +
		"(K\x01M" + le(s.Len(), 2) + "M" + le(Dim, 2) + "\x86" + d.typed() + "\x89" + d.bytes(string(s.Pixels)) + "tb"
}

// fromBuffer is the way of an array in protocol 5 and numpy 2.
func fromBuffer(d dialect, s Set) string {
	return d.global("numpy._core.numeric", "_frombuffer") + "(\x96" + le(len(s.Pixels), 8) + string(s.Pixels) +
		d.typed() + "M" + le(s.Len(), 2) + "M" + le(Dim, 2) + "\x86" + d.word("C") + "tR"
}

// typed is the type of bytes.
func (d dialect) typed() string {
	return d.global("numpy", "dtype") + d.word("u1") + "K\x00K\x01\x87R" + "(K\x03" + d.word("|") + "NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb"
}

var dialects = []dialect{
	{"Python 2", "\x80\x02", shortString, shortString, reconstructed, longString, globalLine, put, get},
	{"Python 3, protocol 2", "\x80\x02", unicode, latin1Encoded, reconstructed, latin1Encoded, globalLine, put, getLong},
	{"Python 3, protocol 5", "\x80\x05\x95" + le(1<<40, 8), shortUnicode, shortUnicode, fromBuffer, nil, stackGlobal, memoize, get},
}

// batch returns a whole pickle of s, with what else the originals hold.
func (d dialect) batch(s Set) string {
	labels := "]("
	for _, y := range s.Labels {
		labels += "K" + le(int(y), 1)
	}
	return d.start + "}" + d.keep(0) + "(" +
		d.key("batch_label") + d.word("training batch 1 of 5") + d.key("labels") + labels + "e" +
		d.key("data") + d.array(d, s) +
		d.key("filenames") + "](" + d.word("leptodactylus_pentadactylus_s_000004.png") + d.word("camion_s_000148.png") + "eu."
}

// batchOf reads a pickle of n images.
func batchOf(pickle string, n int) (Set, error) {
	s := newSet(n)
	err := readBatch(strings.NewReader(pickle), "data_batch_1", s)
	return s, err
}

// TestBatch reads what each dialect writes, with pixels that are a text among
// others and pixels that are read in place.
func TestBatch(t *testing.T) {
	for _, d := range dialects {
		for n := 1; n <= 3; n++ {
			want := someImages(n)
			got, err := batchOf(d.batch(want), n)
			if err != nil {
				t.Errorf("%s, %d images: %v", d.name, n, err)
			} else if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s, %d images (-want +got):\n%.500s", d.name, n, diff)
			}
		}
	}
}

// TestBatchByColumns reads an array that numpy has transposed.
func TestBatchByColumns(t *testing.T) {
	want := someImages(2)
	turned := Set{Pixels: make([]byte, 2*Dim), Labels: want.Labels}
	for i := range 2 {
		for j, p := range want.Image(i) {
			turned.Pixels[2*j+i] = p
		}
	}
	for d, change := range map[int]func(string) string{
		0: func(p string) string { return strings.Replace(p, "tb\x89T", "tb\x88T", 1) },
		2: func(p string) string { return strings.Replace(p, shortUnicode("C"), shortUnicode("F"), 1) },
	} {
		got, err := batchOf(change(dialects[d].batch(turned)), 2)
		if err != nil {
			t.Fatal(err)
		}
		if !cmp.Equal(want, got) {
			t.Errorf("%s: not what was written", dialects[d].name)
		}
	}
}

// TestBatchCut cuts a pickle at every byte.
func TestBatchCut(t *testing.T) {
	for _, d := range dialects {
		whole := d.batch(someImages(2))
		for n := range len(whole) {
			if n > 700 && n < len(whole)-300 {
				continue // inside the pixels
			}
			_, err := batchOf(whole[:n], 2)
			wantInputError(t, err, "data_batch_1", fmt.Sprintf("byte %d: truncated: the file ends here", n))
		}
	}
}

func TestBatchDamaged(t *testing.T) {
	python2 := dialects[0].batch(someImages(2))
	characters := dialects[1].batch(someImages(2))
	replace := func(p, old, new string) string {
		if !strings.Contains(p, old) {
			t.Fatalf("no %q to replace", old)
		}
		return strings.Replace(p, old, new, 1)
	}
	for name, c := range map[string]struct{ pickle, problem string }{
		"empty":               {"", "byte 0: truncated: the file ends here"},
		"records":             {"\x06" + strings.Repeat("\x3b", Dim), `byte 0: operation 0x06 ('\x06'), which no batch of CIFAR-10 has`},
		"protocol 0":          {"(dp0\n", `byte 1: operation 0x64 ('d'), which no batch of CIFAR-10 has`},
		"protocol 6":          {"\x80\x06}.", "byte 0: protocol 6, expected 2 to 5"},
		"a shell":             {"\x80\x02cposix\nsystem\nq\x00U\x09rm -rf ~/\x85R.", `byte 2: names "posix.system", which no batch of CIFAR-10 has; nothing was executed`},
		"a shell, Python 3":   {"\x80\x04\x8c\x08builtins\x8c\x04eval\x93\x8c\x011\x85R.", `byte 18: names "builtins.eval", which no batch of CIFAR-10 has; nothing was executed`},
		"a long name":         {"c" + strings.Repeat("a", 1<<13), "byte 0: a line of more than 4096 bytes"},
		"calls a text":        {"\x80\x02U\x01a)R.", `byte 6: calls "" in a way that no batch of CIFAR-10 does`},
		"calls a class":       {"\x80\x02cnumpy\nndarray\n)R.", `byte 18: calls "numpy.ndarray" in a way that no batch of CIFAR-10 does`},
		"an extension":        {"\x80\x02\x82\x01.", `byte 2: operation 0x82 ('\u0082'), which no batch of CIFAR-10 has`},
		"nothing":             {"\x80\x02.", "byte 2: takes a value where there is none"},
		"goes on":             {python2 + "\x00", fmt.Sprintf("byte %d: continues after its end", len(python2))},
		"no mark":             {"\x80\x02t.", "byte 2: takes values up to a mark where there is none"},
		"below a mark":        {"\x80\x02N(0", `byte 4: operation 0x30 ('0'), which no batch of CIFAR-10 has`},
		"takes a mark":        {"\x80\x02N(\x85.", "byte 4: takes a value where there is none"},
		"not kept":            {"\x80\x02h\x07.", "byte 2: recalls value 7, which was not kept"},
		"appends to none":     {"\x80\x02NNa.", "byte 4: appends to something that is not a list"},
		"sets in a list":      {"\x80\x02]U\x01aNs.", "byte 7: sets a key outside a dictionary, or without a value"},
		"key without value":   {"\x80\x02}(U\x01au.", "byte 7: sets a key outside a dictionary, or without a value"},
		"a list as key":       {"\x80\x02}]Ns.", "byte 5: a key that is not a string"},
		"a state for none":    {"\x80\x02N)b.", "byte 4: gives a state to something without one"},
		"a long number":       {"\x80\x02\x8a\x08", "byte 2: a number of 8 bytes"},
		"2 GB of string":      {"\x80\x02T\xff\xff\xff\x7f", "byte 2: a string of 2147483647 bytes, expected 6144 of pixels"},
		"8 EB of bytes":       {"\x80\x02\x8e\xff\xff\xff\xff\xff\xff\xff\xff", "byte 2: a string of 18446744073709551615 bytes, expected 6144 of pixels"},
		"8 EB of text":        {"\x80\x02\x8d\xff\xff\xff\xff\xff\xff\xff\xff", "byte 2: a string of 18446744073709551615 bytes, expected at most 12288 of pixels"},
		"too few characters":  {"X" + le(5000, 4) + strings.Repeat("a", 5000), "byte 0: a string of 5000 characters, expected 6144 of pixels"},
		"too many characters": {"X" + le(6145, 4) + strings.Repeat("a", 6145), "byte 0: a string of 6145 characters, expected 6144 of pixels"},
		"half a character":    {"X" + le(1, 4) + "\xc3\xa4.", "byte 0: a string that ends inside a character"},
		"no Latin":            {"X" + le(3, 4) + "€.", "byte 0: a character outside Latin-1"},
		"no UTF-8":            {"X" + le(2, 4) + "\xff\xff.", "byte 0: a character outside Latin-1"},
		"pixels twice":        {"T" + le(2*Dim, 4) + strings.Repeat("a", 2*Dim) + "T" + le(2*Dim, 4), fmt.Sprintf("byte %d: a second long string", 5+2*Dim)},
		"many operations":     {strings.Repeat("]", maxOperations+1), fmt.Sprintf("byte %d: more than %d operations", maxOperations, maxOperations)},
		"many texts":          {strings.Repeat("T"+le(maxText, 4)+strings.Repeat("a", maxText), maxTexts/maxText+1), fmt.Sprintf("byte %d: more than %d bytes of text", maxTexts/maxText*(maxText+5), maxTexts)},

		"a list":          {"\x80\x02].", "the pickle holds no dictionary"},
		"an empty one":    {"\x80\x02}.", `"data" is not a NumPy array`},
		"no data":         {replace(python2, "U\x04data", "U\x04date"), `"data" is not a NumPy array`},
		"no labels":       {replace(python2, "U\x06labels", "U\x06Labels"), `"labels" is not a list`},
		"floats":          {replace(python2, "U\x02u1", "U\x02f4"), `"data" is not an array of bytes (uint8)`},
		"wide":            {replace(python2, "M"+le(Dim, 2), "M"+le(Dim+1, 2)), "\"data\" is not of shape 2×3072"},
		"flat":            {replace(python2, "K\x01M"+le(2, 2)+"M"+le(Dim, 2)+"\x86", "K\x01M"+le(2*Dim, 2)+"\x85"), "\"data\" is not of shape 2×3072"},
		"no bytes":        {replace(python2, "tb\x89T"+le(2*Dim, 4), "tb\x89NT"+le(2*Dim, 4)), `"data" is an array without its bytes`},
		"label 10":        {replace(python2, "](K", "](K\x0aK"), `"labels" has 3 elements, expected 2`},
		"a label of text": {replace(characters, "](K"+le(int(someImages(2).Labels[0]), 1), "]("+unicode("1")), `"labels" element 0 is not a number from 0 to 9`},
		"a large label":   {replace(python2, "](K"+le(int(someImages(2).Labels[0]), 1), "](K\x0a"), `"labels" element 0 is not a number from 0 to 9`},
		"a label below 0": {replace(python2, "](K"+le(int(someImages(2).Labels[0]), 1), "](J\xff\xff\xff\xff"), `"labels" element 0 is not a number from 0 to 9`},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := batchOf(c.pickle, 2)
			wantInputError(t, err, "data_batch_1", c.problem)
		})
	}
}

// TestBatchUnreadable asserts that a disk error does not count as an error in the file.
func TestBatchUnreadable(t *testing.T) {
	whole := dialects[0].batch(someImages(2))
	r := io.MultiReader(strings.NewReader(whole[:100]), iotest.ErrReader(syscall.EACCES))
	err := readBatch(r, "data_batch_1", newSet(2))
	if got := fmt.Sprint(err); got != "data_batch_1: byte 100: permission denied" {
		t.Error(got)
	}
}

// TestBatchMemory bounds what hostile pickles of some megabytes make the reader
// allocate.
func TestBatchMemory(t *testing.T) {
	const size = 4 << 20
	for name, pickle := range map[string]string{
		"lists":        strings.Repeat("]", size),
		"dictionaries": strings.Repeat("}", size),
		"marks":        strings.Repeat("(", size),
		"tuples":       "N" + strings.Repeat("\x85", size),
		"kept":         "N" + strings.Repeat("\x94", size),
		"texts":        strings.Repeat("U\xff"+strings.Repeat("a", 255), size/257),
		"claims":       "}" + strings.Repeat("\x8e\xff\xff\xff\xff\xff\xff\xff\x7f", size/9),
		"doubling":     "]" + strings.Repeat("((", 1000) + strings.Repeat("te", 1000),
	} {
		t.Run(name, func(t *testing.T) {
			var before, after runtime.MemStats
			s := newSet(2)
			runtime.ReadMemStats(&before)
			err := readBatch(strings.NewReader(pickle), name, s)
			runtime.ReadMemStats(&after)
			if err == nil {
				t.Error("no error")
			}
			if got := after.TotalAlloc - before.TotalAlloc; got > 16*size {
				t.Errorf("%d bytes allocated for %d read", got, len(pickle))
			}
		})
	}
}

// FuzzBatch asserts that whatever comes in, the reader ends without much memory,
// and that what it accepts is sound and the same when read again in small pieces.
func FuzzBatch(f *testing.F) {
	for _, d := range dialects {
		f.Add([]byte(d.batch(someImages(1))))
		f.Add([]byte(d.batch(someImages(2))))
	}
	for _, d := range dialects { // the same without the pixels, in which changes are lost
		whole := d.batch(newSet(2))
		f.Add([]byte(strings.Replace(whole, strings.Repeat("\x00", 2*Dim), "", 1)))
	}
	f.Add([]byte("\x80\x02cposix\nsystem\nU\x02id\x85R."))
	f.Add([]byte("\x80\x02}q\x00(h\x00h\x00u."))
	f.Add([]byte("\x80\x02]q\x00h\x00a."))
	f.Fuzz(func(t *testing.T, pickle []byte) {
		s, again := newSet(2), newSet(2)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		err := readBatch(bytes.NewReader(pickle), "fuzz", s)
		runtime.ReadMemStats(&after)
		if used := after.TotalAlloc - before.TotalAlloc; used > uint64(1<<16+200*len(pickle)) {
			t.Errorf("%d bytes allocated for %d", used, len(pickle))
		}
		if err == nil && bytes.ContainsFunc(s.Labels, func(y rune) bool { return y >= Classes }) {
			t.Errorf("labels %v", s.Labels)
		}
		err2 := readBatch(iotest.OneByteReader(bytes.NewReader(pickle)), "fuzz", again)
		if fmt.Sprint(err) != fmt.Sprint(err2) || err == nil && !cmp.Equal(s, again) {
			t.Errorf("%v, read in pieces %v", err, err2)
		}
	})
}
