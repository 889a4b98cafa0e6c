package main

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"busybench/bench/host"
	"busybench/bench/wait"
)

// stepVariable makes this test binary a program that runs the shell commands in it as its only
// step.
const stepVariable = "BUSYBENCH_TEST_STEP"

// markVariable marks the processes of one test.
const markVariable = "BUSYBENCH_TEST_MARK"

func TestMain(m *testing.M) {
	step := os.Getenv(stepVariable)
	if step == "" {
		os.Exit(m.Run())
	}
	os.Exit(execute(func(s supervisor, temp string) error {
		s.grace = 200 * time.Millisecond // for the processes that ignore SIGTERM
		os.Setenv("TMPDIR", temp)
		return s.run("sh", "-c", step)
	}))
}

// program is a started program, or its parent, and its temporary directory.
type program struct {
	*exec.Cmd
	mark, temp string
	stderr     *bytes.Buffer
}

// newProgram returns a program that runs a step. Prefix is a command that runs it, if any.
func newProgram(t *testing.T, step string, prefix ...string) program {
	t.Helper()
	p := program{mark: fmt.Sprint(rand.Uint64()), temp: filepath.Join(t.TempDir(), "temp")}
	if err := os.Mkdir(p.temp, 0o700); err != nil {
		t.Fatal(err)
	}
	command := append(prefix, os.Args[0], "-temp", p.temp)
	p.Cmd = exec.Command(command[0], command[1:]...)
	p.Env = append(os.Environ(), stepVariable+"="+step, markVariable+"="+p.mark)
	p.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM}
	p.stderr = &bytes.Buffer{}
	p.WaitDelay = 10 * time.Second // for a process that is left and holds standard error
	p.Stderr = p.stderr
	return p
}

func (p program) processes() []int { return host.WithVariable(markVariable + "=" + p.mark) }

// requireNothingLeft requires that no process is left and that the temporary directory is gone.
func (p program) requireNothingLeft(t *testing.T) {
	t.Helper()
	if left := p.processes(); left != nil {
		t.Errorf("processes %v are left", left)
	}
	if left, err := os.ReadDir(p.temp); !os.IsNotExist(err) {
		t.Errorf("the temporary directory is left with %v, %v", left, err)
	}
}

// stubborn is a step that starts processes that are hard to end: in another session, without a
// parent, stopped, and ignoring signals. Each creates a file.
const stubborn = `
	cd "$TMPDIR"
	setsid sh -c 'echo >session; exec sleep 600' &
	sh -c '(echo >orphan; exec sleep 600) & exit' &
	sh -c 'echo >stopped; kill -STOP $$' &
	sh -c 'trap "" TERM HUP INT QUIT; echo >ignoring; exec sleep 600' &
	wait`

// startStubborn starts a program with the stubborn step and waits until all its processes are
// there.
func startStubborn(t *testing.T, prefix ...string) program {
	t.Helper()
	p := newProgram(t, stubborn, prefix...)
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		for _, pid := range p.processes() {
			_ = syscall.Kill(pid, syscall.SIGKILL)
		}
		_ = p.Wait() // again, unless the test failed
	})
	wait.Until(t, "all processes of the step have started", func() bool {
		files, _ := os.ReadDir(p.temp)
		return len(files) == 4
	})
	return p
}

func TestSignalsLeaveNothing(t *testing.T) {
	for _, s := range []syscall.Signal{unix.SIGINT, unix.SIGTERM, unix.SIGHUP, unix.SIGQUIT} {
		t.Run(unix.SignalName(s), func(t *testing.T) {
			p := startStubborn(t)
			if err := p.Process.Signal(s); err != nil {
				t.Fatal(err)
			}
			_ = p.Wait()
			if got, want := p.ProcessState.ExitCode(), 128+int(s); got != want {
				t.Errorf("exit status is %d, want %d", got, want)
			}
			want := "test: stopped by " + unix.SignalName(s) + "\n"
			if got := p.stderr.String(); got != want {
				t.Errorf("it printed %q, want %q", got, want)
			}
			p.requireNothingLeft(t)
		})
	}
}

func TestEndOfTheParentLeavesNothing(t *testing.T) {
	// The shell is the parent: it does not exec the last of two commands.
	p := startStubborn(t, "sh", "-c", `"$@"; exit $?`, "sh")
	if err := p.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	wait.Until(t, "all processes are gone", func() bool { return p.processes() == nil })
	p.requireNothingLeft(t)
}

func TestEndOfAStep(t *testing.T) {
	for _, c := range []struct {
		name, step string
		args       []string
		status     int
		stderr     string
	}{
		{"success", "exit 0", nil, 0, ""},
		{"failure", "exit 3", nil, 1, "test: sh -c exit 3 failed with exit status 3\n"},
		{"a signal", "kill -KILL $$", nil, 1, "test: sh -c kill -KILL $$ was ended by SIGKILL\n"},
		{"processes that go on", "setsid sleep 600 & (sleep 600 &) & echo >$TMPDIR/x", nil, 0, ""},
		{"another parent by now", "exit 0", []string{"-parent", "1"}, 129,
			"test: stopped by SIGHUP\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := newProgram(t, c.step)
			p.Args = append(p.Args, c.args...)
			_ = p.Run()
			if got := p.ProcessState.ExitCode(); got != c.status || p.stderr.String() != c.stderr {
				t.Errorf("exit status is %d, it printed %q, want %d, %q",
					got, p.stderr, c.status, c.stderr)
			}
			p.requireNothingLeft(t)
		})
	}
}
