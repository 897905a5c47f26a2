package results

import (
	"fmt"
	"io"
	"strings"

	"bnlab/cmd/internal/shell"
	"bnlab/cmd/internal/slurm"
	"bnlab/train/message"
)

// Submission is what sweep submit prints.
type Submission struct {
	Dir     string   `json:"dir"`
	Shards  int      `json:"shards"` // of all plans
	Tasks   int      `json:"tasks"`  // incomplete shards
	Scripts []string `json:"scripts"`
	Jobs    []string `json:"jobs"` // one per script; empty if nothing is submitted

	cpus int // of a task
}

// NewSubmission returns what the scripts of jobs in a run folder train, and as which jobs
// they have been submitted, if they have.
func NewSubmission(dir string, jobs slurm.Jobs, scripts []slurm.Script, submitted []string) Submission {
	s := Submission{Dir: dir, Scripts: []string{}, Jobs: append([]string{}, submitted...), cpus: jobs[0].CPUs}
	for _, j := range jobs {
		s.Shards += j.Shards
		s.Tasks += len(j.Tasks)
	}
	for _, script := range scripts {
		s.Scripts = append(s.Scripts, script.Path)
	}
	return s
}

// Table writes which jobs do what.
func (s Submission) Table(w io.Writer) {
	if s.Tasks == 0 {
		fmt.Fprintf(w, "%s: nothing is missing, nothing to submit; `bnlab report %s` reports\n", message.Text(s.Dir), shell.Quote(s.Dir))
		return
	}
	last := len(s.Jobs) - 1
	trained, by := "job ", strings.Join(s.Jobs[:last], ", ")
	if last > 1 {
		trained = "jobs "
	}
	fmt.Fprintf(w, "%s: trained by %s%s (tasks: %d, cores of each: %d), gathered by job %s\n", message.Text(s.Dir), trained, by, s.Tasks, s.cpus, s.Jobs[last])
}
