package fetch

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// checkSpace tells when there is no room in the folder for the archive, of which
// have bytes are there, and the files out of it.
func (f *Fetcher) checkSpace(folder string, have int64) error {
	free, err := f.free(folder)
	if err != nil {
		return nil // then a full disk ends the download
	}
	archive, files := f.Archive.limit()-have, f.Archive.unpacked()
	if free >= archive+files {
		return nil
	}
	return fmt.Errorf("%s: %s free, %s needed (%s to download, %s unpacked); make room or give another folder by --data",
		folder, megabytes(free), megabytes(archive+files), megabytes(archive), megabytes(files))
}

// freeSpace returns the bytes that the user may still write below folder.
func freeSpace(folder string) (int64, error) {
	var s unix.Statfs_t
	if err := unix.Statfs(folder, &s); err != nil {
		return 0, err
	}
	return int64(s.Bavail) * int64(s.Bsize), nil
}

func megabytes(n int64) string { return fmt.Sprintf("%.1f MB", float64(n)/1e6) }
