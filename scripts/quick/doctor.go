package main

import (
	"context"
	"fmt"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"time"

	"busybench/bench/drivers"
	"busybench/bench/fleet"
	"busybench/bench/format"
	"busybench/bench/scenario"
	"busybench/scripts/internal/sqlitebugs"
)

// library is a SQLite that the user's own programs may have.
type library struct{ name, version string }

// installed are commands that print the version of the SQLite of a program, if it is installed.
var installed = []struct {
	name string
	args []string
}{
	{"python3", []string{"-c", "import sqlite3; print(sqlite3.sqlite_version)"}},
	{"sqlite3", []string{"--version"}},
}

// maxAsking is how long a program may take to print its version.
const maxAsking = 2 * time.Second

// findLibraries asks the programs that are installed for the version of their SQLite. One that does
// not answer is left out.
func findLibraries() (found []library) {
	for _, program := range installed {
		ctx, cancel := context.WithTimeout(context.Background(), maxAsking)
		cmd := exec.CommandContext(ctx, program.name, program.args...)
		cmd.WaitDelay = 100 * time.Millisecond
		out, err := cmd.Output()
		cancel()
		words := strings.Fields(string(out))
		if err != nil || len(words) == 0 {
			continue
		}
		if _, err := sqlitebugs.Find(words[0]); err == nil {
			found = append(found, library{program.name, words[0]})
		}
	}
	return found
}

// describeDriver returns the SQLite of a driver, as DRIVER names it.
func describeDriver(text string) (library, error) {
	name, command, err := drivers.FindSetting(text)
	if err != nil {
		return library{}, fmt.Errorf("DRIVER: %w", err)
	}
	// The kernel ends a program together with the thread that started it.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	driver, err := fleet.Describe(command)
	if err != nil {
		return library{}, fmt.Errorf("DRIVER: %s: %w", name, err)
	}
	return library{name, driver.SQLite}, nil
}

// userLibraries returns the SQLite of DRIVER, or if that is not set, those of the programs that are
// installed.
func userLibraries(driver string) ([]library, error) {
	if driver == "" || driver == scenario.Zombiezen {
		return findLibraries(), nil
	}
	l, err := describeDriver(driver)
	return []library{l}, err
}

// describeLibraries says which versions there are. It is empty if there is none.
func describeLibraries(all []library) string {
	var names []string
	for _, l := range all {
		names = append(names, l.name+" "+l.version)
	}
	if names == nil {
		return ""
	}
	return "SQLite of yours: " + strings.Join(names, ", ") + "."
}

// warnOfBugs returns a sentence for each bug of the versions, without a full stop.
func warnOfBugs(all []library) (sentences []string) {
	affected := map[string][]string{} // names by bug
	for _, l := range all {
		bugs, err := sqlitebugs.Find(l.version)
		if err != nil {
			sentences = append(sentences, fmt.Sprintf("%s: %v, so its bugs are not known", l.name,
				err))
		}
		for _, bug := range bugs {
			text := bug.String()
			if affected[text] == nil {
				sentences = append(sentences, text)
			}
			affected[text] = append(affected[text], l.name+" "+l.version)
		}
	}
	for i, text := range sentences {
		if names := affected[text]; names != nil {
			verb := "have"
			if len(names) == 1 {
				verb = "has"
			}
			sentences[i] = fmt.Sprintf("%s %s %s", format.List(slices.Clone(names)), verb, text)
		}
	}
	return sentences
}
