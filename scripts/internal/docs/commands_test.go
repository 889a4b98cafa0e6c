package docs

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"busybench/scripts/internal/command"
)

// allCommands returns the commands of all documents, each once.
func allCommands(t *testing.T) (all []string) {
	t.Helper()
	for _, document := range documents {
		found := commands(read(t, document))
		if len(found) == 0 {
			t.Errorf("%s has no commands", document)
		}
		all = append(all, found...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func TestCommandsNameOnlyWhatExists(t *testing.T) {
	for _, line := range allCommands(t) {
		t.Run(line, func(t *testing.T) {
			for _, call := range calls(t, line) {
				if err := check(call); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

// The commands that take seconds are run, in a copy of the project.
func TestQuickCommandsWork(t *testing.T) {
	if testing.Short() {
		t.Skip("runs every command of the documents that takes seconds")
	}
	project, index := copyProject(t), read(t, results)
	ran := 0
	for _, line := range allCommands(t) {
		takesSeconds := func(call []string) bool { return takesSeconds(call, index) }
		if !slices.ContainsFunc(calls(t, line), takesSeconds) {
			continue
		}
		ran++
		t.Run(line, func(t *testing.T) {
			shell := exec.Command("sh", "-c", line)
			shell.Dir, shell.Env = project, environment()
			var stderr strings.Builder
			shell.Stderr = &stderr
			out, err := shell.Output()
			if err != nil {
				t.Errorf("%v\n%s\n%s", err, out, &stderr)
			}
			if len(out) == 0 { // benchstat exits with 0 if it cannot read a file
				t.Errorf("it prints nothing\n%s", &stderr)
			}
		})
	}
	if ran == 0 {
		t.Error("no command was run")
	}
}

// environment returns this process's environment without what make adds for its children: its own
// variables, and the settings, which a command of a document gives itself.
func environment() []string {
	return slices.DeleteFunc(os.Environ(), func(variable string) bool {
		name, _, _ := strings.Cut(variable, "=")
		has := func(t command.Target) bool { return t.Has(name) }
		return slices.Contains([]string{"MAKEFLAGS", "MAKELEVEL", "MFLAGS"}, name) ||
			slices.ContainsFunc(command.Targets, has)
	})
}

// takesSeconds reports whether a call only reads what the project has, in a short time. Index is
// the document that lists the snapshots.
func takesSeconds(call []string, index string) bool {
	isMissing := func(arg string) bool {
		name, label, _ := strings.Cut(arg, "=")
		return slices.Contains([]string{"LABEL", "OLD", "NEW"}, name) &&
			!strings.Contains(index, "("+label+".txt)")
	}
	switch {
	case len(call) < 2:
		return false
	case call[0] == "go" && call[1] == "tool":
		const fromBenchmark = "-" // standard input
		return len(call) > 3 && call[2] == "benchstat" && !slices.Contains(call, fromBenchmark)
	case call[0] == "go":
		return call[1] == "doc"
	case call[0] == "make" &&
		slices.Contains([]string{"compare", "export", "plot", "report"}, call[1]):
		return !slices.ContainsFunc(call, isMissing)
	}
	return call[0] == "make" && call[1] == "help"
}

// copyProject copies what the commands need. They write beside the snapshots.
func copyProject(t *testing.T) (dir string) {
	t.Helper()
	dir = t.TempDir()
	for _, name := range []string{"bench", "scripts", "results"} {
		from := os.DirFS(filepath.Join(root, name))
		if err := os.CopyFS(filepath.Join(dir, name), from); err != nil {
			t.Fatal(err)
		}
	}
	own, err := filepath.Glob(filepath.Join(dir, "results", "latest*")) // the user's
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range own {
		if err := os.Remove(file); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"Makefile", "go.mod", "go.sum"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(read(t, name)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}
