package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
	"github.com/urfave/cli/v2"

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

// Stat returns what the machine knows of the file that is written to.
func (c *checked) Stat() (fs.FileInfo, error) {
	if f, ok := c.Writer.(*os.File); ok {
		return f.Stat()
	}
	return nil, errors.ErrUnsupported
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
