package shell

import (
	"flag"
	"fmt"
	"os"
	"reflect"
	"strings"
)

// Option is a flag of a command, bound to a field of the command's options. The command
// line takes precedence over the environment variable, then the configuration file,
// then the default, which is the field's initial value.
type Option struct {
	Name, Short string   // without hyphens; Short is most often empty
	Help        string   // what it means
	Placeholder string   // of its value, such as DIR; empty for a switch
	Values      []string // all allowed values, if there are few
	Group       string   // its heading in the help; empty for the command's own

	field        reflect.Value
	least, most  string   // bounds of a number, empty for none
	extensions   []string // of the file that it names
	defaultValue string
	open         bool // whether other values are allowed too
	from         source
	problem      error // why the value on the command line was not taken
}

// source is the source of an option's value.
type source struct {
	rank sourceRank
	name string // of the option, as the user wrote it
}

type sourceRank int

const (
	byDefault sourceRank = iota
	byFile
	byVariable
	byCommandLine
)

// Repeated is the type of an option that is given once for each value, whatever commas
// the values have; a variable or a file puts blanks between them.
type Repeated []string

// variablePrefix begins the name of every variable that sets an option.
const variablePrefix = "BNLAB_"

// Variable returns the environment variable that sets the option.
func (o *Option) Variable() string {
	return variablePrefix + strings.ToUpper(strings.ReplaceAll(o.Name, "-", "_"))
}

// title returns the name of the option in messages: as the user wrote it.
func (o *Option) title() string {
	if o.from.name == "" {
		return "--" + o.Name
	}
	return o.from.name
}

// String returns the value as it is written on the command line.
func (o *Option) String() string {
	if o.field.Kind() != reflect.Slice {
		return fmt.Sprint(o.field)
	}
	words := make([]string, o.field.Len())
	for i := range words {
		words[i] = fmt.Sprint(o.field.Index(i))
	}
	return strings.Join(words, ",")
}

// find returns the option of a name, nil where there is none.
func find(options []*Option, name string) *Option {
	for _, o := range options {
		if o.Name == name {
			return o
		}
	}
	return nil
}

// What follows is an option as the library takes it, cli.Flag, and as the package flag
// below that sets it, flag.Value.

// Names returns both names of the option, or the one.
func (o *Option) Names() []string {
	if o.Short == "" {
		return []string{o.Name}
	}
	return []string{o.Name, o.Short}
}

// IsSet reports whether anything but the default set it.
func (o *Option) IsSet() bool { return o.from.rank != byDefault }

// IsBoolFlag reports whether the option may stand without a value.
func (o *Option) IsBoolFlag() bool { return o.field.Kind() == reflect.Bool }

// Set is called for each time that the option stands on the command line.
func (o *Option) Set(text string) error {
	o.problem = o.read(text, source{byCommandLine, "--" + o.Name})
	return o.problem
}

// Apply adds the option to the flags of a command, and reads its variable.
func (o *Option) Apply(set *flag.FlagSet) error {
	for _, name := range o.Names() {
		set.Var(o, name, o.Help)
	}
	if text := os.Getenv(o.Variable()); text != "" && o.Short == "" { // of help and version there is none
		return o.read(text, source{byVariable, "$" + o.Variable()})
	}
	return nil
}
