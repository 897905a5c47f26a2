package report

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"path"

	"bnlab/train/experiment"
	"bnlab/train/message"
	"bnlab/train/report/figure"
)

// each calls do with each file of the report, index.html last: summary.json, tables.md,
// records.csv, the questions, and figures/*.svg, *.png and *.csv, by their paths in the
// report.
func (s *Study) each(do func(name string, content []byte) error) error {
	type file struct {
		name    string
		content func() ([]byte, error)
	}
	var files []file
	charts := s.Charts()
	for _, c := range charts {
		name := path.Join(figuresDir, c.Name)
		files = append(files, file{name + ".svg", c.SVG}, file{name + ".png", c.PNG}, file{name + ".csv", func() ([]byte, error) { return pointsCSV(c) }})
	}
	for _, a := range s.asked() {
		files = append(files, file{a.File, a.study.Text})
	}
	c := s.contents(charts)
	files = append(files, file{summaryFile, s.JSON}, file{tablesFile, c.markdown}, file{recordsFile, s.records}, file{pageFile, c.page})
	for _, f := range files {
		content, err := f.content()
		if err == nil {
			err = do(f.name, content)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Zip returns the files of a report in a ZIP archive. The same records give the same
// bytes.
func (s *Study) Zip() ([]byte, error) {
	var out bytes.Buffer
	archive := zip.NewWriter(&out)
	err := s.each(func(name string, content []byte) error {
		f, err := archive.Create(name) // without a time
		if err == nil {
			_, err = f.Write(content)
		}
		return err
	})
	if err == nil {
		err = archive.Close()
	}
	return out.Bytes(), err
}

// records returns a table of the trials of all runs, a line for each.
func (s *Study) records() ([]byte, error) {
	var text bytes.Buffer
	table := experiment.NewCSV(&text)
	for _, r := range s.Runs {
		table.Write(r.Plan, r.outcomes)
	}
	err := table.Flush()
	return text.Bytes(), err
}

// pointsCSV returns what a chart shows as CSV, a line for each point.
func pointsCSV(c figure.Chart) ([]byte, error) {
	var text bytes.Buffer
	lines := csv.NewWriter(&text)
	t := pointTable(c)
	for _, row := range append([][]string{t.Header}, t.Rows...) {
		cells := make([]string, len(row))
		for i, cell := range row {
			if cells[i] = cell; t.Align[i] == 'l' {
				cells[i] = message.Cell(cell)
			}
		}
		_ = lines.Write(cells) // error ignored: Error returns it
	}
	lines.Flush()
	return text.Bytes(), lines.Error()
}
