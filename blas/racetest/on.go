//go:build race

// Package racetest tells tests whether the race detector runs.
package racetest

// Enabled says that it runs. A sync.Pool then forgets some of what it is given, so what is
// borrowed from one allocates.
const Enabled = true
