// Package conformance tests whether a program is a writer as package protocol describes it. Each
// case starts the program, makes rounds with it as the benchmark does, or breaks off, and compares
// what it reports with the file and with what is possible.
package conformance

import (
	"errors"
	"os"
	"time"

	"busybench/bench/fleet"
	"busybench/bench/protocol"
)

// Options say what to test.
type Options struct {
	Name    string   // of the driver, a value of the axis
	Command []string // words
	Dir     string   // an existing directory for databases
	// Limit is how long the program may take to respond or to exit; 0 for the default. A correct
	// program never takes as long, so a longer one costs time only with a program that hangs.
	Limit time.Duration
}

// defaultLimit is many times what a writer needs on a busy machine.
const defaultLimit = 30 * time.Second

// Result is the result of a case.
type Result struct {
	Case   string // what must be true, such as "exits when its input ends"
	Err    error  // why it is not; nil if it is
	Undone string // why the case was left out, or empty
}

// Kit runs cases.
type Kit struct {
	Options
	Driver protocol.Driver // that the program names
}

// New starts the program once, to learn what it can do.
func New(o Options) (*Kit, error) {
	if o.Limit == 0 {
		o.Limit = defaultLimit
	}
	d, err := fleet.Describe(o.Command)
	return &Kit{o, d}, err
}

// testCase is a case. Its run function returns an error that begins with the name of the fault.
type testCase struct {
	name   string
	undone string // why the driver need not pass it, or empty
	run    func(*trial) error
}

// Cases returns the names of all cases.
func (k *Kit) Cases() (names []string) {
	for _, c := range k.cases() {
		names = append(names, c.name)
	}
	return names
}

// Run runs the cases whose names are selected, and passes on each result as it comes.
func (k *Kit) Run(selected func(name string) bool, report func(Result)) {
	for _, c := range k.cases() {
		if !selected(c.name) {
			continue
		}
		r := Result{Case: c.name, Undone: c.undone}
		if c.undone == "" {
			r.Err = k.try(c)
		}
		report(r)
	}
}

// try runs a case in a directory of its own.
func (k *Kit) try(c testCase) (err error) {
	dir, err := os.MkdirTemp(k.Dir, "case-")
	if err != nil {
		return err
	}
	t := &trial{Kit: k, dir: dir}
	defer func() { err = errors.Join(err, t.end(), os.RemoveAll(dir)) }()
	return c.run(t)
}

// cases returns all cases, those that are easier to understand first.
func (k *Kit) cases() (all []testCase) {
	all = append(all, k.messageCases()...)
	all = append(all, k.endCases()...)
	all = append(all, k.badTaskCases()...)
	all = append(all, k.roundCases()...)
	all = append(all, k.sqlCases()...)
	all = append(all, k.lockCases()...)
	all = append(all, k.timeCases()...)
	all = append(all, k.crewCases()...)
	return append(all, k.coldStartCases()...)
}

// undeclared says that a capability is not declared, if it is not.
func undeclared(declared bool, what string) string {
	if declared {
		return ""
	}
	return what + " is not declared"
}
