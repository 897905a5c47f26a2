package dataset

import (
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/term"

	"bnlab/cifar"
	"bnlab/train/message"
)

// stdin is the name of standard input on the command line.
const stdin = "-"

// ReadPicture reads one file, or standard input.
func ReadPicture(in io.Reader, path string, fit cifar.Fit) ([]byte, error) {
	if path == stdin {
		if f, ok := in.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
			return nil, message.Fieldf("-: standard input is the terminal; give it a picture, as in `bnlab predict m.safetensors - < cat.jpg`")
		}
		return cifar.ReadPicture(in, "standard input", fit)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, cifar.FileError(path, "give a PNG, JPEG or GIF file", err)
	}
	defer f.Close()
	return cifar.ReadPicture(f, path, fit)
}

// PictureFiles replaces folders with the pictures in them.
func PictureFiles(args []string) ([]string, error) {
	var files []string
	for _, arg := range args {
		if info, err := os.Stat(arg); arg == stdin || err != nil || !info.IsDir() {
			files = append(files, arg) // reading it reports if it does not exist
			continue
		}
		inside, err := picturesIn(arg)
		if err != nil {
			return nil, err
		}
		files = append(files, inside...)
	}
	return files, nil
}

// picturesIn returns the pictures of a folder by name, without hidden files.
func picturesIn(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, cifar.FileError(dir, "give a folder of pictures", err)
	}
	var files []string
	for _, e := range entries {
		kind := strings.ToLower(filepath.Ext(e.Name()))
		if e.Name()[0] == '.' || !slices.Contains([]string{".png", ".jpg", ".jpeg", ".gif"}, kind) {
			continue
		}
		path := filepath.Join(dir, e.Name())
		if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
			continue // a folder, or a pipe, which would block
		}
		files = append(files, path)
	}
	if len(files) == 0 {
		return nil, message.Fieldf("%s: no *.png, *.jpg, *.jpeg or *.gif in this folder; give one that holds pictures", dir)
	}
	return files, nil
}
