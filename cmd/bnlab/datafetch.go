package main

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"bnlab/cifar"
	"bnlab/cifar/fetch"
	"bnlab/cmd/internal/results"
	"bnlab/cmd/internal/screen"
	"bnlab/cmd/internal/shell"
)

type fetchOptions struct {
	Data   string   `flag:"data" arg:"DIR" group:"Data" help:"put the files into DIR (default: $CIFAR10_DIR, ./data/cifar-10-batches-bin if it exists, the user's cache)"`
	URL    []string `flag:"url" arg:"URL" help:"fetch from URL instead of the known addresses; repeat it for more, tried in order; http is allowed here"`
	SHA256 string   `flag:"sha256" arg:"HEX" help:"SHA-256 in HEX of a different archive at --url; its six files must still be the originals"`
	shell.Progress
	shell.Format
}

func fetchCommand() *shell.Command {
	return shell.New(shell.Command{
		Name:  "fetch",
		Usage: "download CIFAR-10 (170 MB) and check it",
		Description: `The authors' server is sometimes slow. Ctrl-C is safe: the same command resumes the
download, as it does after a lost connection. Size and SHA-256 are checked before
anything is unpacked, and a new folder appears only when all its files are the
originals. An existing folder, such as a mounted volume, gets the files that it lacks;
those that it has are checked and left alone. This takes 355 MB of disk space, half of
it temporarily.

Exit code 3 if the download or an existing file is not the original; 1 if the
download failed; 130 if interrupted.

Examples:
  bnlab data fetch
  bnlab data fetch --data data/cifar-10-batches-bin
  bnlab data fetch --url https://mirror.example/cifar-10-binary.tar.gz`,
	}, fetchOptions{}, "", fetchData)
}

// originals is what data fetch fetches. Tests put a small one in its place.
var originals = cifar.Archive

func fetchData(ctx context.Context, call *shell.Call, o fetchOptions) error {
	if err := call.NotStdout("data", o.Data); err != nil {
		return err
	}
	a, err := o.archive(call)
	if err != nil {
		return err
	}
	dir, err := cifar.FetchFolder(o.Data)
	if err != nil {
		return err
	}
	start := time.Now()
	progress := screen.NewFetchProgress(call.Err, o.Quiet, a.Size)
	result, err := fetch.New(a, progress).Run(ctx, dir)
	progress.Close()
	if err != nil {
		return fetchError(err, result.Kept, a.Part(dir))
	}
	return call.Print(o.JSON, results.Fetched{
		Dir: dir, There: result.There, URL: result.URL, Bytes: result.Bytes, Seconds: time.Since(start).Seconds(),
	})
}

// archive returns the archive described by the flags.
func (o fetchOptions) archive(call *shell.Call) (fetch.Archive, error) {
	a := originals()
	if len(o.URL) > 0 {
		a.URLs = o.URL
		for _, address := range o.URL {
			u, err := url.Parse(address)
			if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
				return a, shell.Usagef("--url %q: give an address such as https://host/cifar-10-binary.tar.gz", address)
			}
		}
	}
	sum := o.SHA256
	if sum == "" {
		return a, nil
	}
	if b, err := hex.DecodeString(sum); err != nil || len(b) != 32 {
		return a, call.Bad("sha256", "give the 64 hexadecimal digits that sha256sum prints")
	}
	if !call.IsSet("url") {
		return a, shell.Usagef("--sha256: give the address of that archive too, with --url")
	}
	a.SHA256, a.Size = strings.ToLower(sum), 0
	return a, nil
}

// fetchError gives an error its exit code, and says what is kept for the next call.
func fetchError(err error, bytes int64, part string) error {
	kept := ""
	if bytes > 0 {
		kept = fmt.Sprintf("; %s kept in %s, the same command resumes it", screen.Bytes(bytes), part)
	}
	switch {
	case errors.Is(err, context.Canceled):
		return fmt.Errorf("%w%s", shell.ErrInterrupted, kept)
	case errors.Is(err, fetch.ErrCheck):
		err = fmt.Errorf("%w: %w", shell.ErrCheck, err)
	}
	return fmt.Errorf("%w%s", err, kept)
}
