package fleet

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"busybench/bench/writer"
)

// WriterVariable is the environment variable by which a program that has been started again
// knows that it is to be a writer and call [writer.Serve].
const WriterVariable = "BUSYBENCH_WRITER"

// Processes returns a fleet whose writers are processes: this program, started again with
// [WriterVariable] set.
func Processes() (*Fleet, error) {
	program, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find this program to start it again as a writer: %w", err)
	}
	return Commands(program)
}

// Commands returns a fleet whose writers are processes of a program that speaks the line
// protocol (see package writer).
func Commands(program string, args ...string) (*Fleet, error) {
	stderr, err := newStderrFile()
	if err != nil {
		return nil, err
	}
	start := func(int) (Member, error) {
		cmd := exec.Command(program, args...)
		// A writer needs one processor for Go code, and Go needs to see a second one idle: with
		// GOMAXPROCS=1 its monitor takes the processor away from every system call that lasts longer
		// than 20 microseconds, any fsync, and hands it to another thread, so that a synced insert takes
		// longer than the same in a goroutine of a larger process. More would cost each writer memory.
		cmd.Env = append(os.Environ(), WriterVariable+"=1", "GOMAXPROCS=2")
		return startProcess(cmd, stderr)
	}
	return &Fleet{start: start, needs: ofProcess, end: func() { stderr.Close() }}, nil
}

// answeredBefore is time enough to read from all pipes what has been written into them.
const answeredBefore = time.Second

// dying is time enough for a process that has closed its pipes to end by itself.
const dying = 5 * time.Second

// writingDown is time enough for hundreds of processes, all at once, to write down what they have recorded.
const writingDown = time.Minute

// errDied is what became of a process that nobody has told to end.
var errDied = errors.New("died unasked")

// process is a writer in a process of its own.
type process struct {
	cmd      *exec.Cmd
	pid      int
	stdin    io.Closer
	commands *json.Encoder // to stdin
	stdout   *os.File
	answers  *json.Decoder // from stdout
	stderr   stderrFile
	batch    int         // rows in each attempt of the round
	wait     func()      // waits until the process has ended
	late     *time.Timer // kills it once it was dismissed too long ago
}

func startProcess(cmd *exec.Cmd, stderr stderrFile) (*process, error) {
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	// Not cmd.StdoutPipe: Wait would close it while the last answers are still to be read.
	stdout, write, err := os.Pipe()
	if err != nil {
		stdin.Close()
		return nil, err
	}
	cmd.Stdout, cmd.Stderr = write, stderr.File
	p := &process{
		cmd: cmd, stdin: stdin, commands: json.NewEncoder(stdin),
		stdout: stdout, answers: json.NewDecoder(stdout),
		stderr: stderr,
	}
	// Nobody waits while the process is at work: each wait would keep a thread, thousands for a
	// large fleet. One that dies stays a zombie until its pipes are read.
	p.wait = sync.OnceFunc(func() {
		_ = cmd.Wait() // how it ended shows in the answers that are missing
		living.forget(p)
	})
	err = living.start(p)
	write.Close()
	if err != nil {
		stdin.Close()
		stdout.Close()
		return nil, err
	}
	p.pid = cmd.Process.Pid
	return p, nil
}

func (p *process) Greet(deadline time.Time) error {
	p.setDeadline(deadline)
	hello, err := p.next(writer.OpHello)
	if err == nil && hello.Protocol != writer.ProtocolVersion {
		err = fmt.Errorf("process %d speaks protocol %d, not %d", p.pid, hello.Protocol, writer.ProtocolVersion)
	}
	return err
}

func (p *process) Prepare(t writer.Task) error {
	p.batch = t.Scenario.Batch
	return p.send(writer.Command{Op: writer.OpPrepare, Task: &t})
}

func (p *process) Ready(deadline time.Time) error {
	p.setDeadline(deadline)
	_, err := p.next(writer.OpReady)
	return err
}

