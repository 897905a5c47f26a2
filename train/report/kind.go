package report

import (
	"slices"
	"strings"

	"bnlab/train"
	"bnlab/train/experiment"
)

// kind is a figure of loss curves: groups that differ in nothing but batch normalisation.
type kind struct {
	key    string
	groups []experiment.Group // with batch normalisation first
}

// kindsOf returns the kinds of the groups, in the order of their first.
func kindsOf(groups []experiment.Group) (kinds []*kind) {
	place := map[string]*kind{}
	for _, g := range groups {
		key := kindOf(g.Config)
		k := place[key]
		if k == nil {
			k = &kind{key: key}
			place[key], kinds = k, append(kinds, k)
		}
		if k.groups = append(k.groups, g); g.Config.BN {
			slices.Reverse(k.groups)
		}
	}
	return kinds
}

// kindOf identifies the kind of a configuration.
func kindOf(c train.Config) string {
	c.BN = false
	return experiment.GroupKey(c)
}

// name returns what the names of the groups have in common, without what says whether
// they have batch normalisation.
func (k *kind) name() string {
	words := strings.Fields(k.groups[0].Name)
	words = slices.DeleteFunc(words, func(word string) bool {
		return slices.Contains([]string{"BN", "bn=true", "bn=false"}, word) ||
			!slices.Contains(strings.Fields(k.groups[len(k.groups)-1].Name), word)
	})
	return strings.Join(words, " ")
}
