package study

import (
	"path/filepath"
	"slices"
	"strings"

	"bnlab/train"
	"bnlab/train/document"
	"bnlab/train/message"
	"bnlab/train/vary"
)

// With returns the study with the changes, checked as if its file said so.
func (s *Study) With(changes ...Change) (*Study, error) {
	changed := &Study{path: s.path, raw: s.raw, doc: s.doc, changes: slices.Concat(s.changes, changes)}
	for _, c := range changes {
		changed.doc = s.change(changed.doc, c)
	}
	return changed, changed.read()
}

// change returns the document with a change.
func (s *Study) change(doc document.Value, c Change) document.Value {
	if c.Experiment == "" {
		return doc.Put(c.path(), c.value())
	}
	list, _ := doc.At("experiments")
	list.Items = slices.Clone(list.Items)
	for i, e := range s.Experiments {
		if e.Name == c.Experiment {
			list.Items[i] = list.Items[i].Put(c.path(), c.value())
		}
	}
	return doc.With("experiments", list)
}

// At returns what the study says at a path, as of a Change; a value of the zero Kind where
// it says nothing.
func (s *Study) At(experiment, path string) document.Value {
	v := s.doc
	if i := slices.IndexFunc(s.Experiments, func(e Experiment) bool { return e.Name == experiment }); i >= 0 {
		list, _ := v.At("experiments")
		v = list.Items[i]
	}
	for name := range strings.SplitSeq(path, ".") {
		v, _ = v.At(name)
	}
	return v
}

// Override sets fields of the base, each as ns=900, and the seeds, from 1 to seeds, 0 to
// leave those of the file, over what the study and its experiments say. What varies still
// does, and of a search the final networks have the seeds.
func (s *Study) Override(set []string, seeds int) error {
	changes, err := s.overrides(set, seeds)
	if err != nil || len(changes) == 0 {
		return err
	}
	changed, err := s.With(changes...)
	if err == nil {
		*s = *changed
	}
	return err
}

func (s *Study) overrides(set []string, seeds int) ([]Change, error) {
	var changes []Change
	for _, text := range set {
		name, value, err := Setting(text)
		if err != nil {
			return nil, err
		}
		v, err := document.Parse(".yaml", []byte(name+": "+value))
		if err == nil {
			err = (&vary.Settings{}).Decode(v)
		}
		if err != nil {
			return nil, message.Fieldf("{set} %q: %v", text, strings.TrimPrefix(err.Error(), "line 1: "))
		}
		changes = append(changes, Change{Path: "base." + name, Value: unplaced(v.Keys[0].Value)})
		for _, e := range s.Experiments { // which would count for more
			changes = append(changes, Change{Experiment: e.Name, Path: "base." + name})
		}
	}
	if seeds > 0 {
		changes = append(changes, Change{Path: "seeds", Value: seeds})
	}
	for _, e := range s.Experiments {
		switch {
		case seeds == 0:
		case e.Search != nil && e.Search.Final != nil:
			changes = append(changes,
				Change{Experiment: e.Name, Path: "seeds", Value: e.Seeds.Value()},
				Change{Experiment: e.Name, Path: "search.final.seeds", Value: seeds})
		default:
			changes = append(changes, Change{Experiment: e.Name, Path: "seeds"})
		}
	}
	return changes, nil
}

// unplaced returns a value that stands in no file.
func unplaced(v document.Value) document.Value {
	v.Line = 0
	v.Items = slices.Clone(v.Items)
	for i := range v.Items {
		v.Items[i] = unplaced(v.Items[i])
	}
	return v
}

// BaseOf returns a base that sets a configuration: the fields in which it differs from
// the default, but for the seed.
func BaseOf(c train.Config) document.Value {
	table := document.Value{Kind: document.Table}
	c.Seed = train.Default().Seed
	for _, name := range vary.Fields() {
		d := train.Default()
		if vary.ValueOf(c, name) != vary.ValueOf(d, name) && !c.IsOff(name) {
			table = table.With(name, document.Of(vary.Field(&c, name).Interface()))
		}
	}
	return table
}

// Text returns the study as a file in YAML: as it was written, comments included, with the
// changes.
func (s *Study) Text() ([]byte, error) {
	extension := filepath.Ext(s.path)
	if len(s.changes) == 0 && document.IsYAML(extension) {
		return s.raw, nil
	}
	t, err := document.ReadDraft(extension, s.raw)
	if err != nil {
		return nil, err
	}
	experiments := t.Root().Tables("experiments")
	for _, c := range s.changes {
		if c.Experiment == "" {
			t.Root().Put(c.path(), c.value(), "experiments")
			continue
		}
		for i, e := range s.Experiments {
			if e.Name == c.Experiment {
				experiments[i].Put(c.path(), c.value(), "vary")
			}
		}
	}
	return t.YAML()
}
