package slurm

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"

	"bnlab/cmd/internal/shell"
)

// Script is a job script that has been written.
type Script struct {
	Path  string
	After []int // indices of the scripts whose jobs must have ended before
	Done  bool  // and must have done all that they had to
}

// Dependency returns the options with which sbatch has the job of a script wait for those
// of others, by their numbers: until they have ended, in whatever way, or, where it cannot
// run otherwise, until all their tasks have ended well; it is cancelled if they have not.
func (s Script) Dependency(jobs []string) []string {
	if len(s.After) == 0 {
		return nil
	}
	how := "afterany"
	if s.Done {
		how = "afterok"
	}
	for _, i := range s.After {
		how += ":" + jobs[i]
	}
	if s.Done {
		return []string{"--dependency=" + how, "--kill-on-invalid-dep=yes"}
	}
	return []string{"--dependency=" + how}
}

// Submit submits the scripts and returns the job numbers.
func Submit(ctx context.Context, scripts []Script) ([]string, error) {
	var jobs []string
	for i, s := range scripts {
		job, err := sbatch(ctx, append(s.Dependency(jobs), s.Path)...)
		if err != nil && i > 0 {
			err = fmt.Errorf("%w; %s submitted", err, remain(jobs))
		}
		if err != nil {
			return nil, err
		}
		jobs = append(jobs, job)
	}
	return jobs, nil
}

// remain names jobs that have been submitted.
func remain(jobs []string) string {
	if len(jobs) == 1 {
		return "job " + jobs[0] + " remains"
	}
	return "jobs " + strings.Join(jobs, ", ") + " remain"
}

// sbatch submits a script and returns the number of the job.
func sbatch(ctx context.Context, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, "sbatch", append([]string{"--parsable"}, args...)...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); errors.Is(err, exec.ErrNotFound) {
		return "", errors.New("no sbatch on PATH: run bnlab where Slurm's commands are, or use --dry-run")
	} else if err != nil {
		return "", fmt.Errorf("sbatch %s: %w: %s", strings.Join(args, " "), err, strings.TrimSpace(stderr.String()))
	}
	job, _, _ := strings.Cut(strings.TrimSpace(stdout.String()), ";") // what follows names the cluster
	return job, nil
}

// Show prints the scripts and how to submit them.
func Show(w io.Writer, scripts []Script) error {
	for _, s := range scripts {
		text, err := os.ReadFile(s.Path)
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "# %s\n%s\n", s.Path, text)
	}
	fmt.Fprintln(w, "# To submit them by hand:")
	names := []string{"\"$job\""}
	if len(scripts) > 2 {
		names = nil
		for i := range scripts {
			names = append(names, fmt.Sprintf("\"$job%d\"", i+1))
		}
	}
	for i, s := range scripts {
		words := append(append([]string{"sbatch"}, s.Dependency(names)...), shell.SingleQuote(s.Path))
		if i < len(scripts)-1 {
			words = append([]string{"sbatch", "--parsable"}, words[1:]...)
			fmt.Fprintf(w, "#   %s=$(%s)\n", strings.Trim(names[i], "\"$"), strings.Join(words, " "))
			continue
		}
		fmt.Fprintf(w, "#   %s\n", strings.Join(words, " "))
	}
	return nil
}
