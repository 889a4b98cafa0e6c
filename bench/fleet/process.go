package fleet

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"busybench/bench/outcome"
	"busybench/bench/protocol"
)

// WriterVariable is the environment variable that [Processes] sets when it starts this program
// again. The program must then be a writer, by a call of [protocol.Serve].
const WriterVariable = "BUSYBENCH_WRITER"

// Processes returns a fleet whose writers are processes: this program, started again with
// [WriterVariable] set.
func Processes(o Options) (*Fleet, error) {
	program, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find this program to start it again as a writer: %w", err)
	}
	return Commands(o, program)
}

// Commands returns a fleet whose writers are processes of a program that speaks the line protocol
// (see package protocol).
func Commands(o Options, name string, args ...string) (*Fleet, error) {
	stderr, err := newStderrFile()
	if err != nil {
		return nil, err
	}
	shared, closeShared, err := newArrivals(o)
	if err != nil {
		stderr.Close()
		return nil, err
	}
	start := func(int) (Member, error) {
		cmd := WriterCommand(name, args)
		if o.OpenLoop {
			cmd.ExtraFiles = []*os.File{shared.File} // writer.ArrivalsDescriptor
		}
		return startProcess(cmd, stderr)
	}
	return &Fleet{
		options: o, footprint: processFootprint, start: start, arrivals: shared,
		cleanup: func() { stderr.Close(); closeShared() },
	}, nil
}

// WriterCommand returns the command of a writer process.
func WriterCommand(name string, args []string) *exec.Cmd {
	cmd := newCommand(name, args)
	// A writer needs one processor for Go code, and Go needs to see a second one idle: with
	// GOMAXPROCS=1 its monitor takes the processor away from every system call that lasts longer
	// than 20 microseconds, such as any fsync, and hands it to another thread, so that a synced
	// insert takes longer than in a goroutine of a larger process. More would cost each writer
	// memory.
	cmd.Env = append(cmd.Env, "GOMAXPROCS=2")
	return cmd
}

// newCommand returns the command of a program of writers.
func newCommand(name string, args []string) *exec.Cmd {
	cmd := exec.Command(name, args...)
	cmd.Env = append(os.Environ(), WriterVariable+"=1")
	// A writer normally exits when its standard input ends. One that is stopped (SIGSTOP) cannot
	// read that. The kernel sends the signal when the thread that started the writer exits
	// (prctl(2)), and Go keeps its threads until the process exits.
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	return cmd
}

// drainGrace is enough time to read everything that is already in the pipes.
const drainGrace = time.Second

// process is a participant in a process of its own, or in one that it shares with all others.
type process struct {
	*program
	stdin     io.Closer
	requests  *json.Encoder // to stdin
	stdout    *os.File
	responses *json.Decoder // from stdout
	driver    protocol.Driver
	rows      int // in each outcome of the round
}

func startProcess(cmd *exec.Cmd, stderr stderrFile) (*process, error) {
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	// Not cmd.StdoutPipe: Wait would close it while the last responses are still to be read.
	stdout, write, err := os.Pipe()
	if err != nil {
		stdin.Close()
		return nil, err
	}
	cmd.Stdout = write
	p, err := startProgram(cmd, stderr)
	write.Close()
	if err != nil {
		stdin.Close()
		stdout.Close()
		return nil, err
	}
	return newProcess(p, stdin, stdout), nil
}

func newProcess(p *program, stdin io.WriteCloser, stdout *os.File) *process {
	return &process{
		program: p, stdin: stdin, requests: json.NewEncoder(stdin),
		stdout: stdout, responses: json.NewDecoder(stdout),
	}
}

func (p *process) Handshake(deadline time.Time) error {
	p.setDeadline(deadline)
	hello, err := p.next(protocol.OpHello)
	if err == nil && hello.Protocol != protocol.Version {
		err = fmt.Errorf("process %d speaks protocol %d, not %d",
			p.pid, hello.Protocol, protocol.Version)
	}
	if err == nil && hello.Driver == nil {
		err = fmt.Errorf("process %d names no driver in its hello", p.pid)
	}
	if err == nil {
		p.driver = *hello.Driver
	}
	return err
}

func (p *process) Prepare(t protocol.Task) error {
	p.rows = t.RowsPerOutcome()
	return p.send(protocol.Request{Op: protocol.OpPrepare, Task: &t})
}

