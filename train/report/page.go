package report

import (
	"bytes"
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

// document is a study as shown on its page and in its tables.
type document struct {
	Title    string
	Runs     string
	Warnings []string
	Tables   []Table
	Charts   []figure.Chart
	CSS      template.CSS
	JS       template.JS
}

func (s *Study) document(charts []figure.Chart) document {
	var names []string
	for _, r := range s.Runs {
		names = append(names, r.Name)
	}
	return document{
		"Batch normalisation on CIFAR-10: report", strings.Join(names, ", "), s.Warnings, s.Tables(), charts, pageCSS, pageJS}
}

// page returns one self-contained HTML file. The template encodes the charts as JSON
// such that no text in them ends the script.
func (d document) page() ([]byte, error) {
	var out bytes.Buffer
	err := pageTemplate.Execute(&out, d)
	return out.Bytes(), err
}

// markdown returns warnings, tables and figures as Markdown.
func (d document) markdown() ([]byte, error) {
	var out bytes.Buffer
	err := tablesTemplate.Execute(&out, d)
	return out.Bytes(), err
}

// escaped keeps text from being taken for Markdown.
func escaped(text string) string { return markdownSigns.Replace(text) }

var markdownSigns = strings.NewReplacer(`\`, `\\`, "|", `\|`, "<", "&lt;", "\n", " ", "`", "'", "](", `]\(`)

// class returns the style of the i-th cell of a row.
func class(t Table, i int, cell string) string {
	look := t.Align[i : i+1]
	if i < len(t.Header) && t.Header[i] == "agrees?" && cell != "–" {
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
				t.Rows = append(t.Rows, []string{p.Title, s.Name, fmt.Sprintf("%.4g", point.X),
					fmt.Sprintf("%.*f", c.Y.Digits, point.Y), std, fmt.Sprint(point.N)})
			}
		}
	}
	return t
}
