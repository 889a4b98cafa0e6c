package conformance

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"time"

	"busybench/bench/fleet"
	"busybench/bench/outcome"
	"busybench/bench/protocol"
)

// peer is a participant in a process of its own, or in one with others.
type peer struct {
	cmd    *exec.Cmd
	stdin  io.WriteCloser
	stdout *os.File
	lines  *json.Decoder
	stderr *head
	exited chan struct{} // closed when it has
	limit  time.Duration
	task   protocol.Task
	isCold bool // the round is a cold start
}

// head keeps the first bytes that are written to it.
type head struct {
	mu   sync.Mutex
	text []byte // guarded by mu
}

func (h *head) Write(p []byte) (int, error) {
	const kept = 300
	h.mu.Lock()
	defer h.mu.Unlock()
	h.text = append(h.text, p[:min(len(p), kept-len(h.text))]...)
	return len(p), nil
}

// String returns what was written, in one line.
func (h *head) String() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return strings.Join(strings.Fields(string(h.text)), " ")
}

// startPeer starts a writer. Files are its descriptors from 3 on.
func startPeer(o Options, files ...*os.File) (*peer, error) {
	cmd := fleet.WriterCommand(o.Command[0], o.Command[1:])
	cmd.ExtraFiles = files
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	stdout, write, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer write.Close()
	p := &peer{
		cmd: cmd, stdin: stdin, stdout: stdout, lines: json.NewDecoder(stdout), stderr: &head{},
		exited: make(chan struct{}), limit: o.Limit,
	}
	cmd.Stdout, cmd.Stderr = write, p.stderr
	if err := cmd.Start(); err != nil {
		stdout.Close()
		return nil, err
	}
	go func() {
		_ = cmd.Wait() // the state has how it exited
		close(p.exited)
	}()
	return p, nil
}

// startCrew starts a program with n participants, each with a socket. The arrivals may be nil.
func startCrew(o Options, n int, arrivals *os.File) (crew []*peer, err error) {
	cmd, sockets, err := fleet.SocketsCommand(o.Command[0], o.Command[1:], n, arrivals)
	if err != nil {
		return nil, err
	}
	stderr, exited := &head{}, make(chan struct{})
	cmd.Stderr = stderr
	err = cmd.Start()
	fleet.CloseInherited(cmd)
	for _, socket := range sockets {
		crew = append(crew, &peer{
			cmd: cmd, stdin: socket, stdout: socket, lines: json.NewDecoder(socket),
			stderr: stderr, exited: exited, limit: o.Limit,
		})
	}
	if err != nil {
		for _, socket := range sockets {
			socket.Close()
		}
		return nil, err
	}
	go func() {
		_ = cmd.Wait() // the state has how it exited
		close(exited)
	}()
	return crew, nil
}

// end kills the process if it has not exited.
func (p *peer) end() {
	_ = p.cmd.Process.Kill() // it may have exited
	<-p.exited
	p.stdout.Close()
	p.stdin.Close()
}

// send sends a request.
func (p *peer) send(r any) error {
	line, err := json.Marshal(r)
	if err != nil {
		return err
	}
	if _, err := p.stdin.Write(append(line, '\n')); err != nil {
		return p.explain(err)
	}
	return nil
}

// next returns the next response, which must be of a kind.
func (p *peer) next(op string) (protocol.Response, error) {
	_ = p.stdout.SetReadDeadline(time.Now().Add(p.limit)) // a pipe has deadlines
	var r protocol.Response
	if err := p.lines.Decode(&r); err != nil {
		return r, p.explain(err)
	}
	switch {
	case r.Op == op:
		return r, nil
	case r.Op == protocol.OpError:
		return r, fmt.Errorf("error in place of %s: %s", op, protocol.ShortText(r.Error))
	}
	return r, fmt.Errorf("wrong response: %q in place of %q", r.Op, op)
}

// explain returns why there is no response.
func (p *peer) explain(cause error) error {
	text := ""
	switch {
	case errors.Is(cause, os.ErrDeadlineExceeded):
		return fmt.Errorf("hangs: no response within %v", p.limit)
	case errors.Is(cause, io.EOF), errors.Is(cause, io.ErrUnexpectedEOF),
		errors.Is(cause, syscall.ECONNRESET):
		text = "exits, or closes its output, in place of a response"
	default:
		text = "wrong response: " + cause.Error()
	}
	if said := p.stderr.String(); said != "" {
		text += "; its standard error begins with: " + said
	}
	return errors.New(text)
}

// prepare makes the writer ready for a task.
func (p *peer) prepare(task protocol.Task) error {
	p.task = task
	if err := p.send(protocol.Request{Op: protocol.OpPrepare, Task: &task}); err != nil {
		return err
	}
	_, err := p.next(protocol.OpReady)
	return err
}

// start starts a round.
func (p *peer) start(s outcome.Schedule) error {
	p.isCold = s.Mode == outcome.ColdStart
	return p.send(protocol.NewStart(s, false))
}

// counted waits for the end of the attempts that count.
func (p *peer) counted() error {
	_, err := p.next(protocol.OpCounted)
	return err
}

// finish ends a round and returns what the writer reports.
func (p *peer) finish() (outcome.Series, error) {
	if err := p.send(protocol.Request{Op: protocol.OpFinish}); err != nil {
		return outcome.Series{}, err
	}
	return p.collect()
}

// collect reads outcomes until done.
func (p *peer) collect() (s outcome.Series, err error) {
	s.Messages = map[int]string{}
	for {
		_ = p.stdout.SetReadDeadline(time.Now().Add(p.limit))
		var r protocol.Response
		if err := p.lines.Decode(&r); err != nil {
			return s, p.explain(err)
		}
		switch r.Op {
		case protocol.OpOutcome:
			if err := p.add(&s, r); err != nil {
				return s, err
			}
		case protocol.OpDone:
			if r.Attempts != len(s.Outcomes) {
				err = fmt.Errorf("wrong count: done says %d attempts after %d outcomes",
					r.Attempts, len(s.Outcomes))
			}
			s.Statements = r.Statements
			return s, err
		case protocol.OpError:
			return s, fmt.Errorf("error in place of done: %s", protocol.ShortText(r.Error))
		default:
			return s, fmt.Errorf("wrong response: %q in place of outcome or done", r.Op)
		}
	}
}

// add adds an outcome.
func (p *peer) add(s *outcome.Series, r protocol.Response) error {
	if r.Outcome == nil {
		return errors.New("wrong response: an outcome without \"outcome\"")
	}
	rows := p.task.Scenario.Batch
	if p.task.Role == outcome.Reader || p.isCold {
		rows = 0
	}
	if n := len(r.RowIDs); n != rows {
		return fmt.Errorf("wrong ids: an outcome of %d rows has %d ids", rows, n)
	}
	if r.ErrorMessage != "" {
		s.Messages[len(s.Outcomes)] = r.ErrorMessage
	}
	s.Outcomes = append(s.Outcomes, *r.Outcome)
	s.IDs = append(s.IDs, r.RowIDs...)
	return nil
}

// closeInput ends the input of the writer, which must exit.
func (p *peer) closeInput() error {
	p.stdin.Close()
	return p.awaitExit()
}

func (p *peer) awaitExit() error {
	select {
	case <-p.exited:
		return nil
	case <-time.After(p.limit):
		return fmt.Errorf("hangs: it did not exit within %v after the end of its input", p.limit)
	}
}
