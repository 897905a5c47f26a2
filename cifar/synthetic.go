package cifar

// SyntheticDigest is the Digest of the synthetic set, which never changes.
const SyntheticDigest = "e3bf6572d088e285c65ad6d2fdd10c3d6d43ca89756b65570ea0866e236778f8"

// Seeds of the synthetic set's generators.
const (
	seedImages = 0x5ce7e5
	seedLabels = 0x1abe15
)

// Synthetic draws the synthetic set: 50000 training and 10000 test images of ten
// shapes, equally many of each. Each shape has a random place, size, rotation,
// colour and contrast, and is lighter or darker than an uneven ground, under noise.
// The colours of shape and ground lean a little towards those of the class. A linear
// classifier can learn only from that; learning the shapes themselves takes hidden
// layers.
//
// The set is the same on every machine: each image has its own generator, seeded by
// its number, and is drawn in integers, on all cores at once.
func Synthetic() Data {
	d := newData("synthetic", shapeNames())
	drawLabels(d.Train.Labels, 0)
	drawLabels(d.Test.Labels, 1)
	d.eachPart(func(p int, part Set) {
		for i, label := range part.Labels {
			drawImage(part.Image(i), label, newRNG(seedImages, uint64(p*FileRecords+i)))
		}
	})
	d.Digest = d.digest()
	return d
}

// drawLabels fills labels with as many of each class, shuffled from the inside out.
func drawLabels(labels []uint8, stream uint64) {
	r := newRNG(seedLabels, stream)
	for i := range labels {
		j := r.between(0, i)
		labels[i] = labels[j]
		labels[j] = uint8(i % Classes)
	}
}
