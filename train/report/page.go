package report

import (
	"bytes"
	"cmp"
	_ "embed"
	"fmt"
	"html/template"
	"regexp"
	"strings"
	texttemplate "text/template"

	"bnlab/train/report/figure"
)

//go:embed tables.tmpl
var tablesText string

//go:embed page.html
var pageHTML string

//go:embed page.css
var pageCSS template.CSS

//go:embed page.js
var pageJS template.JS

var tablesTemplate = texttemplate.Must(texttemplate.New("tables").Funcs(texttemplate.FuncMap{
	"escape": escaped, "rule": strings.NewReplacer("l", "---|", "r", "---:|").Replace,
}).Parse(tablesText))

var pageTemplate = template.Must(template.New("page").Funcs(template.FuncMap{
	"points": pointTable, "many": func(t Table) bool { return len(t.Rows) > manyRows },
	"class": class, "power": func(cell string) []string { return powerOfTen.FindStringSubmatch(cell) },
}).Parse(pageHTML))

// manyRows is how many rows of a table are shown without expanding it.
const manyRows = 20

// contents are a study as shown on its page and in its tables.
type contents struct {
	Title    string
	Source   string // of the study
	Runs     string // where there are several
	Warnings []string
	Tables   []Table
	Charts   []figure.Chart
	Repeat   string // commands
	CSS      template.CSS
	JS       template.JS
}

func (s *Study) contents(charts []figure.Chart) contents {
	var names []string
	for _, r := range s.Runs {
		names = append(names, r.Name)
	}
	title, source := s.title()
	if len(names) == 1 {
		names = nil
	}
	return contents{title, source, strings.Join(names, ", "), s.Warnings, s.Tables(), charts, s.repeat(), pageCSS, pageJS}
}

// title returns title and source of the study, where all runs are of one.
func (s *Study) title() (title, source string) {
	for _, r := range s.Runs {
		if len(s.Runs) == 1 && r.single() {
			c := r.Plan.Trials[0].Config
			return capital(networkName(len(c.Hidden)+1, c.BN)), ""
		}
		if r.part == nil || r.part.Study().Title != s.Runs[0].part.Study().Title {
			return "Batch normalisation on CIFAR-10: report", ""
		}
		title, source = r.part.Study().Title, r.part.Study().Source
	}
	return cmp.Or(title, "bnlab: report"), source
}

// page returns one self-contained HTML file. The template encodes the charts as JSON
// such that no text in them ends the script.
func (c contents) page() ([]byte, error) {
	var out bytes.Buffer
	err := pageTemplate.Execute(&out, c)
	return out.Bytes(), err
}

// markdown returns warnings, tables and figures as Markdown.
func (c contents) markdown() ([]byte, error) {
	var out bytes.Buffer
	err := tablesTemplate.Execute(&out, c)
	return out.Bytes(), err
}

// escaped keeps text from being taken for Markdown.
func escaped(text string) string { return markdownSigns.Replace(text) }

var markdownSigns = strings.NewReplacer(`\`, `\\`, "|", `\|`, "<", "&lt;", "\n", " ", "`", "'", "](", `]\(`)

// longCell is how long the text of a cell may be, in bytes, that is not wrapped.
const longCell = 60

// class returns the style of the i-th cell of a row.
func class(t Table, i int, cell string) string {
	look := t.Align[i : i+1]
	if len(cell) > longCell {
		look += " long"
	}
	if i < len(t.Header) && (t.Header[i] == "agrees?" || t.Header[i] == "holds?") && cell != "–" {
		word, _, _ := strings.Cut(cell, " ") // without the number of its remark
		look += " " + word
	}
	return look
}

// powerOfTen splits text at the first 10^k in it.
var powerOfTen = regexp.MustCompile(`^(.*?10)\^(−[0-9.]+)(.*)$`)

// pointTable is a chart as a table, for readers who cannot see the curves.
func pointTable(c figure.Chart) Table {
	t := Table{Title: c.Title, Header: []string{"panel", "series", c.X.Name, c.Y.Name + c.Y.Unit, "std", "n"}, Align: "llrrrr"}
	for _, p := range c.Panels {
		for _, s := range p.Series {
			for _, point := range s.Points {
				std := "–"
				if point.N > 1 {
					std = fmt.Sprintf("%.*f", c.Y.Digits, point.High-point.Y)
				}
				t.Rows = append(t.Rows, []string{p.Title, s.Name, c.X.Text(point.X),
					fmt.Sprintf("%.*f", c.Y.Digits, point.Y), std, fmt.Sprint(point.N)})
			}
		}
	}
	return t
}