func (p *process) Start(r Release) error {
	return p.send(writer.Command{Op: writer.OpStart, At: r.At, Until: r.Until})
}

// Stream is Start for a writer that tells of each attempt at once.
func (p *process) Stream(r Release) error {
	return p.send(writer.Command{Op: writer.OpStart, At: r.At, Until: r.Until, Stream: true})
}

func (p *process) Collect(deadline time.Time) (Report, error) {
	p.setDeadline(deadline)
	report := Report{PID: p.pid, Outcomes: writer.Outcomes{Messages: map[int]string{}}}
	for {
		a, err := p.next(writer.OpOutcome, writer.OpDone)
		switch {
		case err != nil:
			return report, err
		case a.Op == writer.OpOutcome:
			if a.Message != "" {
				report.Messages[len(report.List)] = a.Message
			}
			report.List = append(report.List, *a.Outcome)
			report.IDs = append(report.IDs, a.Rows...)
			if len(a.Rows) != p.batch {
				return report, fmt.Errorf("process %d handed over an outcome of %d rows, not %d", p.pid, len(a.Rows), p.batch)
			}
			continue
		case a.Attempts != len(report.List):
			return report, fmt.Errorf("process %d says it made %d attempts but handed over %d outcomes",
				p.pid, a.Attempts, len(report.List))
		}
		report.CPU, report.Vain = a.CPU, a.Vain
		return report, nil
	}
}

// setDeadline bounds the reads that follow. A writer whose turn comes only after the deadline,
// because others before it kept the fleet waiting, may have answered long ago: it gets a moment.
func (p *process) setDeadline(deadline time.Time) {
	if soon := time.Now().Add(answeredBefore); deadline.Before(soon) {
		deadline = soon
	}
	_ = p.stdout.SetReadDeadline(deadline) // a pipe takes deadlines
}

// Dismiss ends its input, which is the end of a writer.
func (p *process) Dismiss() {
	p.stdin.Close()
	p.late = time.AfterFunc(writingDown, p.Kill)
}

func (p *process) Kill() {
	_ = p.cmd.Process.Kill() // it may be gone already, which is as good
}

func (p *process) Gone() error {
	p.wait()
	p.stdout.Close()
	if p.late == nil {
		return nil
	}
	p.late.Stop()
	if state := p.cmd.ProcessState; !state.Success() {
		return fmt.Errorf("process %d was dismissed and ended with %v%s", p.pid, state, p.stderr.head())
	}
	return nil
}

func (p *process) send(c writer.Command) error {
	if err := p.commands.Encode(c); err != nil {
		return p.failed(err)
	}
	return nil
}

// next reads the next answer, which must have one of the wanted ops.
func (p *process) next(wanted ...string) (writer.Answer, error) {
	var a writer.Answer
	if err := p.answers.Decode(&a); err != nil {
		return a, p.failed(err)
	}
	if a.Op == writer.OpError {
		return a, fmt.Errorf("process %d: %s", p.pid, a.Error)
	}
	if slices.Contains(wanted, a.Op) && (a.Op != writer.OpOutcome || a.Outcome != nil) {
		return a, nil
	}
	return a, fmt.Errorf("process %d answered %q where one of %q was due", p.pid, a.Op, wanted)
}

// failed says what kept a writer from answering. Where a pipe to or from it has ended, the process
// has, too.
func (p *process) failed(cause error) error {
	ended := []error{io.EOF, io.ErrUnexpectedEOF, unix.EPIPE, os.ErrClosed}
	if slices.ContainsFunc(ended, func(end error) bool { return errors.Is(cause, end) }) {
		late := time.AfterFunc(dying, p.Kill)
		p.wait()
		late.Stop()
		return fmt.Errorf("process %d %w (%v)%s", p.pid, errDied, p.cmd.ProcessState, p.stderr.head())
	}
	return fmt.Errorf("process %d: %w", p.pid, cause)
}
