//go:build cgo

package machine

import "C" // exhausted.c
