package command

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"unicode/utf8"

	"busybench/bench/format"
	"busybench/bench/terminal"
)

// Start checks what the user typed. A script calls it first. After -h it prints the target's help
// and exits with status 0. It exits with status 2 and one line if there is any other argument, or
// if make was given a variable or a target that does not exist.
func (t Target) Start() {
	help, err := t.ReadArguments(os.Args[1:])
	switch {
	case err != nil:
		fail(t.Name, err)
	case help:
		fmt.Print(t.Help())
		os.Exit(0)
	}
	if err := t.Check(os.Getenv); err != nil {
		fail("make", err)
	}
	if err := t.checkDir(os.LookupEnv); err != nil {
		fail(t.Name, err)
	}
}

func fail(name string, err error) {
	PrintError(name, err)
	os.Exit(2)
}

// PrintError prints an error of a script. On a terminal it breaks long lines between words.
func PrintError(name string, err error) {
	fmt.Fprintln(os.Stderr, errorText(name, err, terminal.Width(os.Stderr)))
}

// errorText returns what is printed of an error on a terminal, or elsewhere if it has no columns.
func errorText(name string, err error, columns int) string {
	lines := strings.Split(fmt.Sprintf("%s: %v", name, err), "\n")
	for i, line := range lines {
		if columns > 0 && utf8.RuneCountInString(line) > columns {
			lines[i] = format.Wrap(line, columns, "", "  ")
		}
	}
	return strings.Join(lines, "\n")
}

// ReadArguments reports whether the arguments of the script ask for help. Any others are an error.
func (t Target) ReadArguments(args []string) (help bool, err error) {
	if slices.ContainsFunc(args, asksForHelp) {
		return true, nil
	}
	if len(args) > 0 {
		return false, fmt.Errorf("unexpected argument %q; settings are variables, and -h lists "+
			"them: %s", args[0], t.example())
	}
	return false, nil
}

func asksForHelp(arg string) bool {
	return slices.Contains([]string{"-h", "-help", "--help"}, arg)
}
