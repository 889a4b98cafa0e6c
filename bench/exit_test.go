package bench

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"busybench/bench/host"
	"busybench/bench/lifetime"
	"busybench/bench/wait"
)

// A writer process must end with its parent, whatever ends that. A parent that can must also remove
// the database files and an unfinished report. The round would last for minutes, and half of the
// writers are in SQLite's busy timeout, or in the queue, at any moment.
func TestNothingOutlivesTheParent(t *testing.T) {
	for _, signal := range []syscall.Signal{
		syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP,
		syscall.SIGQUIT, syscall.SIGABRT, syscall.SIGKILL,
	} {
		for _, exec := range []string{"process", "goroutine"} {
			for _, busy := range []string{"300s", "queue:300s"} {
				t.Run(fmt.Sprintf("%v/%s/%s", signal, exec, busy), func(t *testing.T) {
					if busy != "300s" || exec != "process" {
						skipIfShort(t)
					}
					endInMidRound(t, signal, exec, busy)
				})
			}
		}
	}
}

func endInMidRound(t *testing.T, s syscall.Signal, exec, busy string) {
	skipIfIgnored(t, s)
	const writers = 20
	dir := t.TempDir()
	axes := fmt.Sprintf("exec=%s journal=wal writers=%d busy=%s", exec, writers, busy)
	cmd := startRound(t, dir, axes)
	children := host.Children(cmd.Process.Pid)
	if want := map[string]int{"process": writers, "goroutine": 0}[exec]; len(children) != want {
		t.Errorf("%d child processes, want %d", len(children), want)
	}
	if err := cmd.Process.Signal(s); err != nil {
		t.Fatal(err)
	}
	err := cmd.Wait()
	wait.Until(t, "all writers are gone", func() bool {
		return !slices.ContainsFunc(children, host.IsAlive)
	})
	if s == syscall.SIGKILL {
		return // it could not remove its files
	}
	if want := 128 + int(s); cmd.ProcessState.ExitCode() != want {
		t.Errorf("ended with %v, want exit status %d; %s", err, want, cmd.Stderr)
	}
	want := fmt.Sprintf("busybench: stopped by a signal (%v)\n", s)
	if stderr := fmt.Sprint(cmd.Stderr); stderr != want {
		t.Errorf("printed %q, want %q", stderr, want)
	}
	requireEmpty(t, dir)
}

// A script that ends the run says why, or has no reason to if the time of the runs is over.
func TestASignalIsNotReportedUnderAScript(t *testing.T) {
	t.Setenv(lifetime.ScriptVariable, "1")
	cmd := startRound(t, t.TempDir(), "exec=process journal=wal writers=1")
	cmd.Process.Signal(syscall.SIGTERM)
	err := cmd.Wait()
	if text := fmt.Sprint(cmd.Stderr); text != "" || cmd.ProcessState.ExitCode() != 128+15 {
		t.Errorf("printed %q, ended with %v", text, err)
	}
}

// skipIfIgnored skips a test of a signal that this process was started to ignore, as by nohup(1).
// The commands that it starts ignore the signal, too, as they should.
func skipIfIgnored(t *testing.T, s syscall.Signal) {
	t.Helper()
	if signal.Ignored(s) {
		t.Skipf("%v is ignored", s)
	}
}

// startRound starts a round that lasts for minutes, with a report under way, and waits until its
// writers insert.
func startRound(t *testing.T, dir, axes string) *exec.Cmd {
	t.Helper()
	cmd := command(dir, "-test.bench", "Sustained", "-round", "10m",
		"-anatomy", filepath.Join(dir, "anatomy"), "-axes", axes)
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill() })
	wait.Until(t, "writers insert", func() bool { return inserting(dir) })
	return cmd
}

// A background process that writes to a terminal set to "tostop" would be stopped by SIGTTOU.
func TestSIGTTOUIsIgnored(t *testing.T) {
	cmd := startRound(t, t.TempDir(), "exec=process journal=wal writers=1")
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", cmd.Process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), "\nSigIgn:\t")
	ignored, err := strconv.ParseUint(strings.Fields(rest)[0], 16, 64)
	if err != nil || ignored&(1<<(syscall.SIGTTOU-1)) == 0 {
		t.Errorf("ignored signals are %x, %v", ignored, err)
	}
	cmd.Process.Signal(syscall.SIGTERM)
	cmd.Wait()
}

// The reader of standard output goes away, as in "busybench | head -1".
func TestClosedOutputEndsTheRun(t *testing.T) {
	dir := t.TempDir()
	cmd := command(dir, "-test.bench", "Burst", "-test.benchtime", "1x", "-test.count", "1000",
		"-axes", "exec=process journal=wal writers=2")
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(out, make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	out.Close()
	var exit *exec.ExitError
	if err := cmd.Wait(); !errors.As(err, &exit) || exit.ExitCode() != 128+int(syscall.SIGPIPE) {
		t.Errorf("ended with %v", err)
	}
	requireEmpty(t, dir)
}

// A shell that starts the run in the background and is killed takes the run along.
func TestTheRunEndsWithItsParent(t *testing.T) {
	skipIfIgnored(t, syscall.SIGHUP)
	dir := t.TempDir()
	run := command(dir, "-test.bench", "Sustained", "-round", "10m",
		"-axes", "exec=process journal=wal writers=2")
	shell := exec.Command("sh", append([]string{"-c", `"$0" "$@" & wait`}, run.Args...)...)
	stderr := &bytes.Buffer{}
	shell.Stderr = stderr
	shell.WaitDelay = time.Minute // the run holds its standard error open
	if err := shell.Start(); err != nil {
		t.Fatal(err)
	}
	wait.Until(t, "writers insert", func() bool { return inserting(dir) })
	children := host.Children(shell.Process.Pid)
	if len(children) != 1 {
		t.Fatalf("the shell has children %v, want 1", children)
	}
	writers := host.Children(children[0])
	shell.Process.Kill()
	shell.Wait()
	wait.Until(t, "the run and its writers are gone", func() bool {
		return !slices.ContainsFunc(append(children, writers...), host.IsAlive)
	})
	requireEmpty(t, dir)
	if !strings.Contains(stderr.String(), "parent process exited") {
		t.Errorf("printed %q", stderr)
	}
}
