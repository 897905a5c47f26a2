package cifar

import (
	"os"
	"path/filepath"
)

// folder is the name of CIFAR-10's binary files in their archive and in all
// default places.
const folder = "cifar-10-batches-bin"

// Find returns where CIFAR-10 lies, a folder or an archive that [Load] reads. It
// looks at flag if given, else at $CIFAR10_DIR if set, else in the folder data and
// then in bnlab in the user's cache folder, in each for cifar-10-batches-bin,
// cifar-10-batches-py and the archives, in this order. It returns "" if there is
// none. If what flag or $CIFAR10_DIR names is not there, that is an [*InputError]:
// the search never passes over what the user asked for.
func Find(flag string) (string, error) {
	for _, path := range []string{flag, os.Getenv("CIFAR10_DIR")} {
		if path != "" {
			p, err := locate(path)
			return p.path, err
		}
	}
	places := []string{"data"}
	if cache, err := os.UserCacheDir(); err == nil {
		places = append(places, filepath.Join(cache, "bnlab"))
	}
	for _, path := range places {
		if p, err := locate(path); err == nil && p.path != path {
			return p.path, nil
		}
	}
	return "", nil
}
