package bench

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// command is this test binary as a user would run it: benchmarks only, with the given flags, database
// files below dir.
func command(dir string, args ...string) *exec.Cmd {
	cmd := exec.Command(os.Args[0], append([]string{"-test.run", "^$", "-dir", dir}, args...)...)
	cmd.Stderr = &bytes.Buffer{}
	return cmd
}

func requireEmpty(t *testing.T, dir string) {
	t.Helper()
	if left, err := os.ReadDir(dir); err != nil || len(left) != 0 {
		t.Errorf("left behind in %s: %v, %v", dir, left, err)
	}
}

func TestBadFlagsGetOneLine(t *testing.T) {
	for _, c := range []struct {
		args []string
		says []string
	}{
		{[]string{"-axes", "speed=9"}, []string{`"speed"`, "exec, journal, writers"}},
		{[]string{"-axes", "writers=0"}, []string{`"0"`, "writers", "whole numbers from 1"}},
		{[]string{"-axes", "busy=sometimes"}, []string{`"sometimes"`, "none, block, retry, queue"}},
		{[]string{"-round", "soon"}, []string{"-round", `"soon"`, "1s"}},
		{[]string{"-round", "0s"}, []string{"-round", `"0s"`, "above 0"}},
		{[]string{"-seed", "x"}, []string{"-seed", `"x"`, "whole number"}},
		{[]string{"-axes", "busy=queue:soon"}, []string{`"queue:soon"`, "busy", "queue:D"}},
		{[]string{"-axes", "batch=0"}, []string{`"0"`, "batch", "whole numbers from 1"}},
		{[]string{"-limit.max", "0"}, []string{"-limit.max", `"0"`, "from 1"}},
		{[]string{"-limit.rounds", "few"}, []string{"-limit.rounds", `"few"`, "from 1"}},
		{[]string{"-limit.errors", "-1"}, []string{"-limit.errors", `"-1"`, "from 0"}},
		{[]string{"-limit.p99", "5"}, []string{"-limit.p99", `"5"`, "1s"}},
		{[]string{"-limit.time", "0s"}, []string{"-limit.time", `"0s"`, "above 0"}},
		{[]string{"-faults.kills", "0"}, []string{"-faults.kills", `"0"`, "from 1"}},
		{[]string{"-faults.rows", "many"}, []string{"-faults.rows", `"many"`, "from 0"}},
		{[]string{"-anatomy", "/nonexistent/file"}, []string{"-anatomy", "/nonexistent/file", "existing directory"}},
		{[]string{"-anatomy", "/dev/null"}, []string{"-anatomy", "/dev/null", "regular file"}},
		{[]string{"-timeline", "/nonexistent/file"}, []string{"-timeline", "/nonexistent/file", "existing directory"}},
		{[]string{"-profile", "/proc/x"}, []string{"-profile", "/proc/x", "directory"}},
		{[]string{"-dir", "/nonexistent"}, []string{"-dir", "/nonexistent", "existing directory"}},
		{[]string{"-dir", "/proc"}, []string{"-dir", "/proc", "not writable"}},
	} {
		dir := t.TempDir()
		cmd := command(dir, append([]string{"-test.bench", "."}, c.args...)...)
		out, err := cmd.Output()
		stderr := cmd.Stderr.(*bytes.Buffer).String()
		var exit *exec.ExitError
		if !errors.As(err, &exit) || exit.ExitCode() != 2 {
			t.Errorf("%v: ended with %v", c.args, err)
		}
		if len(out) != 0 || strings.Count(stderr, "\n") != 1 {
			t.Errorf("%v: printed %q and %q, want one line", c.args, out, stderr)
		}
		for _, want := range c.says {
			if !strings.Contains(stderr, want) {
				t.Errorf("%v: %q does not say %q", c.args, stderr, want)
			}
		}
		requireEmpty(t, dir)
	}
}

