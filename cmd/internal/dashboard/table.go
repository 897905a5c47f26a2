package dashboard

import (
	"fmt"
	"slices"
	"time"
)

// table is a table of texts.
type table struct {
	Caption string   `json:"caption"`
	Header  []string `json:"header"`
	Rows    []row    `json:"rows"`
	More    string   `json:"more"`  // what is left out
	Wraps   bool     `json:"wraps"` // cells are sentences
}

type row struct {
	Cells []string `json:"cells"`
	Share float64  `json:"share"` // done, from 0 to 1, beside the second cell; negative for none
	Alert bool     `json:"alert"`
}

// mostRows is how many rows of a table are shown: who looks on does not read more.
const mostRows = 50

// cut leaves out what is too much, and says so.
func (t table) cut() table {
	if more := len(t.Rows) - mostRows; more > 0 {
		t.Rows, t.More = t.Rows[:mostRows], fmt.Sprintf("and %d more", more)
	}
	return t
}

// without leaves out a column.
func (t table) without(column int) table {
	t.Header = slices.Delete(t.Header, column, column+1)
	for i := range t.Rows {
		t.Rows[i].Cells = slices.Delete(t.Rows[i].Cells, column, column+1)
	}
	return t
}

// duration says how long something takes, as coarsely as it is known.
func duration(d time.Duration) string {
	switch {
	case d < time.Minute:
		return fmt.Sprintf("%d s", max(1, int(d.Seconds())))
	case d < 2*time.Hour:
		return fmt.Sprintf("%d min", int(d.Round(time.Minute).Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%d h", int(d.Round(time.Hour).Hours()))
	}
	return fmt.Sprintf("%.0f days", d.Hours()/24)
}
