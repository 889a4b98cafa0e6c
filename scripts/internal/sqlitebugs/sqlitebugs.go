// Package sqlitebugs lists, by version, those bugs of SQLite that may cost programs with several
// writers their data, and releases that were withdrawn.
package sqlitebugs

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Bug is a bug of the versions from first until just before fixed.
type Bug struct {
	first, fixed version
	backports    []version // earlier versions with the fix, each for the patches of its branch
	name         string
	consequence  string // a clause
	remedy       string // a clause
}

// version is a version of SQLite, such as 3.51.3.
type version [3]int

// bugs are from SQLite's documents: https://sqlite.org/wal.html#walresetbug,
// https://sqlite.org/releaselog/3_37_2.html and the announcement of 3.51.3.
var bugs = []Bug{
	{
		first: version{3, 7, 0}, fixed: version{3, 51, 3},
		backports: []version{{3, 44, 6}, {3, 50, 7}},
		name:      "the WAL-reset race",
		consequence: "in WAL mode, a commit during a checkpoint may, rarely, corrupt the " +
			"database or lose acknowledged rows",
		remedy: "upgrade to 3.51.3 before you choose WAL",
	},
	{
		first: version{3, 35, 0}, fixed: version{3, 37, 2},
		name:        "a bug of savepoints",
		consequence: "ROLLBACK TO with temp_store=MEMORY may corrupt the database",
		remedy:      "upgrade to 3.37.2",
	},
	{
		first: version{3, 52, 0}, fixed: version{3, 52, 1},
		name:        "a release that was withdrawn",
		consequence: "its authors found important problems in it",
		remedy:      "take 3.51.3, or 3.53.0 or later",
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
	hasBackport := slices.ContainsFunc(b.backports, func(fix version) bool {
		return v[0] == fix[0] && v[1] == fix[1] && v[2] >= fix[2]
	})
	return !hasBackport && slices.Compare(v[:], b.first[:]) >= 0 &&
		slices.Compare(v[:], b.fixed[:]) < 0
}

// String describes the bug in a sentence without a full stop.
func (b Bug) String() string {
	return fmt.Sprintf("%s: %s; %s", b.name, b.consequence, b.remedy)
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
