package cifar

import (
	"os"
	"path/filepath"
)

// folder is the name of CIFAR-10's folder in its archive and in all default places.
const folder = "cifar-10-batches-bin"

// Find returns the folder of CIFAR-10: flag if given, else $CIFAR10_DIR if set,
// else the first that exists of data/cifar-10-batches-bin in the working folder
// and bnlab/cifar-10-batches-bin in the user's cache folder. It returns "" when
// there is none. A folder that flag or $CIFAR10_DIR names but that is not there
// is an [*InputError]: the search never passes over what the user asked for.
func Find(flag string) (string, error) {
	for _, dir := range []string{flag, os.Getenv("CIFAR10_DIR")} {
		if dir != "" {
			if err := checkFolder(dir); err != nil {
				return "", err
			}
			return dir, nil
		}
	}
	places := []string{filepath.Join("data", folder)}
	if cache, err := os.UserCacheDir(); err == nil {
		places = append(places, filepath.Join(cache, "bnlab", folder))
	}
	for _, dir := range places {
		if checkFolder(dir) == nil {
			return dir, nil
		}
	}
	return "", nil
}
