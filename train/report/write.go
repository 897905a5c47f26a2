package report

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"bnlab/train/answer"
	"bnlab/train/atomicfile"
	"bnlab/train/experiment"
)

// The files of a report, and the folder of its figures.
const (
	summaryFile = "summary.json"
	tablesFile  = "tables.md"
	recordsFile = "records.csv"
	pageFile    = "index.html"
	figuresDir  = "figures"
)

// Make reads the records of every run folder at or below each of dirs as Read does, and
// writes their report to the folder out as Write does. The commands that repeat it are those
// of again.
func Make(dirs []string, out string, again func([]Asked) []string) (*Study, error) {
	s, err := Read(dirs)
	if err != nil {
		return nil, err
	}
	s.Again = again
	return s, s.Write(out)
}

// Write writes the files of a report into dir, which it creates if necessary. Every file
// appears whole or not at all, the page last; a link is written through to its target. The
// same records give the same bytes.
func (s *Study) Write(dir string) error {
	if err := atomicfile.MakeDirs(filepath.Join(dir, figuresDir)); err != nil {
		return err
	}
	return s.each(func(name string, content []byte) error {
		to, err := atomicfile.Locate(filepath.Join(dir, name), nil)
		if err != nil {
			return fmt.Errorf("%s: %w", to.Path, err)
		}
		return to.Write(content)
	})
}

// Format is the version of summary.json.
const Format = 1

// JSON returns the study as one JSON object, as in summary.json.
func (s *Study) JSON() ([]byte, error) {
	type run struct {
		Name    string    `json:"name"`
		Stage   string    `json:"stage"`
		Program []string  `json:"program"` // versions that trained the records
		Damaged []Damaged `json:"damaged"`
		experiment.Summary
	}
	whole := struct {
		Format   int      `json:"format"`
		Warnings []string `json:"warnings"`
		Rule     string   `json:"rule"`
		Claims   []Claim  `json:"claims"`
		Runs     []run    `json:"runs"`

		Gradients *experiment.GradientRecord `json:"gradcheck"`
	}{Format: Format, Warnings: s.Warnings, Rule: Rule, Claims: s.Claims, Gradients: s.Gradients}
	for _, r := range s.Runs {
		whole.Runs = append(whole.Runs, run{r.Name, r.Stage, r.Summary.Properties.Texts("program version"), r.Damaged, r.Summary})
	}
	return experiment.JSON(whole)
}

// CheckPlace returns an error if the report of the runs at or below dirs cannot be
// written to the folder out: because one of its files cannot be written, or is the
// same, through links or under another name, as one of the report's inputs, one of
// reads, or another file of the report. An error about the place itself is an
// atomicfile.Unfit, or atomicfile.ErrLink for a link inside a run folder.
func CheckPlace(out string, dirs []string, reads ...string) error {
	if err := checkLinks(out, dirs); err != nil {
		return err
	}
	var files []atomicfile.Output
	for _, path := range reportFiles(out) {
		o, err := atomicfile.Locate(path, nil)
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		for _, other := range files {
			if o.Same(other) {
				return fmt.Errorf("%s: %w", path, atomicfile.Unfit("the same file as "+other.Path+"; remove one of the two"))
			}
		}
		files = append(files, o)
	}
	if len(files) == 0 {
		return nil
	}
	reads = slices.Clone(reads)
	for _, dir := range dirs {
		folders, _ := runFolders(dir) // reading them reports if there are none
		for _, folder := range append(folders, dir) {
			reads = slices.AppendSeq(reads, answer.Files(folder))
		}
	}
	if read, o := atomicfile.Overwritten(slices.Values(reads), files...); read != "" {
		return fmt.Errorf("%s: %w", o.Path, atomicfile.Unfit("the same file as "+read+", which is an input; remove it, or give the report another folder"))
	}
	return nil
}

// checkLinks returns an error if the report's place is in one of the run folders dirs, and
// a link there leads elsewhere: whoever can write to the run may have put it.
func checkLinks(out string, dirs []string) error {
	parent, err := os.Stat(filepath.Dir(filepath.Clean(out)))
	if err != nil {
		return nil // it is to be created
	}
	inside := func(dir string) bool { info, err := os.Stat(dir); return err == nil && os.SameFile(info, parent) }
	if !slices.ContainsFunc(dirs, inside) {
		return nil
	}
	for _, path := range append([]string{filepath.Clean(out), filepath.Join(out, figuresDir)}, reportFiles(out)...) {
		if info, err := os.Lstat(path); err == nil && info.Mode()&os.ModeSymlink != 0 {
			return atomicfile.Named(path, atomicfile.ErrLink)
		}
	}
	return nil
}

// reportFiles returns the existing files of a report in the folder out.
func reportFiles(out string) (paths []string) {
	for _, name := range []string{summaryFile, tablesFile, recordsFile, pageFile, answer.QuestionFile} {
		if _, err := os.Lstat(filepath.Join(out, name)); err == nil {
			paths = append(paths, filepath.Join(out, name))
		}
	}
	figures, _ := os.ReadDir(filepath.Join(out, figuresDir))
	for _, f := range figures {
		if slices.Contains([]string{".svg", ".png", ".csv"}, filepath.Ext(f.Name())) {
			paths = append(paths, filepath.Join(out, figuresDir, f.Name()))
		}
	}
	return paths
}
