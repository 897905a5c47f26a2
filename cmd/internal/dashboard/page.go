package dashboard

// page is what the browser shows, as /state sends it: texts, which it shows as they are.
type page struct {
	Version int        `json:"version"` // of what is shown
	Title   string     `json:"title"`
	Dir     string     `json:"dir"`
	Problem string     `json:"problem"` // why the folder cannot be read now; empty if it can
	Over    bool       `json:"over"`    // nothing is missing
	Plans   []planView `json:"plans"`
}

// planView is a plan of the study, or the only one.
type planView struct {
	Name     string      `json:"name"` // empty for the only one
	Dir      string      `json:"dir"`
	Line     string      `json:"line"` // what is done, in training, missing
	Left     string      `json:"left"`
	Share    float64     `json:"share"` // of the steps of all trials that are done, from 0 to 1; negative if unknown
	Training table       `json:"training"`
	Charts   []chartView `json:"charts"`
	Groups   table       `json:"groups"`
	Best     string      `json:"best"`     // what a search has found
	Verdicts []table     `json:"verdicts"` // both of the experiment, beside its last stage that has begun
	Notes    []string    `json:"notes"`
}
