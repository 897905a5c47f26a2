// Package slurm trains a plan on a cluster: it writes the job scripts and submits them.
package slurm

import (
	"bytes"
	_ "embed"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"text/template"
	"time"
	"unicode"

	"bnlab/cifar"
	"bnlab/cmd/internal/shell"
	"bnlab/train/atomicfile"
	"bnlab/train/experiment"
	"bnlab/train/message"
)

// Job holds the content of the job scripts of a run.
type Job struct {
	Options
	Program string // path of bnlab
	Run     string // path of the run folder
	Dataset string
	Data    string // path; empty to look for it on the node
	Tasks   []int  // shards to train, ascending, counted from 0

	follows bool // from the results of the job before
}

var (
	//go:embed train.sh.tmpl
	trainScript string
	//go:embed gather.sh.tmpl
	gatherScript string
)

// Check returns an error for anything that cannot be in an #SBATCH line, which sbatch
// splits into words by its own rules: everything else is quoted for the shell.
func (j Job) Check() error {
	const control = "\x00\a\b\t\n\v\f\r\x1b\x7f"
	switch limit, ok := slurmTime(j.Time); {
	case strings.ContainsAny(j.Run, control+`"\`):
		return message.Fieldf("%s: Slurm takes no folder with a quote, a backslash or a line break in its name; rename it", j.Run)
	case j.Time != "" && (!ok || limit < leastTime):
		return message.Fieldf("{time} %q: give minutes or H:M:S or D-H:M:S, %.0f minutes at least, such as 30 or 2:00:00", j.Time, leastTime.Minutes())
	case strings.ContainsAny(j.Partition, control+` "'\#`):
		return message.Fieldf("{partition} %q: give one word, as sbatch takes it", j.Partition)
	case strings.ContainsAny(j.Sbatch, control) || j.Sbatch != "" && j.Sbatch[0] != '-':
		return message.Fieldf("{sbatch} %q: give sbatch options on one line, such as \"--mem=2G --nice\"", j.Sbatch)
	}
	return nil
}

// Name returns what the jobs are called: bnlab and the name of the run folder.
func (j Job) Name() string {
	safe := func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("._+-", r) {
			return r
		}
		return '-'
	}
	return strings.Map(safe, "bnlab-"+filepath.Base(j.Run))
}

// Array returns the tasks as --array takes them: 0-3,7.
func (j Job) Array() string {
	var ranges []string
	for at := 0; at < len(j.Tasks); {
		first := at
		for at++; at < len(j.Tasks) && j.Tasks[at] == j.Tasks[at-1]+1; at++ {
		}
		tasks := strconv.Itoa(j.Tasks[first])
		if last := j.Tasks[at-1]; last > j.Tasks[first] {
			tasks += "-" + strconv.Itoa(last)
		}
		ranges = append(ranges, tasks)
	}
	return strings.Join(ranges, ",")
}

// leastTime is the shortest useful time limit: a minute of it goes to saving, and
// Slurm, which is accurate to about a minute, may take another.
const leastTime = 3 * time.Minute

var slurmTimes = regexp.MustCompile(`^(?:(\d{1,4})-)?(\d{1,6})(?::(\d{1,6}))?(?::(\d{1,6}))?$`)

// slurmTime reads a time limit in the forms of sbatch: M, M:S and H:M:S, or D-H,
// D-H:M and D-H:M:S.
func slurmTime(s string) (time.Duration, bool) {
	m := slurmTimes.FindStringSubmatch(s)
	if m == nil {
		return 0, false
	}
	var n [4]time.Duration // days and what follows them
	for i := range n {
		v, _ := strconv.Atoi(m[1+i])
		n[i] = time.Duration(v)
	}
	if m[1] == "" && m[4] == "" {
		return n[1]*time.Minute + n[2]*time.Second, true
	}
	return n[0]*24*time.Hour + n[1]*time.Hour + n[2]*time.Minute + n[3]*time.Second, true
}

// GatherTime returns the time limit of gathering: half an hour, or that of a task if
// shorter, because the partition may allow no more. It is empty, for the partition's
// default, if that of a task is.
func (j Job) GatherTime() string {
	if limit, ok := slurmTime(j.Time); ok && limit > 30*time.Minute {
		return "30"
	}
	return j.Time
}

// Log returns the path of a log file for Slurm, in which % begins a pattern.
func (j Job) Log(pattern string) string {
	return filepath.Join(strings.ReplaceAll(j.dir(), "%", "%%"), pattern)
}

