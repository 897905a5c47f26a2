package question

import "bnlab/train/study"

// Search are the settings of a search.
type Search struct {
	Points      int    `flag:"points" min:"1" max:"100000" help:"values of λ in the fine stage"`
	Range       string `flag:"range" values:"report,neighbours" help:"range of the fine stage"`
	SearchSeeds int    `flag:"search-seeds" min:"1" max:"100000" help:"trials per λ in the coarse and fine stages"`
}

// ranges are the ranges of the fine stage, by what the flag calls them.
var ranges = map[string]string{"report": "best-worst", "neighbours": "neighbours"}

// DefaultSearch returns those of the study.
func DefaultSearch() Search {
	r := Search{Range: "report", SearchSeeds: 1}
	builtInValue("search", "search.fine.draw", &r.Points)
	return r
}

// Changes returns what the flags change of a search whose final networks have that many
// seeds, and all its seeds begin with that of the configuration.
func (r Search) Changes(experiment string, first uint64, seeds int) []study.Change {
	var changes []study.Change
	for path, value := range map[string]any{
		"seeds":               study.SeedsFrom(first, r.SearchSeeds).Value(),
		"search.fine.draw":    r.Points,
		"search.fine.between": ranges[r.Range],
		"search.final.seeds":  study.SeedsFrom(first, seeds).Value(),
	} {
		changes = append(changes, study.Change{Experiment: experiment, Path: path, Value: value})
	}
	return changes
}
