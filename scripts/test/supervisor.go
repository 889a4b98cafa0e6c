package main

import (
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"busybench/bench/host"
)

// interrupted is the error of a signal that ends the checks. The end of the parent counts as
// SIGHUP.
type interrupted syscall.Signal

func (s interrupted) Error() string { return "stopped by " + unix.SignalName(syscall.Signal(s)) }

// supervisor runs commands and ends everything that they leave. It reads the exit status of every
// child of this process, so a process has one supervisor and starts children by it only.
type supervisor struct {
	signals <-chan os.Signal // that end the checks
	exits   <-chan os.Signal // SIGCHLD, after one or more children have exited
	grace   time.Duration    // from SIGTERM to SIGKILL
}

func newSupervisor(signals <-chan os.Signal) (supervisor, error) {
	if err := unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); err != nil {
		return supervisor{}, fmt.Errorf("become a subreaper: %w", err)
	}
	exits := make(chan os.Signal, 1)
	signal.Notify(exits, syscall.SIGCHLD)
	return supervisor{signals, exits, 10 * time.Second}, nil
}

// run prints a command and runs it. When it returns, neither the command nor a process below it
// exists.
func (s supervisor) run(command ...string) error {
	line := strings.Join(command, " ")
	fmt.Println(line)
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	if err := cmd.Start(); err != nil {
		return err
	}
	defer s.endDescendants()
	status, err := s.wait(cmd.Process.Pid)
	switch {
	case err != nil:
		return err
	case status.Signaled():
		return fmt.Errorf("%s was ended by %s", line, unix.SignalName(status.Signal()))
	case status.ExitStatus() != 0:
		return fmt.Errorf("%s failed with exit status %d", line, status.ExitStatus())
	}
	return nil
}

// wait waits until a child has exited, or for a signal.
func (s supervisor) wait(pid int) (status unix.WaitStatus, err error) {
	for {
		select {
		case got := <-s.signals:
			return status, interrupted(got.(syscall.Signal))
		case <-s.exits:
			exited := false
			reap(func(child int, childStatus unix.WaitStatus) {
				if child == pid {
					status, exited = childStatus, true
				}
			})
			if exited {
				return status, nil
			}
		}
	}
}

// endDescendants ends every process below this one. Each gets SIGTERM, to clean up, and SIGKILL if
// it is still there after the grace period. As this process is a subreaper, it has no children only
// if it has no descendants.
func (s supervisor) endDescendants() {
	deadline := time.Now().Add(s.grace)
	terminated := map[int]bool{}
	for reap(func(int, unix.WaitStatus) {}) {
		kill := time.Now().After(deadline)
		for _, pid := range host.Descendants(os.Getpid()) {
			switch {
			case kill:
				_ = unix.Kill(pid, unix.SIGKILL)
			case !terminated[pid]:
				terminated[pid] = true
				_ = unix.Kill(pid, unix.SIGTERM)
				_ = unix.Kill(pid, unix.SIGCONT) // a stopped process gets SIGTERM only then
			}
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// reap reads the exit status of every child that has exited. It reports whether there are children
// left.
func reap(exited func(pid int, status unix.WaitStatus)) bool {
	for {
		var status unix.WaitStatus
		pid, err := unix.Wait4(-1, &status, unix.WNOHANG, nil)
		switch {
		case err == unix.EINTR:
		case err != nil: // ECHILD
			return false
		case pid == 0:
			return true
		default:
			exited(pid, status)
		}
	}
}
