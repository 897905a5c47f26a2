package report

import (
	"bytes"
	"fmt"
	"path/filepath"

	"bnlab/train/disk"
	"bnlab/train/experiment"
	"bnlab/train/report/figure"
)

// Format is the version of summary.json.
const Format = 1

// Write writes index.html, summary.json, tables.md and figures/*.svg and *.png into
// dir, which it creates if necessary. Every file appears whole or not at all, the
// page last; one that is a link is written where that leads. The same records give
// the same bytes.
func (s *Study) Write(dir string) error {
	charts := s.Charts()
	page, err := s.page(charts)
	if err != nil {
		return err
	}
	summary, err := s.JSON()
	if err != nil {
		return err
	}
	figures := filepath.Join(dir, figuresDir)
	if err := disk.MakeDirs(figures); err != nil {
		return err
	}
	for _, c := range charts {
		svg, err := c.SVG()
		if err != nil {
			return err
		}
		png, err := c.PNG()
		if err != nil {
			return err
		}
		if err := writeAll(figures, file{c.Name + ".svg", svg}, file{c.Name + ".png", png}); err != nil {
			return err
		}
	}
	return writeAll(dir, file{summaryFile, summary}, file{tablesFile, s.markdown(charts)}, file{pageFile, page})
}

type file struct {
	name    string
	content []byte
}

func writeAll(dir string, files ...file) error {
	for _, f := range files {
		to, err := disk.Locate(filepath.Join(dir, f.name), nil)
		if err != nil {
			return fmt.Errorf("%s: %w", to.Path, err)
		}
		if err := to.Write(f.content); err != nil {
			return err
		}
	}
	return nil
}

// JSON returns the study as one JSON object, as summary.json has it.
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

// markdown is the warnings, the tables and the figures.
func (s *Study) markdown(charts []figure.Chart) []byte {
	var out bytes.Buffer
	fmt.Fprintf(&out, "# %s\n", reportTitle)
	for _, w := range s.Warnings {
		fmt.Fprintf(&out, "\n> **Warning:** %s\n", escaped(w))
	}
	for _, t := range s.Tables() {
		t.markdown(&out)
	}
	if len(charts) > 0 {
		fmt.Fprintf(&out, "\n## Figures\n")
	}
	for _, c := range charts {
		fmt.Fprintf(&out, "\n![%s](figures/%s.svg)\n", escaped(c.Title), c.Name)
	}
	return out.Bytes()
}
