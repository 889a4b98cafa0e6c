package snapshot

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/perf/benchfmt"
)

// environment are the keys of the header lines that describe the machine, the driver, SQLite and
// the text of an SQL file.
var environment = []string{
	"driver", "sqlite", "filesystem", "kernel", "cores", "quota", "go", "goenv", "sql",
}

// machine are the keys of the header lines that describe the machine.
var machine = []string{"filesystem", "kernel", "cores", "quota", "cpu", "goos", "goarch"}

// Machine returns the header lines of a row that describe its machine, such as "cores: 2".
func (r Row) Machine() (lines []string) {
	for _, key := range machine {
		if value := r.Results[0].GetConfig(key); value != "" {
			lines = append(lines, key+": "+value)
		}
	}
	return lines
}

// Difference is a header line in which two snapshots differ. A value is empty if a snapshot does
// not have the line.
type Difference struct {
	Key, Old, New string
}

// IsEnvironment reports whether the machine, the driver, SQLite or the text of an SQL file differs,
// rather than a setting that the snapshots may be meant to compare.
func (d Difference) IsEnvironment() bool {
	return slices.Contains(environment, d.Key) || strings.HasPrefix(d.Key, "driver-")
}

func (d Difference) String() string { return fmt.Sprintf("%s: %q, then %q", d.Key, d.Old, d.New) }

// Warning returns a sentence on a difference of the environment.
func (d Difference) Warning() string { return "the snapshots differ in " + d.String() }

// Differences returns the header lines in which rows of the same name differ between two
// snapshots. If no row has the same name, it compares the first row of each.
func Differences(older, newer *Snapshot) (all []Difference) {
	pairs := Common(older, newer)
	if len(pairs) == 0 {
		return difference(older.Results[0], newer.Results[0])
	}
	for _, pair := range pairs {
		all = merge(all, difference(pair[0].Results[0], pair[1].Results[0]))
	}
	return all
}

// Warnings returns sentences on what makes a comparison of two snapshots doubtful: each difference
// of the environment, another disk rate, and disturbed runs.
func Warnings(older, newer *Snapshot) (sentences []string) {
	for _, d := range Differences(older, newer) {
		if d.IsEnvironment() {
			sentences = append(sentences, d.Warning())
		}
	}
	for _, warning := range []string{
		diskWarning(older, newer), older.DisturbedWarning(), newer.DisturbedWarning(),
	} {
		if warning != "" {
			sentences = appendDistinct(sentences, warning)
		}
	}
	return sentences
}

// merge appends the differences of keys that are not there yet.
func merge(all, more []Difference) []Difference {
	for _, d := range more {
		if !slices.ContainsFunc(all, func(have Difference) bool { return have.Key == d.Key }) {
			all = append(all, d)
		}
	}
	return all
}

// difference compares the header lines of two results.
func difference(older, newer *benchfmt.Result) (all []Difference) {
	for _, config := range append(slices.Clone(older.Config), newer.Config...) {
		d := Difference{config.Key, older.GetConfig(config.Key), newer.GetConfig(config.Key)}
		if config.File && d.Old != d.New {
			all = merge(all, []Difference{d})
		}
	}
	return all
}

// Common returns the rows that two snapshots both have, in the order of the first. Each snapshot
// must pass [Snapshot.CheckHeaders].
func Common(older, newer *Snapshot) (pairs [][2]Row) {
	index := map[string]Row{}
	for _, row := range newer.Rows() {
		index[row.Name] = row
	}
	for _, row := range older.Rows() {
		if other, ok := index[row.Name]; ok {
			pairs = append(pairs, [2]Row{row, other})
		}
	}
	return pairs
}
