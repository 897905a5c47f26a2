//go:build !race

// Package racetest tells tests whether the race detector runs.
package racetest

// Enabled says that it does not.
const Enabled = false
