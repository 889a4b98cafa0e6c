package main

import (
	"io"
	"regexp"
	"strings"
	"testing"

	"busybench/scripts/internal/golden"
	"busybench/scripts/internal/snapshot"
)

func TestTablesAreStoredBesideTheSnapshot(t *testing.T) {
	path := sample(t, "sample.txt", same)
	var out strings.Builder
	if err := run(&out, golden.Getenv("LABEL", path)); err != nil {
		t.Fatal(err)
	}
	for _, axis := range []string{"journal", "exec", "writers"} {
		t.Run(axis, func(t *testing.T) {
			golden.Check(t, "by-"+axis+".golden", stored(t, path, "by-"+axis+".txt"))
			if want := "\n  " + snapshot.Sibling(path, "by-"+axis+".txt") + "\n"; !strings.Contains(
				out.String(), want) {
				t.Errorf("the path %s is not printed:\n%s", want, &out)
			}
		})
	}
}

// Values that are named stand in their order, the first as the base, and the others are left out.
func TestColumnsStandInTheOrderOfBY(t *testing.T) {
	path := sample(t, "sample.txt", same)
	by := "exec=process,goroutine writers=8,1"
	err := run(io.Discard, golden.Getenv("LABEL", path, "BY", by, "BENCH", "Burst"))
	if err != nil {
		t.Fatal(err)
	}
	for axis, want := range map[string]string{
		"exec":    `process *│ *goroutine`,
		"writers": ` 8 *│ *1 `,
	} {
		t.Run(axis, func(t *testing.T) {
			text := stored(t, path, "by-"+axis+".txt")
			if !regexp.MustCompile(want).MatchString(text) {
				t.Errorf("no columns %s in\n%s", want, text)
			}
			if !strings.HasPrefix(text, "# make compare LABEL=sample BY="+axis+"=") ||
				!strings.Contains(text, " BENCH='Burst'\n") {
				t.Errorf("the title does not say how it was made:\n%s", text)
			}
		})
	}
}

// As with go test -bench, a pattern may select by the parts of a name.
func TestBenchSelectsByPartsOfTheName(t *testing.T) {
	path := sample(t, "sample.txt", same)
	getenv := golden.Getenv("LABEL", path, "BY", "writers", "BENCH", "Burst/exec=process")
	err := run(io.Discard, getenv)
	if err != nil {
		t.Fatal(err)
	}
	text := stored(t, path, "by-writers.txt")
	if strings.Contains(text, "goroutine") || !strings.Contains(text, "Burst/exec=process") {
		t.Errorf("the table is not of processes only:\n%s", text)
	}
}

// As arguments of benchstat, these would be labels, flags or its syntax.
func TestOddFileNamesAreCompared(t *testing.T) {
	if testing.Short() {
		t.Skip("starts benchstat 16 times")
	}
	for _, name := range []string{"a=b", "-x", "-col=x", "a b'c", "#", "(@)", "\"", "%s"} {
		t.Run(name, func(t *testing.T) {
			path := sample(t, name+".txt", same)
			for _, settings := range [][]string{{"LABEL", path}, {"OLD", path, "NEW", path}} {
				if err := run(io.Discard, golden.Getenv(settings...)); err != nil {
					t.Errorf("%v: %v", settings, err)
				}
			}
			text := stored(t, path, "vs-"+name+".txt")
			header := regexp.MustCompile(`│ *old:` + regexp.QuoteMeta(name) + ` *│`)
			if !header.MatchString(text) {
				t.Errorf("no column old:%s in\n%s", name, text)
			}
		})
	}
}

// A budget gives some rows more runs than others.
func TestRowsMayHaveDifferentNumbersOfRuns(t *testing.T) {
	path := sample(t, "x.txt", func(line string) string {
		if strings.Contains(line, "Burst/exec=process/journal=wal/writers=8-") {
			return line + "# disk before: 1\n" + line
		}
		return line
	})
	for name, settings := range map[string][]string{
		"one": {"LABEL", path, "BY", "exec"}, "two": {"OLD", sample(t, "y.txt", same), "NEW", path},
	} {
		t.Run(name, func(t *testing.T) {
			if text := printed(t, settings...); !strings.Contains(text, "  process  ") &&
				!strings.Contains(text, "  vs old  ") {
				t.Errorf("printed %s", text)
			}
		})
	}
}
