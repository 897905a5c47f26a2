package cifar

// Synthetic draws the synthetic set: 50000 training and 10000 test images, the
// same bytes on every machine.
func Synthetic() Data {
	d := newData("synthetic", ClassNames())
	d.Digest = d.digest()
	return d
}