func (p *process) Ready(deadline time.Time) error {
	p.setDeadline(deadline)
	_, err := p.next(protocol.OpReady)
	return err
}

func (p *process) Start(r Release) error {
	if r.Mode == outcome.ColdStart {
		p.rows = 0 // it writes no rows
	}
	return p.send(protocol.NewStart(r.Schedule, false))
}

// Stream is Start for a writer that reports each attempt at once.
func (p *process) Stream(s outcome.Schedule) error { return p.send(protocol.NewStart(s, true)) }

func (p *process) Counted(deadline time.Time) error {
	p.setDeadline(deadline)
	_, err := p.next(protocol.OpCounted)
	return err
}

func (p *process) Finish() error { return p.send(protocol.Request{Op: protocol.OpFinish}) }

func (p *process) Collect(deadline time.Time) (Report, error) {
	p.setDeadline(deadline)
	report := Report{
		Usage:  Usage{PID: p.pid},
		Series: outcome.Series{Messages: map[int]string{}},
	}
	for {
		r, err := p.next(protocol.OpOutcome, protocol.OpDone)
		switch {
		case err != nil:
			return report, err
		case r.Op == protocol.OpOutcome:
			if err := p.add(&report.Series, r); err != nil {
				return report, err
			}
		case r.Attempts != len(report.Outcomes):
			return report, fmt.Errorf("process %d reports %d attempts but handed over %d outcomes",
				p.pid, r.Attempts, len(report.Outcomes))
		default:
			report.CPU, report.AttemptsCPU = r.CPU, r.AttemptsCPU
			report.FailedHolds, report.Statements = r.FailedHolds, r.Statements
			return report, nil
		}
	}
}

// add adds an outcome response to a series.
func (p *process) add(s *outcome.Series, r protocol.Response) error {
	if len(r.RowIDs) != p.rows {
		return fmt.Errorf("process %d reports an outcome of %d rows, not %d",
			p.pid, len(r.RowIDs), p.rows)
	}
	if r.ErrorMessage != "" {
		s.Messages[len(s.Outcomes)] = protocol.ShortText(r.ErrorMessage)
	}
	s.Outcomes = append(s.Outcomes, *r.Outcome)
	s.IDs = append(s.IDs, r.RowIDs...)
	s.StatementSpans = append(s.StatementSpans, r.StatementSpans...)
	return nil
}

// setDeadline bounds the reads that follow. If other writers were late, this one is read only after
// the deadline. It may have responded in time, so there is always time to read what is in the pipe.
func (p *process) setDeadline(deadline time.Time) {
	if soon := time.Now().Add(drainGrace); deadline.Before(soon) {
		deadline = soon
	}
	_ = p.stdout.SetReadDeadline(deadline) // a pipe supports deadlines
}

// Stop closes the writer's standard input, at which it exits.
func (p *process) Stop() {
	p.stdin.Close()
	p.stop()
}

func (p *process) Wait() error {
	p.wait()
	p.stdout.Close()
	return p.stopError()
}

func (p *process) send(r protocol.Request) error {
	if err := p.requests.Encode(r); err != nil {
		return p.explain(err)
	}
	return nil
}

// next reads the next response, which must have one of the expected ops.
func (p *process) next(expected ...string) (protocol.Response, error) {
	var r protocol.Response
	if err := p.responses.Decode(&r); err != nil {
		return r, p.explain(err)
	}
	if r.Op == protocol.OpError {
		return r, fmt.Errorf("process %d: %s", p.pid, protocol.ShortText(r.Error))
	}
	if slices.Contains(expected, r.Op) && (r.Op != protocol.OpOutcome || r.Outcome != nil) {
		return r, nil
	}
	return r, fmt.Errorf("process %d sent %q, expected one of %q", p.pid, r.Op, expected)
}

// explain returns why a writer did not respond. If a pipe to or from it, or its socket, is closed,
// the process has exited or is about to.
func (p *process) explain(cause error) error {
	ended := []error{
		io.EOF, io.ErrUnexpectedEOF, unix.EPIPE, unix.ECONNRESET, os.ErrClosed,
	}
	if slices.ContainsFunc(ended, func(end error) bool { return errors.Is(cause, end) }) {
		return p.exitError()
	}
	return fmt.Errorf("process %d: %w", p.pid, cause)
}
