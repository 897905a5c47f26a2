// Package claim lets processes, on any hosts of one file system, share work without
// knowing of each other: each piece of work has a file, which a process creates before it
// does the piece, beats while it does, and removes in the end. A process that finds the
// file leaves the piece to its creator, unless that has died: its process is no longer
// there, if it was on this machine, or the file has not changed for a while.
//
// There are no locks, which not every file system has. A claim is created so that one
// process succeeds; only its creator writes to it, into the file that it created, wherever
// that has been moved; it is taken away by a rename, of which one process succeeds too. No
// clock of another host is trusted: a file's age is the time for which the one that looks
// has seen it unchanged.
//
// In rare cases, such as a process that was stopped for a minute, two do the same piece:
// what is claimed must stay right then.
package claim

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"time"
	"unicode"
)

// Format is the version of claim files.
const Format = 1

// size is the length of a claim file in bytes, and how much of a file is read: one of
// another length cannot be a claim.
const size = 1024

// Beat is the time between two beats, and Patience for how long a claim must not have
// changed to be taken over. A client of NFS may see a file change a minute late. Tests
// shorten both.
var (
	Beat     = 5 * time.Second
	Patience = 90 * time.Second
)

// Claim is what a claim file says.
type Claim struct {
	Format int    `json:"format"`
	Token  string `json:"token"` // random, unique
	Holder
	Since time.Time `json:"since"` // by the clock of its host
	Beat  int       `json:"beat"`  // counts up
	Progress
}

// Progress is how far the work is.
type Progress struct {
	Steps          int     `json:"steps"` // done
	Of             int     `json:"of"`
	StepsPerSecond float64 `json:"steps_per_second"` // since the claim was made; 0 while unknown
}

// encode returns the claim as the content of a file, which always has the same length, so
// that one can be overwritten by the next.
func (c Claim) encode() []byte {
	text, err := json.Marshal(c)
	if err != nil {
		panic(err) // it consists of numbers and strings
	}
	return append(text, bytes.Repeat([]byte("\n"), max(1, size-len(text)))...)
}

// parse reads the content of a claim file. What it accepts can be shown on a terminal.
func parse(content []byte) (Claim, error) {
	var c Claim
	if err := json.Unmarshal(content, &c); err != nil {
		return Claim{}, fmt.Errorf("not a claim: %w", err)
	}
	printable := strings.IndexFunc(c.Token+c.Host+c.Machine+c.Started, func(r rune) bool { return !unicode.IsPrint(r) }) < 0
	switch {
	case c.Format != Format:
		return Claim{}, fmt.Errorf("claim of format %d, this program reads %d", c.Format, Format)
	case c.Token == "" || !printable || c.Process < 1:
		return Claim{}, fmt.Errorf("claim of nobody")
	case c.Steps < 0 || c.Steps > c.Of || !(c.StepsPerSecond >= 0 && c.StepsPerSecond <= math.MaxFloat64):
		return Claim{}, fmt.Errorf("claim of numbers that no work has")
	}
	return c, nil
}
