package cifar

import "path/filepath"

// Load reads CIFAR-10 at path, in any of these formats: a folder of the six files,
// binary or as torchvision unpacks them; a folder that contains such a folder or an
// archive under its usual name; or an archive, cifar-10-binary.tar.gz or
// cifar-10-python.tar.gz. The images, and so the digest, are the same byte for byte
// in every format. The error is that of the first bad file in order.
func Load(path string) (Data, error) {
	p, err := locate(path)
	if err != nil {
		return Data{}, err
	}
	if p.empty {
		return Data{}, inputErrorf(path, adviceFolder, "no CIFAR-10 in this folder")
	}
	d := newData("cifar10", ClassNames())
	for _, err := range p.read(d) {
		if err != nil {
			return Data{}, err
		}
	}
	d.Digest = d.digest()
	return d, nil
}

// read fills d with the images at p and returns what is wrong with each of the six
// files.
func (p location) read(d Data) (errs [len(files)]error) {
	if p.file {
		return readArchive(p.path, d)
	}
	d.eachPart(func(i int, part Set) {
		path := filepath.Join(p.path, p.format.name(i))
		f, err := openFile(path, p.format.advice)
		if err == nil {
			err = p.format.read(f, path, part)
			f.Close()
		}
		errs[i] = err
	})
	return errs
}