// A writer's process must end with its parent, whatever ends that, and a parent that can must
// take the database files and an unfinished report along. The round would last for minutes, and half
// of the writers sit in SQLite's busy timeout, or in the queue, at any moment.
func TestNothingOutlivesTheParent(t *testing.T) {
	for _, signal := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGKILL} {
		t.Run(signal.String(), func(t *testing.T) {
			for _, exec := range []string{"process", "goroutine"} {
				for _, busy := range []string{"300s", "queue:300s"} {
					endInMidRound(t, signal, exec, busy)
				}
			}
		})
	}
}

func endInMidRound(t *testing.T, signal syscall.Signal, exec, busy string) {
	const writers = 20
	dir := t.TempDir()
	cmd := command(dir, "-test.bench", "Sustained", "-round", "10m", "-anatomy", filepath.Join(dir, "anatomy"),
		"-axes", fmt.Sprintf("exec=%s journal=wal writers=%d busy=%s", exec, writers, busy))
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer cmd.Process.Kill()
	waitUntil(t, "writers insert", func() bool { return inserting(dir) })
	children := childrenOf(t, cmd.Process.Pid)
	if want := map[string]int{"process": writers, "goroutine": 0}[exec]; len(children) != want {
		t.Errorf("%s: %d child processes, want %d", exec, len(children), want)
	}
	if err := cmd.Process.Signal(signal); err != nil {
		t.Fatal(err)
	}
	signalled := time.Now()
	err := cmd.Wait()
	waitUntil(t, "all writers are gone", func() bool { return !slices.ContainsFunc(children, alive) })
	t.Logf("%s, %v: all writers gone after %v", exec, signal, time.Since(signalled))
	if took := time.Since(signalled); signal == syscall.SIGKILL && took > 2*time.Second {
		t.Errorf("%s: writers outlived their parent by %v", exec, took)
	}
	if signal == syscall.SIGKILL {
		return // nobody was left to remove the files
	}
	if want := 128 + int(signal); cmd.ProcessState.ExitCode() != want {
		t.Errorf("%s, %v: ended with %v, want exit status %d; %s", exec, signal, err, want, cmd.Stderr)
	}
	if stderr, want := fmt.Sprint(cmd.Stderr), fmt.Sprintf("busybench: stopped by a signal (%v)\n", signal); stderr != want {
		t.Errorf("%s, %v: said %q, want %q", exec, signal, stderr, want)
	}
	requireEmpty(t, dir)
}

// waitUntil polls for a condition. That it never comes is the only failure.
func waitUntil(t *testing.T, what string, condition func() bool) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); !condition(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited for a minute until %s", what)
		}
	}
}

// inserting reports whether a write-ahead log below dir holds anything.
func inserting(dir string) bool {
	logs, _ := filepath.Glob(filepath.Join(dir, ".busybench-*", "round-*", "*-wal"))
	return slices.ContainsFunc(logs, func(path string) bool {
		info, err := os.Stat(path)
		return err == nil && info.Size() > 0
	})
}

// stat reads state and parent of a process (proc_pid_stat(5)).
func stat(pid int) (state string, parent int, ok bool) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return "", 0, false
	}
	// The name before these fields is in parentheses and may hold anything.
	fields := strings.Fields(string(text[bytes.LastIndexByte(text, ')')+1:]))
	parent, _ = strconv.Atoi(fields[1])
	return fields[0], parent, true
}

// alive leaves out zombies: they run nothing any more, and wait for whoever inherits them.
func alive(pid int) bool {
	state, _, ok := stat(pid)
	return ok && state != "Z"
}

func childrenOf(t *testing.T, pid int) (children []int) {
	t.Helper()
	entries, err := os.ReadDir("/proc")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		child, err := strconv.Atoi(e.Name())
		if err != nil {
			continue
		}
		if _, parent, ok := stat(child); ok && parent == pid {
			children = append(children, child)
		}
	}
	return children
}
