package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
	"github.com/urfave/cli/v2"

	"bnlab/train/disk"
	"bnlab/train/experiment"
)

func jsonFlag() cli.Flag { return boolFlag("json", "print exactly one JSON object on stdout") }

// checked passes on what is written and keeps the first error, so that a result
// that was lost on a full disk is not taken for a success.
type checked struct {
	io.Writer
	err error
}

func (c *checked) Write(p []byte) (int, error) {
	n, err := c.Writer.Write(p)
	if c.err == nil {
		c.err = err
	}
	return n, err
}

// canBeFolder returns an error where a file stands in the way of a folder.
func canBeFolder(flag, path string) error {
	for p := filepath.Clean(path); ; p = filepath.Dir(p) {
		info, err := os.Stat(p)
		if err == nil && !info.IsDir() {
			return usagef("%s %s: %s is a file, where a folder must be; give another name", flag, path, p)
		}
		if err == nil || p == filepath.Dir(p) {
			return nil
		}
	}
}

// printJSON writes v as one JSON object.
func printJSON(w io.Writer, v any) error {
	text, err := experiment.JSON(v)
	if err != nil {
		return err
	}
	_, err = w.Write(text)
	return err
}

// newTable returns a table whose columns from the numeric-th on, counted from 1,
// are aligned to the right.
func newTable(w io.Writer, numeric int, header ...any) table.Writer {
	t := table.NewWriter()
	t.SetOutputMirror(w)
	t.SetStyle(table.StyleLight)
	t.Style().Format.Header = text.FormatDefault
	t.Style().Options.DrawBorder = false
	t.Style().Options.SeparateColumns = false
	if coloured(w) {
		t.Style().Color.Header = text.Colors{text.Bold}
	}
	t.AppendHeader(header)
	t.SetColumnConfigs(alignment(numeric, len(header)))
	return t
}

// alignment aligns columns from the numeric-th of n on to the right.
func alignment(numeric, n int) (columns []table.ColumnConfig) {
	for i := numeric; i <= n; i++ {
		columns = append(columns, table.ColumnConfig{Number: i, Align: text.AlignRight, AlignHeader: text.AlignRight})
	}
	return columns
}

// percent writes a fraction as a percentage with two digits.
func percent(v float64) string { return fmt.Sprintf("%.2f %%", 100*v) }

// canWrite returns an error where the flag names a place that no file can be
// written at, so that this shows before the work and not after it. An empty path
// is no file.
func canWrite(flag, path string) error {
	if path == "" {
		return nil
	}
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return usagef("--%s %s: is there and no plain file; give another name", flag, path)
	}
	dir := filepath.Dir(path)
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return usagef("--%s %s: no folder %s; make it first", flag, path, dir)
	}
	if err := disk.Writable(dir); err != nil {
		return fmt.Errorf("--%s %s: folder %w", flag, path, err)
	}
	return nil
}
