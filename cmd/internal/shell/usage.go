package shell

import "fmt"

// Usagef returns an error about how the program was called, in one line: what is
// wrong, and what to do. The program ends with ExitUsage.
func Usagef(format string, args ...any) error { return usageError(fmt.Sprintf(format, args...)) }

type usageError string

func (e usageError) Error() string { return string(e) }
