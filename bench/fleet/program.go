package fleet

import (
	"errors"
	"fmt"
	"os/exec"
	"sync"
	"time"
)

const (
	// exitGrace is enough time for a process that has closed its pipes to exit by itself.
	exitGrace = 5 * time.Second
	// flushGrace is enough time for hundreds of processes to write their profiles at once.
	flushGrace = time.Minute
)

// errExited means that a process exited although it was not asked to.
var errExited = errors.New("exited unexpectedly")

// program is a process of one participant or of several.
type program struct {
	cmd       *exec.Cmd
	pid       int
	stderr    stderrFile
	wait      func()      // waits until the process has exited
	killTimer *time.Timer // kills the process if it takes too long to stop; nil before stop
}

func startProgram(cmd *exec.Cmd, stderr stderrFile) (*program, error) {
	cmd.Stderr = stderr.File
	p := &program{cmd: cmd, stderr: stderr}
	// A process is only waited for at its end: each wait keeps a thread, thousands for a large
	// fleet. One that exits stays a zombie until its pipes are read.
	p.wait = sync.OnceFunc(func() {
		_ = cmd.Wait() // how it exited shows in the missing responses
		children.remove(p)
	})
	if err := children.start(p); err != nil {
		return nil, err
	}
	p.pid = cmd.Process.Pid
	return p, nil
}

// stop gives the process time to exit by itself.
func (p *program) stop() {
	if p.killTimer == nil {
		p.killTimer = time.AfterFunc(flushGrace, p.Kill)
	}
}

// Kill kills the process, with all of its participants.
func (p *program) Kill() {
	_ = p.cmd.Process.Kill() // it may have exited already
}

// stopError returns an error if the process was stopped, has exited, and failed.
func (p *program) stopError() error {
	if p.killTimer == nil {
		return nil
	}
	p.killTimer.Stop()
	if state := p.cmd.ProcessState; !state.Success() {
		return processError{fmt.Errorf("process %d was stopped and exited with %v%s",
			p.pid, state, p.stderr.head())}
	}
	return nil
}

// exitError waits for a process that exits, although it was not asked to, and says how it did.
func (p *program) exitError() error {
	timer := time.AfterFunc(exitGrace, p.Kill)
	p.wait()
	timer.Stop()
	return processError{fmt.Errorf("process %d %w (%v)%s",
		p.pid, errExited, p.cmd.ProcessState, p.stderr.head())}
}

// processError is the error of a process, which all of its participants have.
type processError struct{ error }

func (e processError) Unwrap() error { return e.error }
