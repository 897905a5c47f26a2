//go:build !linux

package main

import "math"

// hostMemory knows no bound on this system.
func hostMemory() int { return math.MaxInt }
