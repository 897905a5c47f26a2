package experiment

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"bnlab/train"
)

// GroupKey returns a text that is the same for configurations that differ in nothing but
// the seed.
func GroupKey(c train.Config) string {
	c.Seed = 0
	text, err := json.Marshal(c)
	if err != nil {
		panic("experiment: configuration that cannot be written: " + err.Error())
	}
	return string(text)
}

// pooledGroups are the groups of several folders in the order in which they first appear.
type pooledGroups struct {
	all   []*pooledGroup
	place map[string]*pooledGroup
}

type pooledGroup struct {
	trials []pooledTrial
	seeds  map[uint64]int // where the trial of a seed stands
}

type pooledTrial struct {
	Trial
	from []source
}

// add adds a trial of a folder to the group of its configuration.
func (gs *pooledGroups) add(t Trial, from source) {
	key := GroupKey(t.Config)
	g, ok := gs.place[key]
	if !ok {
		if gs.place == nil {
			gs.place = map[string]*pooledGroup{}
		}
		g = &pooledGroup{seeds: map[uint64]int{}}
		gs.place[key], gs.all = g, append(gs.all, g)
	}
	at, ok := g.seeds[t.Config.Seed]
	if !ok {
		at = len(g.trials)
		g.seeds[t.Config.Seed] = at
		if at > 0 {
			t.Group = g.trials[0].Group
		}
		g.trials = append(g.trials, pooledTrial{Trial: t})
	}
	g.trials[at].from = append(g.trials[at].from, from)
}

// tellApart adds to groups of one name, and to their trials, the fields in which their
// configurations differ.
func (gs *pooledGroups) tellApart() {
	named := map[string][]*pooledGroup{}
	for _, g := range gs.all {
		named[g.trials[0].Group] = append(named[g.trials[0].Group], g)
	}
	for _, alike := range named {
		fields := slices.DeleteFunc(train.Fields(), func(f reflect.StructField) bool {
			return !slices.ContainsFunc(alike, func(g *pooledGroup) bool { return g.field(f) != alike[0].field(f) })
		})
		for _, g := range alike {
			what := ""
			for _, f := range fields {
				what += " " + g.field(f)
			}
			for j := range g.trials {
				g.trials[j].ID += what
				g.trials[j].Group += what
			}
		}
	}
}

// field returns a field of the group's configuration as it is written on a command line;
// empty for the seed.
func (g *pooledGroup) field(f reflect.StructField) string {
	name := f.Tag.Get("json")
	if name == "seed" {
		return ""
	}
	value := reflect.ValueOf(g.trials[0].Config).FieldByIndex(f.Index).Interface()
	text := strings.ReplaceAll(strings.Trim(fmt.Sprint(value), "[]"), " ", ",")
	return strings.ReplaceAll(name, "_", "-") + "=" + text
}
