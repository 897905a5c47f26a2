package cifar

import (
	"crypto/sha256"
	"fmt"
	"strings"
	"sync"
)

// files are the parts of CIFAR-10 in order, five of training images and one of
// test images, with the SHA-256 sums of the originals.
var files = [...]struct{ name, sum string }{
	{"data_batch_1.bin", "cee916563c9f80d84e3cc88e17fdc0941787f1244f00a67874d45b261883ada5"},
	{"data_batch_2.bin", "a591ca11fa1708a91ee40f54b3da4784ccd871ecf2137de63f51ada8b3fa57ed"},
	{"data_batch_3.bin", "bbe8596564c0f86427f876058170b84dac6670ddf06d79402899d93ceea26f67"},
	{"data_batch_4.bin", "014e562d6e23c72197cc727519169a60359f5eccd8945ad5a09d710285ff4e48"},
	{"data_batch_5.bin", "755304fc0b379caeae8c14f0dac912fbc7d6cd469eb67a1029a08a39453a9add"},
	{"test_batch.bin", "8e2eb146ae340b09e24670f29cabc6326dba54da8789dab6768acf480273f65b"},
}

// Number of images of the whole data set, real or synthetic.
const (
	trainRecords = (len(files) - 1) * FileRecords
	testRecords  = FileRecords
)

// Data is a whole data set.
type Data struct {
	Name    string   // "cifar10", altered or not, or "synthetic"
	Digest  string   // SHA-256 in hex, see below
	Classes []string // names of the classes in the order of their labels
	Train   Set      // 50000 images, in the order of the five files
	Test    Set      // 10000 images
}

// OriginalDigest is the Digest of the unaltered CIFAR-10. It and every other
// Digest is the SHA-256 of the list of the six files' SHA-256 sums, so that
//
//	sha256sum data_batch_?.bin test_batch.bin | sha256sum
//
// prints the same, and the files can be hashed on several cores at once.
const OriginalDigest = "5fdcf57d170bdbc7da569af1dabd64d7d3c7507e9e7aa861fc7b691d5355c232"

// newData returns a data set of black images.
func newData(name string, classes []string) Data {
	return Data{Name: name, Classes: classes, Train: newSet(trainRecords), Test: newSet(testRecords)}
}

// eachPart calls f for the part of each of the six files, concurrently.
func (d Data) eachPart(f func(i int, part Set)) {
	var wg sync.WaitGroup
	for i := range files {
		wg.Go(func() { f(i, d.part(i)) })
	}
	wg.Wait()
}

// part returns the view of the images in file i.
func (d Data) part(i int) Set {
	if start := i * FileRecords; start < d.Train.Len() {
		return d.Train.Slice(start, start+FileRecords)
	}
	return d.Test
}

// digest hashes the six parts; see [OriginalDigest] for the definition.
func (d Data) digest() string {
	var sums [len(files)]string
	d.eachPart(func(i int, part Set) { sums[i] = part.sum() })
	return listDigest(sums)
}

// sum returns the SHA-256, in hex, of the set as records.
func (s Set) sum() string {
	h := sha256.New()
	s.WriteTo(h) // a hash never fails
	return fmt.Sprintf("%x", h.Sum(nil))
}

// listDigest returns the SHA-256 of the list of sums as sha256sum prints it.
func listDigest(sums [len(files)]string) string {
	var lines strings.Builder
	for i, sum := range sums {
		fmt.Fprintf(&lines, "%s  %s\n", sum, files[i].name)
	}
	return fmt.Sprintf("%x", sha256.Sum256([]byte(lines.String())))
}
