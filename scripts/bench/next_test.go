package main

import (
	"path/filepath"
	"strings"
	"testing"

	"busybench/scripts/internal/runner"
	"busybench/scripts/internal/snapshot"
)

// at returns a snapshot with rows of some number of runs as if it stood at a path.
func at(t *testing.T, path string, runs int, rows ...string) *snapshot.Snapshot {
	t.Helper()
	var text strings.Builder
	for _, name := range rows {
		row(&text, name, runs, 1)
	}
	s := read(t, text.String())
	s.Path = path
	return s
}

func TestNextIsACommandThatCompares(t *testing.T) {
	const one, two = "Burst/exec=process/writers=8", "Burst/exec=process/writers=9"
	for name, c := range map[string]struct {
		path string
		runs int
		rows []string
		want string
	}{
		"of a label":      {"results/x.txt", 6, []string{one, two}, "LABEL=x"},
		"of a path":       {"/tmp/x y.txt", 6, []string{one, two}, "LABEL='/tmp/x y.txt'"},
		"of an odd label": {"results/-x.txt", 6, []string{one, two}, "LABEL=results/-x.txt"},
		"of an axis that is not always named": {"results/x.txt", 6,
			[]string{one + "/busy=5s", one + "/busy=queue"}, "LABEL=x BY=busy"},
		"too few runs": {"results/x.txt", 5, []string{one, two}, ""},
		"one row":      {"results/x.txt", 6, []string{one}, ""},
		"rows that compare does not show": {"results/x.txt", 6,
			[]string{"Ceiling/journal=delete", "Ceiling/journal=wal"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			want := ""
			if c.want != "" {
				want = "Next: make compare " + c.want + "\n"
			}
			s := at(t, c.path, c.runs, c.rows...)
			if got := next(s); got != want {
				t.Errorf("is %q, want %q", got, want)
			}
			if n := len(s.Rows()); n != len(c.rows) {
				t.Errorf("the snapshot is left with %d rows", n)
			}
		})
	}
}

func TestReportOfABNamesTheComparison(t *testing.T) {
	const one, two = "Burst/writers=8", "Burst/writers=9"
	many := func() (rows []string) {
		for _, axis := range strings.Split("abcdefghijklmnopqrstuvwxyz", "") {
			rows = append(rows, "Burst/exec="+axis)
		}
		return rows
	}()
	for name, c := range map[string]struct {
		dir          string
		runs         int
		older, newer []string
		want         string
	}{
		"of labels": {"results", 6, []string{one}, []string{one},
			"Next: make compare OLD=x-old NEW=x-new GATE=5\n"},
		"of paths": {"/tmp/a b", 6, []string{one}, []string{one},
			"Next: make compare OLD='/tmp/a b/x-old.txt' NEW='/tmp/a b/x-new.txt' GATE=5\n"},
		"too few runs to compare":   {"results", 5, []string{one}, []string{one}, "x-new.txt.\n"},
		"nothing in common":         {"results", 6, []string{one}, []string{two}, "x-new.txt.\n"},
		"too few runs for the gate": {"results", 6, many, many, "NEW=x-new\n"},
	} {
		t.Run(name, func(t *testing.T) {
			var out strings.Builder
			err := report(t.Context(), &out, runner.Output{
				Old:      at(t, filepath.Join(c.dir, "x-old.txt"), c.runs, c.older...),
				Snapshot: at(t, filepath.Join(c.dir, "x-new.txt"), c.runs, c.newer...),
			})
			if err != nil || !strings.HasSuffix(out.String(), c.want) {
				t.Errorf("printed %q, %v, want it to end with %q", &out, err, c.want)
			}
		})
	}
}
