package main

import (
	"encoding/csv"
	"fmt"
	"io"
	"reflect"
	"strings"

	"bnlab/printable"
	"bnlab/train/experiment"
)

// printCSV writes a line for each trial of the plan: its configuration, what
// became of it, and its final numbers, empty where there are none. The columns
// are named like the keys of result.json. No text is a formula for a spreadsheet.
func printCSV(w io.Writer, plan *experiment.Plan, outcomes []experiment.Outcome) error {
	lines := csv.NewWriter(w)
	for i, o := range outcomes {
		t := plan.Trials[i]
		row := csvRow{names: []string{"trial", "group"}, values: []string{printable.Cell(t.ID), printable.Cell(t.Group)}}
		row.add(reflect.ValueOf(t.Config), true)
		row.names, row.values = append(row.names, "status"), append(row.values, outcomeWord(o))
		row.add(reflect.ValueOf(o.Result), o.Ran() && o.Error == "")
		if i == 0 {
			lines.Write(row.names) // Flush keeps the error
		}
		lines.Write(row.values)
	}
	lines.Flush()
	return lines.Error()
}

// outcomeWord says what became of a trial.
func outcomeWord(o experiment.Outcome) string {
	switch {
	case !o.Ran():
		return "missing"
	case o.Error != "":
		return "failed"
	case o.Result.Diverged:
		return "diverged"
	}
	return "done"
}

// csvRow is a line of a table with the names of its columns.
type csvRow struct{ names, values []string }

// add appends the fields of a struct under their names in JSON, and the fields of
// structs in it in their places; their values where known, else nothing.
func (r *csvRow) add(v reflect.Value, known bool) {
	for i := range v.NumField() {
		field, value := v.Type().Field(i), v.Field(i)
		if value.Kind() == reflect.Pointer {
			if value.IsNil() {
				r.add(reflect.Zero(field.Type.Elem()), false)
			} else {
				r.add(value.Elem(), known)
			}
			continue
		}
		if value.Kind() == reflect.Struct {
			r.add(value, known)
			continue
		}
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		text := ""
		if known {
			text = strings.Trim(fmt.Sprint(value), "[]") // a list without its brackets
		}
		if value.Kind() == reflect.String {
			text = printable.Cell(text)
		}
		r.names, r.values = append(r.names, name), append(r.values, text)
	}
}
