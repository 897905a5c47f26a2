package experiment

import (
	"cmp"
	"encoding/csv"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"bnlab/train/message"
)

// CSV writes one line per trial: its configuration, status, final numbers, and origin;
// unknown values are empty. The columns are named like the keys of result.json, where some
// are inside objects. No text is a formula for a spreadsheet.
type CSV struct {
	lines  *csv.Writer // keeps the first error
	headed bool
}

// NewCSV returns a CSV that writes to w.
func NewCSV(w io.Writer) *CSV { return &CSV{lines: csv.NewWriter(w)} }

// Write writes the trials of a plan, of which there may be several, one after the other.
func (c *CSV) Write(plan *Plan, outcomes []Outcome) {
	for i, o := range outcomes {
		t := plan.Trials[i]
		row := csvRow{names: []string{"trial", "group"}, values: []string{message.Cell(t.ID), message.Cell(t.Group)}}
		row.add("", reflect.ValueOf(t.Config), true)
		row.names, row.values = append(row.names, "status"), append(row.values, outcomeWord(o))
		row.add("", reflect.ValueOf(o.Result), o.Done() && o.Error == "")
		row.origin(plan, t, o)
		if !c.headed {
			c.lines.Write(row.names)
			c.headed = true
		}
		c.lines.Write(row.values)
	}
}

// Flush writes what is still buffered and returns the first error.
func (c *CSV) Flush() error {
	c.lines.Flush()
	return c.lines.Error()
}

// origin appends what the trial was trained with: that of its plan if it has no record.
func (r *csvRow) origin(plan *Plan, t Trial, o Outcome) {
	when := func(at Moment) string {
		if at.IsZero() {
			return ""
		}
		return at.Format(time.RFC3339)
	}
	threads := ""
	if o.Done() {
		threads = strconv.Itoa(o.Backend.Threads)
	}
	for _, column := range [][2]string{
		{"experiment", plan.Experiment}, {"dataset", plan.Dataset.Name}, {"digest", plan.Dataset.Digest}, {"unit", strconv.Itoa(t.Unit)},
		{"backend", o.Backend.Name}, {"version", o.Backend.Version}, {"core", o.Backend.Core}, {"threads", threads},
		{"program", o.Program}, {"host", o.Host}, {"start", when(o.Start)}, {"end", when(o.End)}, {"error", o.Error},
	} {
		r.names, r.values = append(r.names, column[0]), append(r.values, message.Cell(column[1]))
	}
}

// outcomeWord returns the status of a trial.
func outcomeWord(o Outcome) string {
	switch {
	case !o.Done() && o.Paused != nil:
		return "paused"
	case !o.Done():
		return "missing"
	case o.Error != "":
		return "failed"
	case o.Result.Diverged:
		return "diverged"
	}
	return "done"
}

// csvRow is a row of a table with its column names.
type csvRow struct{ names, values []string }

// add appends the fields of a struct under their JSON names, with the fields of nested
// structs in their places; values are empty if unknown. within is the name of v: where two
// fields have a name it tells them apart, as train_loss and train_loss_precise.
func (r *csvRow) add(within string, v reflect.Value, known bool) {
	for i := range v.NumField() {
		field, value := v.Type().Field(i), v.Field(i)
		if field.Tag.Get("json") == "-" || field.Type.Kind() == reflect.Slice && field.Type.Elem().Kind() == reflect.Struct {
			continue // only of this process, or a table of its own
		}
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		known := known
		if value.Kind() == reflect.Pointer {
			known = known && !value.IsNil()
			value = reflect.Indirect(value)
			if !value.IsValid() {
				value = reflect.Zero(field.Type.Elem())
			}
		}
		if value.Kind() == reflect.Struct {
			r.add(cmp.Or(name, within), value, known)
			continue
		}
		if slices.Contains(r.names, name) {
			name += "_" + within
		}
		text := ""
		if known {
			text = strings.Trim(fmt.Sprint(value), "[]") // a list without its brackets
		}
		if value.Kind() == reflect.String {
			text = message.Cell(text)
		}
		r.names, r.values = append(r.names, name), append(r.values, text)
	}
}
