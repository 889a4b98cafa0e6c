package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"busybench/bench/host"
	"busybench/bench/metrics"
	"busybench/bench/wait"
	"busybench/scripts/internal/snapshot"
)

func findPython(t *testing.T) string {
	t.Helper()
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("there is no python3")
	}
	return python
}

func requireEmpty(t *testing.T, dir string) {
	t.Helper()
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestResultsOfTheSuitesMethodAreASnapshot(t *testing.T) {
	dir, path := t.TempDir(), filepath.Join(t.TempDir(), "x.txt")
	var out strings.Builder
	if err := runPool(t.Context(), findPython(t), dir, []int{1, 8}, &out); err != nil {
		t.Fatal(err)
	}
	requireEmpty(t, dir)
	if err := os.WriteFile(path, []byte(out.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := snapshot.Read(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, journal := range journals {
		for _, n := range []int{1, 8} {
			f := collect(s, true).suite[testCase{journal, n}]
			if f.runs != 1 || f.attempts != n || f.overlap < 1 || f.overlap > n ||
				f.begun <= 0 || f.longest <= 0 {
				t.Errorf("journal=%s writers=%d has %+v", journal, n, f)
			}
		}
	}
	for _, v := range s.Results[0].Values {
		declared := func(u metrics.Unit) bool { return u.Name == v.Unit || u.Name == v.OrigUnit }
		if !slices.ContainsFunc(metrics.Units, declared) {
			t.Errorf("the unit %s is not declared", v.Unit)
		}
	}
}

// endless is a number of processes that takes minutes to start.
const endless = 20_000

// mark marks this process and those that it will start. It returns a function that returns the
// marked ones except this.
func mark(t *testing.T) func() []int {
	t.Helper()
	value := fmt.Sprint(rand.Uint64())
	t.Setenv(markVariable, value)
	return func() []int { return host.WithVariable(markVariable + "=" + value) }
}

func TestAnInterruptOfTheSuitesMethodLeavesNothing(t *testing.T) {
	dir, python, marked := t.TempDir(), findPython(t), mark(t)
	ctx, cancel := context.WithCancelCause(t.Context())
	read, write := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		ended <- runPool(ctx, python, dir, []int{1, endless}, write)
		write.Close()
	}()
	waitForResult(t, read)
	go io.Copy(io.Discard, read)
	cancel(errors.New("got SIGINT"))
	if err := <-ended; err == nil || err.Error() != "interrupted: got SIGINT" {
		t.Errorf("error is %v", err)
	}
	requireEmpty(t, dir)
	wait.Until(t, "all processes are gone", func() bool { return len(marked()) == 0 })
}

// The kernel sends the suite's processes a signal if the script is killed.
func TestTheSuitesMethodEndsWithAKilledScript(t *testing.T) {
	findPython(t)
	dir, marked := t.TempDir(), mark(t)
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), roleVariable+"=pool", "DIR="+dir)
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM}
	read, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	waitForResult(t, read)
	if len(marked()) < 2 {
		t.Errorf("%d processes before the signal", len(marked()))
	}
	cmd.Process.Kill()
	cmd.Wait()
	wait.Until(t, "all processes are gone", func() bool { return len(marked()) == 0 })
}

// waitForResult waits until the first case is done, so that the second one runs.
func waitForResult(t *testing.T, in io.Reader) {
	t.Helper()
	var all strings.Builder
	buffer := make([]byte, 1024)
	for !strings.Contains(all.String(), "BenchmarkPool") {
		n, err := in.Read(buffer)
		all.Write(buffer[:n])
		if err != nil {
			t.Fatalf("%v after %q", err, &all)
		}
	}
}

func TestAFailureOfTheSuitesMethodIsAnError(t *testing.T) {
	dir := t.TempDir()
	python := filepath.Join(t.TempDir(), "python3")
	const script = "#!/bin/sh\necho no module named sqlite3 >&2\nexit 3\n"
	if err := os.WriteFile(python, []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	err := runPool(t.Context(), python, dir, []int{1}, io.Discard)
	want := "the suite's method failed (exit status 3): no module named sqlite3"
	if err == nil || err.Error() != want {
		t.Errorf("error is %v, want %s", err, want)
	}
	requireEmpty(t, dir)
}
