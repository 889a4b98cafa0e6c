package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/perf/benchfmt"

	"busybench/scripts/internal/snapshot"
)

// sideKey is the header key that benchstat gets for the columns of two snapshots. It is not one of
// a result file's own: benchfmt's keys in files begin with a lower-case letter, and benchmarks
// print none with this name.
const sideKey = "busybench-side"

// compareTwo compares two snapshots, the older one first. The gate is nil if there is none.
func compareTwo(
	ctx context.Context, getenv func(string) string, oldName, newName string,
) ([]snapshot.File, *gate, error) {
	limit, err := parseGate(getenv("GATE"))
	if err != nil {
		return nil, nil, err
	}
	bench := getenv("BENCH")
	if bench == "" {
		bench = "."
	}
	old, err := loadNamed(oldName, bench)
	if err != nil {
		return nil, nil, err
	}
	new, err := loadNamed(newName, bench)
	if err != nil {
		return nil, nil, err
	}
	if len(snapshot.Common(old, new)) == 0 {
		return nil, nil, fmt.Errorf("%s and %s have no benchmark in common; "+
			"were they made with the same AXES?",
			old.Path, new.Path)
	}
	if limit != nil {
		if err := limit.compare(old, new); err != nil {
			return nil, nil, err
		}
	}
	differences := snapshot.Differences(old, new)
	in := newInput(old, new)
	in.addSide("old:"+snapshot.Label(old.Path), old, differences)
	in.addSide("new:"+snapshot.Label(new.Path), new, differences)
	text, err := benchstat(ctx, in, "-col", sideKey)
	if err != nil {
		return nil, nil, err
	}
	title := fmt.Sprintf("# make compare OLD=%s NEW=%s\n", quote(oldName), quote(newName)) +
		old.RevisionLines(" (old)") + new.RevisionLines(" (new)") + describe(differences)
	path := snapshot.Sibling(new.Path, "vs-"+snapshot.Label(old.Path)+".txt")
	return []snapshot.File{{Path: path, Text: title + text}}, limit, nil
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

// describe returns a comment line for each difference: a warning if the environment differs, which
// is as a rule not what the comparison is about.
func describe(differences []snapshot.Difference) string {
	var lines strings.Builder
	for _, d := range differences {
		if d.IsEnvironment() {
			fmt.Fprintf(&lines, "# warning: %s\n", d.Warning())
		} else {
			fmt.Fprintf(&lines, "# differs in %s\n", d)
		}
	}
	return lines.String()
}
