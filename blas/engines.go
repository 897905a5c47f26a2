package blas

import (
	"errors"
	"fmt"
)

// UseEngine makes an engine compute the products of this process from now on, the BLAS
// that is built in for an empty name, and none may be under way. Without the engine it changes nothing and returns an error that is ErrEngine.
func UseEngine(name string) error {
	switch name {
	case "":
		use(nil)
		return nil
	case OpenBLAS:
		if b := library(); b.Name != OpenBLAS {
			return fmt.Errorf("%w: built with %s, not with OpenBLAS", ErrEngine, b.Name)
		}
		use(nil)
		return nil
	case OneDNN:
		e, err := openOneDNN()
		if err != nil {
			return fmt.Errorf("%w: %w", ErrEngine, err)
		}
		use(e)
		return nil
	}
	return fmt.Errorf("%w: %q", ErrEngine, name)
}

// use changes the engine, and forgets what was found out about the bits of another.
func use(e *oneDNN) {
	engine = e
	partitions.clear()
	ways.clear()
}

// HalfEngine returns the engine that has instructions of this CPU for products of operands
// in bfloat16, or an error that says why none has. The others multiply them as float32.
func HalfEngine() (string, error) {
	e, err := openOneDNN()
	switch {
	case err != nil:
		return "", fmt.Errorf("%s: %w", OneDNN, err)
	case !e.half:
		return "", errors.New("this CPU has no avx512_bf16")
	}
	return OneDNN, nil
}

// Engines returns the backends that UseEngine can choose, the built-in one first, and for
// each other one why it cannot.
func Engines() (all []Backend, missing []error) {
	all = []Backend{library()}
	if e, err := openOneDNN(); err != nil {
		missing = append(missing, fmt.Errorf("%s: %w", OneDNN, err))
	} else {
		all = append(all, e.describe(all[0]))
	}
	return all, missing
}
