package main

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"busybench/scripts/internal/snapshot"
)

// compareTwo compares two snapshots, the older one first, and minds the gate where there is one.
func compareTwo(stdout io.Writer, getenv func(string) string, oldName, newName string) error {
	limit, err := gateOf(getenv("GATE"))
	if err != nil {
		return err
	}
	bench := getenv("BENCH")
	if bench == "" {
		bench = "."
	}
	old, err := loadNamed(oldName, bench)
	if err != nil {
		return err
	}
	new, err := loadNamed(newName, bench)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(old.Rows(), func(r snapshot.Row) bool { return find(new, r.Name) != nil }) {
		return fmt.Errorf("%s and %s have no benchmark in common; were they made with the same AXES?", old.Path, new.Path)
	}
	keys, remarks := differences(old, new)
	args := []string{"-filter", fmt.Sprintf(".name:/%s/", bench)}
	if keys != nil {
		args = append(args, "-ignore", strings.Join(keys, ","))
	}
	text, err := benchstat(append(args, label("old", old), label("new", new))...)
	if err != nil {
		return err
	}
	title := fmt.Sprintf("# make compare OLD=%s NEW=%s\n%s", oldName, newName, remarks)
	path := snapshot.Sibling(new.Path, "vs-"+snapshot.Label(old.Path)+".txt")
	if err := store(stdout, path, title+text); err != nil {
		return err
	}
	if limit == nil {
		return nil
	}
	return limit.check(stdout, old, new)
}

func loadNamed(name, bench string) (*snapshot.Snapshot, error) {
	path, err := snapshot.Path(name)
	if err != nil {
		return nil, err
	}
	return load(path, bench)
}

// label gives a snapshot's column its name.
func label(side string, s *snapshot.Snapshot) string {
	return fmt.Sprintf("%s:%s=%s", side, snapshot.Label(s.Path), s.Path)
}

func find(s *snapshot.Snapshot, name string) *snapshot.Row {
	rows := s.Rows()
	i := slices.IndexFunc(rows, func(r snapshot.Row) bool { return r.Name == name })
	if i < 0 {
		return nil
	}
	return &rows[i]
}

// differences are the header keys in which rows of the same name differ, which may be just what
// the comparison is about. benchstat would put the two sides into different tables because of
// them, so they are ignored there, and told in remarks.
func differences(old, new *snapshot.Snapshot) (keys []string, remarks string) {
	for _, row := range old.Rows() {
		other := find(new, row.Name)
		if other == nil {
			continue
		}
		a, b := row.Results[0], other.Results[0]
		for _, config := range append(slices.Clone(a.Config), b.Config...) {
			before, after := a.GetConfig(config.Key), b.GetConfig(config.Key)
			if before != after && config.File && !slices.Contains(keys, config.Key) {
				keys = append(keys, config.Key)
				remarks += fmt.Sprintf("# differs in %s: %q, then %q\n", config.Key, before, after)
			}
		}
	}
	return keys, remarks
}

// errGate marks the one error that is a finding rather than a failure to compare.
var errGate = errors.New("worse than before")
