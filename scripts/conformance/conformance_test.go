package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"busybench/bench/fleet"
	"busybench/bench/format"
	"busybench/bench/protocol"
	"busybench/bench/protocol/conformance"
	"busybench/bench/writer"
	"busybench/scripts/internal/driverbuild"
	"busybench/scripts/internal/golden"
)

// This test binary is also a writer of the driver zombiezen.
func TestMain(m *testing.M) {
	if os.Getenv(fleet.WriterVariable) != "" {
		protocol.Serve(writer.Serve, os.Exit)
		return
	}
	os.Exit(m.Run())
}

func TestTheWritersOfTheProjectConform(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the writers of all drivers and runs every case")
	}
	drivers := append([]string{"zombiezen"}, driverbuild.Names()...)
	built := t.TempDir()
	for _, name := range drivers {
		t.Run(name, func(t *testing.T) {
			driver := name
			if name != "zombiezen" {
				driver = name + "='" + build(t, built, name) + "'"
			}
			t.Parallel() // from here on they mostly sleep
			requireConformance(t, driver)
		})
	}
}

// build builds a driver, or skips the test if the machine lacks something.
func build(t *testing.T, dir, name string) (path string) {
	t.Helper()
	if !driverbuild.IsQuick("../..", name) {
		t.Skipf("%s takes a minute to build; run make drivers before", name)
	}
	b, err := driverbuild.New("../..", dir)
	if err != nil {
		t.Fatal(err)
	}
	path, err = b.Build(t.Context(), name)
	var missing driverbuild.Missing
	if errors.As(err, &missing) {
		t.Skipf("%s is not built: %v", name, missing)
	}
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func requireConformance(t *testing.T, driver string) {
	t.Helper()
	dir := t.TempDir()
	var out strings.Builder
	if err := run(t.Context(), &out, golden.Getenv("DRIVER", driver, "DIR", dir)); err != nil {
		t.Errorf("%v\n%s", err, &out)
	}
	if n := strings.Count(out.String(), "\nok "); n < 50 {
		t.Errorf("%d cases passed:\n%s", n, &out)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestBadSettingsGetOneLine(t *testing.T) {
	t.Chdir(t.TempDir()) // where nothing is built
	for _, c := range []struct{ name, driver, want string }{
		{"a driver that is not built", "python", "DRIVER: driver python is not built; run make"},
		{"an unknown driver", "pyton", "DRIVER: driver pyton has no command (did you"},
		{"a name that is none", "My Driver", "DRIVER: bad driver name"},
		{"an empty command", "mine=", "DRIVER: bad command"},
		{"a program that does not exist", "mine=/nonexistent/writer", "mine: start writer 0"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var out strings.Builder
			err := run(t.Context(), &out, golden.Getenv("DRIVER", c.driver, "DIR", "."))
			if err == nil || !strings.HasPrefix(err.Error(), c.want) ||
				strings.Contains(err.Error(), "\n") || out.Len() > 0 {
				t.Errorf("error is %v, want %s; printed %q", err, c.want, &out)
			}
		})
	}
	if left, _ := filepath.Glob(".busybench-*"); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestTheReportFitsATerminal(t *testing.T) {
	var out strings.Builder
	r := newReport(&out, "mine", protocol.Driver{
		Name: "a library", Version: "1.2.3", SQLite: "3.54.1",
		CompileOptions: []string{"THREADSAFE=1", "DEFAULT_SYNCHRONOUS=2", "ENABLE_SETLK_TIMEOUT"},
	})
	r.add(conformance.Result{Case: "says hello"})
	r.add(conformance.Result{Case: "streams", Undone: "stream is not declared"})
	if err := r.end(); err != nil {
		t.Errorf("without a failure the error is %v", err)
	}
	long := errors.New("lost row: " + strings.Repeat("x ", 100) + "\nsecond line")
	r.add(conformance.Result{Case: "writes", Err: long})
	if err := r.end(); err == nil || !strings.Contains(err.Error(), "mine is not a writer") {
		t.Errorf("with a failure the error is %v", err)
	}
	for _, want := range []string{
		"mine: a library 1.2.3, SQLite 3.54.1, THREADSAFE=1, ", "\nok    says hello\n",
		"\n-     streams: stream is not declared\n", "\nFAIL  writes: lost row: x x",
		"\n1 passed, 0 failed, 1 not declared\n", "\n1 passed, 1 failed, 1 not declared\n",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in:\n%s", want, &out)
		}
	}
	for line := range strings.Lines(out.String()) {
		if n := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); n > format.Columns {
			t.Errorf("%d columns: %s", n, line)
		}
	}
}
