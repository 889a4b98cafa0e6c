package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"busybench/scripts/internal/benchtest"
	"busybench/scripts/internal/command"
)

func TestMain(m *testing.M) { benchtest.Main(m) }

// top is the top of the repository, from this directory.
const top = "../.."

// withoutMake returns the environment without what an outer make adds to it.
func withoutMake() []string {
	return slices.DeleteFunc(os.Environ(), func(variable string) bool {
		return strings.HasPrefix(variable, "MAKE") || strings.HasPrefix(variable, "MFLAGS") ||
			strings.HasPrefix(variable, "BUSYBENCH_MAKE_")
	})
}

// execute runs a command and returns what it printed and its exit status.
func execute(t *testing.T, cmd *exec.Cmd) (stdout, stderr string, status int) {
	t.Helper()
	var out, text bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &text
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return out.String(), text.String(), cmd.ProcessState.ExitCode()
}

func TestScriptsExplainThemselves(t *testing.T) {
	if testing.Short() {
		t.Skip("builds every script")
	}
	dir := benchtest.Scripts(t)
	scripts, err := os.ReadDir(dir)
	if err != nil || len(scripts) == 0 {
		t.Fatalf("built %v, %v", scripts, err)
	}
	for _, script := range scripts {
		for _, c := range []struct {
			arg    string
			status int
		}{{"-h", 0}, {"-help", 0}, {"--help", 0}, {"mine", 2}, {"-x", 2}} {
			if script.Name() == command.Test.Name && c.arg == "-x" {
				continue // it takes flags, for make
			}
			t.Run(script.Name()+" "+c.arg, func(t *testing.T) {
				cmd := benchtest.Command(filepath.Join(dir, script.Name()), c.arg)
				cmd.Dir = t.TempDir()
				cmd.Env = withoutMake()
				stdout, stderr, status := execute(t, cmd)
				if status != c.status {
					t.Errorf("status is %d, want %d", status, c.status)
				}
				if c.status == 0 && (stderr != "" ||
					!strings.HasPrefix(stdout, "make "+script.Name()+": ")) {
					t.Errorf("printed %q and %q", stdout, stderr)
				}
				begin := script.Name() + `: unexpected argument "` + c.arg + `"; `
				if c.status != 0 && (stdout != "" || strings.Count(stderr, "\n") != 1 ||
					!strings.HasPrefix(stderr, begin)) {
					t.Errorf("printed %q and %q", stdout, stderr)
				}
				requireEmpty(t, cmd.Dir)
			})
		}
	}
}

func requireEmpty(t *testing.T, dir string) {
	t.Helper()
	if left, err := os.ReadDir(dir); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// fakeGo stands for the go command: the scripts are built already, except scripts/test, which make
// builds elsewhere.
const fakeGo = `#!/bin/sh
case $* in
*/scripts/test) exec "$REAL_GO" "$@" ;;
esac
`

// newMake returns a function that returns a call of make at the top of the repository. Make builds
// no script, since that has been done.
func newMake(t *testing.T) func(args ...string) *exec.Cmd {
	t.Helper()
	if testing.Short() {
		t.Skip("builds every script")
	}
	if _, err := exec.LookPath("make"); err != nil {
		t.Skip("needs make:", err)
	}
	realGo, err := exec.LookPath("go")
	if err != nil {
		t.Fatal(err)
	}
	bin := t.TempDir()
	if err := os.WriteFile(filepath.Join(bin, "go"), []byte(fakeGo), 0o700); err != nil {
		t.Fatal(err)
	}
	scripts := benchtest.Scripts(t)
	return func(args ...string) *exec.Cmd {
		cmd := benchtest.Command("make", append(args, "build="+scripts)...)
		cmd.Dir = top
		cmd.Env = append(withoutMake(), "REAL_GO="+realGo, "PATH="+bin+":"+os.Getenv("PATH"))
		return cmd
	}
}

func TestMakeWithoutATargetPrintsHelp(t *testing.T) {
	newCommand := newMake(t)
	for _, args := range [][]string{nil, {"help"}} {
		stdout, stderr, status := execute(t, newCommand(args...))
		if status != 0 || stderr != "" || stdout != command.Overview() {
			t.Errorf("make %q ended with %d and printed %q and %q", args, status, stdout, stderr)
		}
	}
}

// linesOfScripts returns the lines that make did not add itself.
func linesOfScripts(stderr string) (lines []string) {
	for line := range strings.Lines(stderr) {
		if !strings.HasPrefix(line, "make: *** ") {
			lines = append(lines, strings.TrimSuffix(line, "\n"))
		}
	}
	return lines
}

// readResults lists the files in results with their times of change.
func readResults(t *testing.T) (files []string) {
	t.Helper()
	entries, err := os.ReadDir(filepath.Join(top, "results"))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if info, err := e.Info(); err == nil {
			files = append(files, e.Name()+" "+info.ModTime().String())
		}
	}
	return files
}

func TestShellScriptsCheckTheirArguments(t *testing.T) {
	if _, err := exec.LookPath("bash"); err != nil {
		t.Skip("needs bash:", err)
	}
	const spawn, interrupts = "scripts/spawn/spawn.sh", "scripts/test/interrupts.sh"
	for _, c := range []struct {
		name, variable string
		args           []string
		want           string
	}{
		{"writers are no number", "", []string{spawn, "many"}, `bad number "many"`},
		{"no runs", "", []string{spawn, "5", "0"}, `bad number "0"`},
		{"a label with a slash", "", []string{spawn, "5", "1", "a/b"}, `bad label "a/b"`},
		{"an argument too many", "", []string{spawn, "5", "1", "x", "y"},
			`unexpected argument "y"`},
		{"an argument where there are none", "", []string{interrupts, "5"},
			`unexpected argument "5"`},
		{"a variable that is no number", "COUNT=few", []string{interrupts}, `bad number "few"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			cmd := benchtest.Command("bash", c.args...)
			cmd.Dir = top
			cmd.Env = append(withoutMake(), c.variable)
			stdout, stderr, status := execute(t, cmd)
			if status == 0 || stdout != "" || strings.Count(stderr, "\n") != 1 ||
				!strings.Contains(stderr, c.want) {
				t.Errorf("ended with %d and printed %q and %q", status, stdout, stderr)
			}
		})
	}
}
