package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"golang.org/x/perf/benchfmt"

	"busybench/bench/format"
	"busybench/scripts/internal/snapshot"
)

// sideKey is the header key that benchstat gets for the columns of two snapshots. It is not one of
// a result file's own: benchfmt's keys in files begin with a lower-case letter, and benchmarks
// print none with this name.
const sideKey = "busybench-side"

// compareTwo compares two snapshots, the older one first.
func compareTwo(
	ctx context.Context, getenv func(string) string, oldName, newName string,
) (report, error) {
	limit, err := parseGate(getenv("GATE"))
	if err != nil {
		return report{}, err
	}
	older, newer, err := loadTwo(oldName, newName, cmp.Or(getenv("BENCH"), "."))
	if err != nil {
		return report{}, err
	}
	selected, err := parseUnits(getenv("UNITS"), older, newer)
	if err != nil {
		return report{}, err
	}
	if limit != nil {
		if err := limit.compare(older, newer); err != nil {
			return report{}, err
		}
	}
	c := pairUp(older, newer)
	command := fmt.Sprintf("# make compare OLD=%s NEW=%s\n",
		format.ShellWord(oldName), format.ShellWord(newName))
	if c.file, err = storeTwo(ctx, older, newer, command); err != nil {
		return report{}, err
	}
	return report{
		sources:     []string{source("old: ", older), source("new: ", newer)},
		comparisons: []comparison{c},
		selected:    selected,
		doubts:      doubts(older, newer),
		gate:        limit,
	}, nil
}

// pairUp pairs the rows of two snapshots by name.
func pairUp(older, newer *snapshot.Snapshot) comparison {
	c := comparison{values: []string{"old", "new"}, snapshot: newer, base: older,
		paired: snapshot.Interleaved(older, newer)}
	later := map[string]*snapshot.Row{}
	for _, row := range newer.Rows() {
		later[row.Name] = &row
	}
	for _, row := range older.Rows() {
		c.add(group{&row, later[row.Name]})
		delete(later, row.Name)
	}
	for _, row := range newer.Rows() {
		if later[row.Name] != nil {
			c.add(group{nil, &row})
		}
	}
	return c
}

// storeTwo returns benchstat's tables of two snapshots, below a title.
func storeTwo(
	ctx context.Context, older, newer *snapshot.Snapshot, title string,
) (snapshot.File, error) {
	differences := snapshot.Differences(older, newer)
	title += older.RevisionLines(" (old)") + newer.RevisionLines(" (new)") + describe(older, newer)
	in := newInput(older, newer)
	in.addSide("old:"+snapshot.Label(older.Path), older, differences)
	in.addSide("new:"+snapshot.Label(newer.Path), newer, differences)
	text, err := benchstat(ctx, in, "-col", sideKey)
	if err != nil {
		return snapshot.File{}, err
	}
	return snapshot.File{
		Path: snapshot.Sibling(newer.Path, "vs-"+snapshot.Label(older.Path)+".txt"),
		Text: title + text,
	}, nil
}

// loadTwo reads the selected benchmarks of two snapshots, which must have one in common.
func loadTwo(oldName, newName, bench string) (older, newer *snapshot.Snapshot, err error) {
	if older, err = loadNamed(oldName, bench); err != nil {
		return nil, nil, err
	}
	if newer, err = loadNamed(newName, bench); err != nil {
		return nil, nil, err
	}
	if len(snapshot.Common(older, newer)) == 0 {
		return nil, nil, fmt.Errorf("%s and %s have no benchmark in common; "+
			"were they made with the same AXES?", older.Path, newer.Path)
	}
	return older, newer, nil
}

func loadNamed(name, bench string) (*snapshot.Snapshot, error) {
	path, err := snapshot.Path(name)
	if err != nil {
		return nil, err
	}
	return load(path, bench)
}

// addSide adds the results of a snapshot, as the column with a name. It leaves out the header lines
// in which the snapshots differ: benchstat would put the two sides into different tables.
func (in *input) addSide(name string, s *snapshot.Snapshot, differences []snapshot.Difference) {
	for _, r := range s.Results {
		r := r.Clone()
		r.Config = slices.DeleteFunc(r.Config, func(c benchfmt.Config) bool {
			return c.Key == sideKey || slices.ContainsFunc(differences,
				func(d snapshot.Difference) bool { return d.Key == c.Key })
		})
		r.Config = append(r.Config, benchfmt.Config{Key: sideKey, Value: []byte(name), File: true})
		in.write(r)
	}
}

// describe returns a comment line for each warning and for each other difference, as a rule what
// the comparison is about.
func describe(older, newer *snapshot.Snapshot) (lines string) {
	for _, warning := range snapshot.Warnings(older, newer) {
		lines += fmt.Sprintf("# warning: %s\n", warning)
	}
	for _, d := range settings(older, newer) {
		lines += fmt.Sprintf("# differs in %s\n", d)
	}
	return lines
}

// doubts returns the warnings and the other differences as they are printed.
func doubts(older, newer *snapshot.Snapshot) (sentences []string) {
	all := snapshot.Warnings(older, newer)
	for _, warning := range snapshot.Doubts(older, newer) {
		if !slices.Contains(all, warning) {
			all = append(all, warning)
		}
	}
	sentences = warnings(all)
	for _, d := range settings(older, newer) {
		sentences = append(sentences, fmt.Sprintf("The snapshots differ in %s.", d))
	}
	return sentences
}

// warnings returns sentences as they are printed.
func warnings(all []string) (sentences []string) {
	for _, warning := range all {
		sentences = append(sentences, snapshot.Warning(warning))
	}
	return sentences
}

// settings returns the differences that are not of the environment.
func settings(older, newer *snapshot.Snapshot) []snapshot.Difference {
	return slices.DeleteFunc(snapshot.Differences(older, newer), snapshot.Difference.IsEnvironment)
}
