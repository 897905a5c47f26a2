//go:build race

package blas

// underRace: then a sync.Pool forgets some of what it is given.
const underRace = true
