package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"busybench/bench/lifetime"
	"busybench/scripts/internal/golden"
	"busybench/scripts/internal/runner"
)

// roleVariable makes the test binary the script, or the part of it that runs the suite's method.
const roleVariable = "BUSYBENCH_TEST_ORIGINAL"

// markVariable marks the processes of one test.
const markVariable = "BUSYBENCH_TEST_RUN"

func TestMain(m *testing.M) {
	switch os.Getenv(roleVariable) {
	case "":
		os.Exit(m.Run())
	case "pool":
		ctx, stop := lifetime.Context()
		defer stop()
		dir := os.Getenv("DIR")
		if err := runPool(ctx, "python3", dir, []int{1, endless}, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	case "script":
		if len(os.Args) > 1 { // it runs itself as the benchmarks
			fmt.Println("BenchmarkBurst/exec=process/journal=delete/writers=500-2 1 5 ns/op " +
				"500 attempts 22 lockerrs 490 overlap 5000000000 max-ns 100000000 skew-ns")
			return
		}
		main()
	}
}

func TestTheScriptWithoutPython(t *testing.T) {
	executable, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(executable)
	cmd.Dir = t.TempDir()
	cmd.Env = append(os.Environ(), "PATH="+t.TempDir(), roleVariable+"=script",
		runner.BinaryVariable+"="+executable)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	text := strings.Join(strings.Fields(string(out)), " ")
	for _, want := range []string{
		"The suite's own method was not run: python3 is not in PATH.",
		"delete 500 220 of 5,000 490",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("printed %s\nwithout %q", out, want)
		}
	}
	requireEmpty(t, filepath.Join(cmd.Dir, ".build"))
}

func TestPythonIsFoundInThePath(t *testing.T) {
	dir := t.TempDir()
	python := filepath.Join(dir, "python3")
	if err := os.WriteFile(python, []byte("#!/bin/sh\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ path, want string }{
		"in a directory of the path": {dir, python},
		"nowhere":                    {t.TempDir(), ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("PATH", c.path)
			var o original
			_, err := o.prepare(golden.Getenv("DIR", "x"))
			if err != nil || o.python != c.want || o.dir != "x" {
				t.Errorf("settings are %+v, %v", o, err)
			}
		})
	}
}

func TestOurTransactionsAreTheSuites(t *testing.T) {
	args := strings.Join(together().Args, " ")
	if !strings.Contains(args, " txn=deferred") || !strings.Contains(poolScript, "txn: deferred") {
		t.Errorf("ours are run with %s", args)
	}
}

func TestSchedule(t *testing.T) {
	const second = time.Second
	for _, c := range []struct {
		name   string
		python string
		state  runner.State
		step   string // its name, empty if there is none
		suite  bool   // whether it is the suite's method
	}{
		{"our method comes first", "p", runner.State{}, "run 1", false},
		{"then the suite's, however late", "p", runner.State{Steps: 1, Elapsed: 50 * second},
			"run 1", true},
		{"another run if it fits", "p", runner.State{Steps: 2, Elapsed: 20 * second},
			"run 2", false},
		{"no run that does not fit", "p", runner.State{Steps: 2, Elapsed: 30 * second}, "", false},
		{"no half run", "p", runner.State{Steps: 3, Elapsed: 54 * second}, "run 2", true},
		{"at most ten runs", "p", runner.State{Steps: 20, Elapsed: second}, "", false},
		{"our method alone", "", runner.State{Steps: 2, Elapsed: 20 * second}, "run 3", false},
		{"our method alone, too late", "", runner.State{Steps: 2, Elapsed: 40 * second}, "", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := original{python: c.python}
			step, ok := o.next(c.state)
			if ok != (c.step != "") || step.Name != c.step || (step.Run != nil) != c.suite {
				t.Errorf("the next step is %+v, %v", step, ok)
			}
		})
	}
}