func (j Job) dir() string { return filepath.Join(j.Run, "slurm") }

// WriteTraining writes the script of the job that trains, into the run folder.
func (j Job) WriteTraining() (string, error) { return j.write("train.sh", trainScript) }

// WriteGathering writes the script of the job that gathers results, into the run folder.
func (j Job) WriteGathering() (string, error) { return j.write("gather.sh", gatherScript) }

func (j Job) write(name, text string) (string, error) {
	if err := atomicfile.MakeDirs(j.dir()); err != nil {
		return "", err
	}
	t := template.Must(template.New(name).Funcs(template.FuncMap{"quote": shell.SingleQuote}).Parse(text))
	var script bytes.Buffer
	if err := t.Execute(&script, j); err != nil {
		panic("bnlab: " + err.Error())
	}
	path := filepath.Join(j.dir(), name)
	return path, atomicfile.Write(path, script.Bytes())
}

// Options select how the cluster trains.
type Options struct {
	Shards    int    `flag:"shards" min:"0" help:"tasks; 0 for one unit per core of each task, at most 1000 tasks"`
	CPUs      int    `flag:"cpus-per-task" min:"1" max:"4096" help:"cores per task, each training one unit at a time"`
	Limit     int    `flag:"limit" min:"0" help:"most tasks that run at once; 0 for all"`
	Time      string `flag:"time" arg:"TIME" help:"time limit of a task, such as 30 (minutes), 2:00:00 or 1-12:00:00, at least three minutes; empty for the partition's own"`
	Partition string `flag:"partition" arg:"NAME" help:"partition; empty for the cluster's default"`
	Sbatch    string `flag:"sbatch" arg:"OPTIONS" help:"further OPTIONS for sbatch, written as in a script"`
}

// maxShards is the default maximum number of tasks in a Slurm array.
const maxShards = 1000

// New returns the job that trains what is missing of a plan, on the data named by data
// or found here. It calls damaged for records that count as missing.
func New(folder *experiment.Folder, o Options, data string, damaged func(error)) (Job, error) {
	j, err := newJob(folder.Dir, folder.Plan, o, data)
	if err != nil {
		return j, err
	}
	units := len(folder.Plan.Units())
	switch {
	case j.Shards == 0:
		j.Shards = min(maxShards, (units+j.CPUs-1)/j.CPUs)
	case j.Shards > units:
		return j, message.Fieldf("{shards} %d: the plan has %s; give 1 to %d, or 0 for one unit per core", j.Shards, message.Count(units, "unit"), units)
	}
	j.Tasks, err = tasks(folder, j.Shards, damaged)
	return j, err
}

// NewStage returns the job that plans and trains so many trials of a stage of a study, in
// a folder that may not be there yet, on the data of another plan.
func NewStage(dir string, trials int, plan *experiment.Plan, o Options, data string) (Job, error) {
	j, err := newJob(dir, plan, o, data)
	if j.Shards == 0 {
		j.Shards = min(maxShards, (trials+j.CPUs*experiment.MaxFuse-1)/(j.CPUs*experiment.MaxFuse))
	}
	j.Shards = min(j.Shards, trials)
	for i := range j.Shards {
		j.Tasks = append(j.Tasks, i)
	}
	return j, err
}

// newJob returns a job of a run folder, without its shards.
func newJob(dir string, plan *experiment.Plan, o Options, data string) (j Job, err error) {
	j.Options = o
	if j.Run, err = filepath.Abs(dir); err != nil {
		return j, err
	}
	if j.Program, err = os.Executable(); err != nil {
		return j, err
	}
	if err := j.Check(); err != nil {
		return j, err
	}
	switch j.Dataset = plan.Dataset.Name; j.Dataset {
	case experiment.Original, experiment.Altered:
		j.Dataset = experiment.Original // as --dataset says it
		// If it is not found here, the nodes may still have it.
		if j.Data, err = cifar.Find(data); err == nil && j.Data != "" {
			j.Data, err = filepath.Abs(j.Data)
		}
	}
	return j, err
}

// tasks returns the shards of which a trial has no result or has failed, counted
// from 0: what sweep run would train of each.
func tasks(folder *experiment.Folder, shards int, damaged func(error)) ([]int, error) {
	outcomes, err := folder.Outcomes(damaged)
	if err != nil {
		return nil, err
	}
	var all []int
	for at, unit := range folder.Plan.Units() {
		for _, i := range unit {
			if !outcomes[i].Done() || outcomes[i].Error != "" {
				all = append(all, at%shards)
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all), nil
}
