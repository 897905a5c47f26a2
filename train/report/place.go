package report

import (
	"fmt"
	"iter"
	"os"
	"path/filepath"

	"bnlab/train/disk"
	"bnlab/train/experiment"
)

// CheckPlace returns an error where the report of the runs at or below dirs cannot be
// written into the folder out, before it is: because one of its files cannot be
// written, or is, through links or by another name, one that the report is made of,
// one of reads, or another one of the report. What is wrong with the place itself
// is a disk.Unfit.
func CheckPlace(out string, dirs []string, reads ...string) error {
	var files []disk.Output
	for _, name := range filesIn(out) {
		path := filepath.Join(out, name)
		o, err := disk.Locate(path, nil)
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		for _, other := range files {
			if o.Same(other) {
				return fmt.Errorf("%s: %w", path, disk.Unfit("the same file as "+other.Path+"; remove one of the two"))
			}
		}
		files = append(files, o)
	}
	if read, o := disk.Overwritten(readFor(dirs, reads), files...); read != "" {
		return fmt.Errorf("%s: %w", o.Path, disk.Unfit("the same file as "+read+", which is read; remove it, or give the report another folder"))
	}
	return nil
}

// filesIn returns the names of what is in the folder out already of a report's files.
func filesIn(out string) (names []string) {
	for _, name := range []string{summaryFile, tablesFile, pageFile} {
		if _, err := os.Lstat(filepath.Join(out, name)); err == nil {
			names = append(names, name)
		}
	}
	figures, _ := os.ReadDir(filepath.Join(out, figuresDir))
	for _, f := range figures {
		if kind := filepath.Ext(f.Name()); kind == ".svg" || kind == ".png" {
			names = append(names, filepath.Join(figuresDir, f.Name()))
		}
	}
	return names
}

// readFor returns the files that a report of dirs is made of, and reads.
func readFor(dirs, reads []string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, read := range reads {
			if !yield(read) {
				return
			}
		}
		for _, dir := range dirs {
			folders, _ := runFolders(dir) // that there is none is told when they are read
			for _, folder := range append(folders, dir) {
				for file := range experiment.Files(folder) {
					if !yield(file) {
						return
					}
				}
			}
		}
	}
}
