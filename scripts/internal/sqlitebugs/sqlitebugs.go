// Package sqlitebugs knows, by version, those bugs of SQLite that may cost programs with several
// writers their data, and releases that were withdrawn.
package sqlitebugs

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Bug is a bug of the versions from First until just before Fixed.
type Bug struct {
	First, Fixed version
	Backports    []version // earlier versions with the fix, each for the patches of its branch
	Name         string
	Consequence  string // a clause
	Remedy       string // a clause
}

// version is a version of SQLite, such as 3.51.3.
type version [3]int

// bugs are from SQLite's documents: https://sqlite.org/wal.html#walresetbug,
// https://sqlite.org/releaselog/3_37_2.html and the announcement of 3.51.3.
var bugs = []Bug{
	{
		First: version{3, 7, 0}, Fixed: version{3, 51, 3},
		Backports: []version{{3, 44, 6}, {3, 50, 7}},
		Name:      "the WAL-reset race",
		Consequence: "in WAL mode, a commit during a checkpoint may, rarely, corrupt the " +
			"database or lose acknowledged rows",
		Remedy: "upgrade to 3.51.3 before you choose WAL",
	},
	{
		First: version{3, 35, 0}, Fixed: version{3, 37, 2},
		Name:        "a bug of savepoints",
		Consequence: "ROLLBACK TO with temp_store=MEMORY may corrupt the database",
		Remedy:      "upgrade to 3.37.2",
	},
	{
		First: version{3, 52, 0}, Fixed: version{3, 52, 1},
		Name:        "a release that was withdrawn",
		Consequence: "its authors found important problems in it",
		Remedy:      "take 3.51.3, or 3.53.0 or later",
	},
}

// Find returns the bugs of a version, such as "3.40.1". It returns an error if the text is none.
func Find(text string) (found []Bug, err error) {
	v, err := parse(text)
	if err != nil {
		return nil, err
	}
	for _, b := range bugs {
		if b.affects(v) {
			found = append(found, b)
		}
	}
	return found, nil
}

// affects reports whether a version has the bug.
func (b Bug) affects(v version) bool {
	hasBackport := slices.ContainsFunc(b.Backports, func(fix version) bool {
		return v[0] == fix[0] && v[1] == fix[1] && v[2] >= fix[2]
	})
	return !hasBackport && slices.Compare(v[:], b.First[:]) >= 0 &&
		slices.Compare(v[:], b.Fixed[:]) < 0
}

// String describes the bug in a sentence without its end.
func (b Bug) String() string {
	return fmt.Sprintf("%s: %s; %s", b.Name, b.Consequence, b.Remedy)
}

// parse reads a version. A fourth number, as of 3.8.11.1, is left out.
func parse(text string) (v version, err error) {
	parts := strings.Split(text, ".")
	if len(parts) < 2 || len(parts) > 4 {
		return v, fmt.Errorf("bad version %q of SQLite; one is such as 3.51.3", text)
	}
	for i, part := range parts {
		n, err := strconv.ParseUint(part, 10, 16)
		if err != nil {
			return v, fmt.Errorf("bad version %q of SQLite; one is such as 3.51.3", text)
		}
		if i < len(v) {
			v[i] = int(n)
		}
	}
	return v, nil
}
