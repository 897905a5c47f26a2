package slurm

import (
	"testing"
	"time"
)

// TestSlurmTime: the forms in the manual of sbatch.
func TestSlurmTime(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"30": 30 * time.Minute, "3:30": 210 * time.Second, "2:00:00": 2 * time.Hour, "100:1:1": 100*time.Hour + 61*time.Second,
		"1-12": 36 * time.Hour, "1-0:30": 24*time.Hour + 30*time.Minute, "1-12:0:30": 36*time.Hour + 30*time.Second, "0": 0,
		"": -1, "foo": -1, "1h": -1, "-5": -1, "1:2:3:4": -1, "1-": -1, "3 0": -1, "99999999": -1,
	} {
		got, ok := slurmTime(text)
		if !ok {
			got = -1
		}
		if got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}

// TestGatherTime: gathering takes half an hour at most, and no longer than a task may.
func TestGatherTime(t *testing.T) {
	for limit, want := range map[string]string{"": "", "20": "20", "30": "30", "30:01": "30", "2:00:00": "30"} {
		if got := (Job{Options: Options{Time: limit}}).GatherTime(); got != want {
			t.Errorf("a task of %q: %q, want %q", limit, got, want)
		}
	}
}
