package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"busybench/bench/format"
	"busybench/scripts/internal/golden"
	"busybench/scripts/internal/snapshot"
)

// install makes scripts the only programs that can be found, by their names.
func install(t *testing.T, programs map[string]string) {
	t.Helper()
	dir := t.TempDir()
	for name, script := range programs {
		text := "#!/bin/sh\n" + script + "\n"
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", dir)
}

func TestLibrariesAreThoseOfInstalledPrograms(t *testing.T) {
	const shell = "echo 3.40.1 2022-12-28 14:03:47 df5c253c0b3dd24916e4ec7cf77d3db5294c"
	for _, c := range []struct {
		name     string
		programs map[string]string
		want     []library
	}{
		{"none is installed", nil, nil},
		{"both", map[string]string{"python3": "echo 3.51.3", "sqlite3": shell},
			[]library{{"python3", "3.51.3"}, {"sqlite3", "3.40.1"}}},
		{"a python3 without sqlite3", map[string]string{"python3": "exit 1", "sqlite3": shell},
			[]library{{"sqlite3", "3.40.1"}}},
		{"one that prints nothing", map[string]string{"python3": "exit 0"}, nil},
		{"one that prints no version", map[string]string{"python3": "echo usage: python3"}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			install(t, c.programs)
			if got := findLibraries(); !slices.Equal(got, c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}

func TestEachBugHasItsConsequenceInTheSameSentence(t *testing.T) {
	for _, c := range []struct {
		name      string
		libraries []library
		want      []string // beginnings
	}{
		{"nothing is installed", nil, nil},
		{"new versions", []library{{"python3", "3.51.3"}, {"sqlite3", "3.54.1"}}, nil},
		{"one old version", []library{{"python3", "3.40.1"}, {"sqlite3", "3.54.1"}},
			[]string{"python3 3.40.1 has the WAL-reset race: in WAL mode, a commit during a " +
				"checkpoint may, rarely, corrupt the database"}},
		{"two old versions", []library{{"python3", "3.40.1"}, {"sqlite3", "3.46.0"}},
			[]string{"python3 3.40.1 and sqlite3 3.46.0 have the WAL-reset race: "}},
		{"two bugs", []library{{"python3", "3.36.0"}}, []string{
			"python3 3.36.0 has the WAL-reset race: ", "python3 3.36.0 has a bug of savepoints: "}},
		{"a version that is none", []library{{"mine", "unknown"}},
			[]string{`mine: bad version "unknown" of SQLite`}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := warnOfBugs(c.libraries)
			if len(got) != len(c.want) {
				t.Fatalf("got %q, want %q", got, c.want)
			}
			for i, want := range c.want {
				if !strings.HasPrefix(got[i], want) {
					t.Errorf("got %q, want it to begin with %q", got[i], want)
				}
			}
		})
	}
}

func TestTheAnswerNamesFilesystemAndLibraries(t *testing.T) {
	m, err := readMatrix(golden.Getenv("TXN", "upgrade", "BATCH", "2"))
	if err != nil {
		t.Fatal(err)
	}
	s, err := snapshot.Read("testdata/sample.txt")
	if err != nil {
		t.Fatal(err)
	}
	a := newAnswer(m, s)
	a.libraries = []library{{"python3", "3.40.1"}}
	var out strings.Builder
	if err := writeAnswer(&out, a, "."); err != nil {
		t.Fatal(err)
	}
	text := strings.Join(strings.Fields(out.String()), " ")
	for _, want := range []string{
		" The disk (ext4) syncs ", " SQLite of yours: python3 3.40.1. ",
		" Warning: python3 3.40.1 has the WAL-reset race: in WAL mode, ",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, &out)
		}
	}
	for line := range strings.Lines(out.String()) {
		if n := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); n > format.Columns {
			t.Errorf("a line has %d columns: %s", n, line)
		}
	}
}

func TestADriverThatCannotBeAskedIsRejectedBeforeAnythingStarts(t *testing.T) {
	for name, c := range map[string]struct{ driver, want string }{
		"an unknown name":      {"pyton", "DRIVER: driver pyton has no command"},
		"an empty command":     {"mine=", "DRIVER: bad command"},
		"no such program":      {"mine=/nowhere/writer", "DRIVER: mine: "},
		"a program that exits": {"mine=false", "DRIVER: mine: "},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := (&quick{}).prepare(golden.Getenv("DRIVER", c.driver))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
}

func TestTheSQLiteOfADriverIsThatOfItsHello(t *testing.T) {
	const check = "import sqlite3, sys; assert sys.version_info >= (3, 11)"
	if err := exec.Command("python3", "-c", check).Run(); err != nil {
		t.Skip("needs python3 3.11 with sqlite3:", err)
	}
	const command = "python3 ../../bench/drivers/python/writer.py"
	q := &quick{}
	_, err := q.prepare(golden.Getenv("DRIVER", "mine="+command))
	if err != nil {
		t.Fatal(err)
	}
	want := findLibraries()[0].version
	if len(q.libraries) != 1 || q.libraries[0] != (library{"mine", want}) {
		t.Errorf("got %v, want mine %s", q.libraries, want)
	}
}
