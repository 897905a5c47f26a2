package cifar

import (
	"cmp"
	"errors"
	"os"
	"path/filepath"

	"bnlab/cifar/fetch"
)

// Archive describes CIFAR-10's binary version as its authors publish it, and where to
// download it. Besides the six files it holds the list of class names and a page that
// links to the authors' site.
//
// The authors give only an MD5 sum, c32a1d4ab5d03f1284b67883e8d87530, at
// https://www.cs.toronto.edu/~kriz/cifar.html. Size and SHA-256 are those that other
// libraries check the same archive against, among them GoMLX and torchvision for Ruby.
// The latter also has the same sums of the six files, which are checked again when they
// are unpacked.
func Archive() fetch.Archive {
	a := fetch.Archive{
		URLs: []string{
			"https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz",
			// The target of the first, as of 2026, through an unencrypted redirect,
			// which is refused.
			"https://cave.cs.toronto.edu/kriz/cifar-10-binary.tar.gz",
			// A copy that MindSpore's tutorials use.
			"https://mindspore-website.obs.cn-north-4.myhuaweicloud.com/notebook/datasets/cifar-10-binary.tar.gz",
		},
		Size:   170052171,
		SHA256: "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
		Folder: folder,
		Files:  []fetch.File{{Name: "batches.meta.txt", Size: 1 << 12}, {Name: "readme.html", Size: 1 << 12}},
	}
	for _, f := range files {
		a.Files = append(a.Files, fetch.File{Name: f.name, Size: FileRecords * RecordSize, SHA256: f.sum})
	}
	return a
}

// FetchFolder returns the folder to put CIFAR-10 into: flag if given, else
// $CIFAR10_DIR if set, else the folder where [Find] finds the binary files, else the
// place in the user's cache folder where Find looks last. A path that cannot be a
// folder is an [*InputError].
func FetchFolder(flag string) (string, error) {
	if dir := cmp.Or(flag, os.Getenv("CIFAR10_DIR")); dir != "" {
		return dir, canBeFolder(dir)
	}
	// The binary files cannot go into an archive or torchvision's folder.
	if dir, err := Find(""); filepath.Base(dir) == folder || err != nil {
		return dir, err
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", settingErrorf("data", "", "give a folder", "no cache folder for CIFAR-10: %v", err)
	}
	dir := filepath.Join(cache, "bnlab", folder)
	return dir, canBeFolder(dir)
}

// canBeFolder returns an error if dir exists but is not a folder, or is a dangling
// link: its target may be on a disk that is not mounted, where the space was intended.
func canBeFolder(dir string) error {
	const advice = "give another folder with {data}"
	info, err := os.Stat(dir)
	switch {
	case err == nil && !info.IsDir():
		return inputErrorf(dir, advice, "a file, expected a folder")
	case err == nil:
		return nil
	case !errors.Is(err, os.ErrNotExist):
		return FileError(dir, advice, err)
	}
	if _, err := os.Lstat(filepath.Clean(dir)); err == nil {
		return inputErrorf(dir, "create the folder that it points to", "a dangling link")
	}
	return nil
}
