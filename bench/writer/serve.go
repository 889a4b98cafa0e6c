package writer

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sys/unix"

	"busybench/bench/host"
)

// Serve is the life of a writer process: it obeys the commands of in and answers on out until
// in ends or an answer cannot be delivered. It ends in a call of exit, os.Exit as a rule, with
// the process's exit status; where in ends while a round is under way, that call comes at once,
// from another goroutine.
func Serve(in io.Reader, out io.Writer, exit func(code int)) {
	commands := make(chan Command)
	go func() {
		exit(read(in, commands))
		close(commands) // for an exit that returns
	}()
	buffered := bufio.NewWriterSize(out, 4096)
	s := server{encoder: json.NewEncoder(buffered), flush: buffered.Flush}
	s.answer(Answer{Op: OpHello, Protocol: ProtocolVersion, PID: os.Getpid()})
	for command := range commands {
		if err := s.obey(command); err != nil {
			s.answer(Answer{Op: OpError, Error: err.Error()})
		}
		if s.err != nil {
			exit(1)
		}
	}
}

// read passes commands on until in ends, and returns the exit status that this asks for.
func read(in io.Reader, commands chan<- Command) int {
	decoder := json.NewDecoder(in)
	for {
		var c Command
		if err := decoder.Decode(&c); errors.Is(err, io.EOF) {
			return 0
		} else if err != nil {
			fmt.Fprintf(os.Stderr, "writer: bad command: %v\n", err)
			return 1
		}
		commands <- c
	}
}

// server is a writer process between two commands.
type server struct {
	encoder *json.Encoder
	flush   func() error
	writer  *Writer
	err     error // the first failure to answer
}

func (s *server) obey(c Command) error {
	switch {
	case c.Op == OpPrepare && c.Task != nil:
		if err := c.Task.Scenario.Check(); err != nil { // it may be a stranger's
			return fmt.Errorf("writer %d: %w", c.Task.Writer, err)
		}
		w, err := Prepare(*c.Task)
		if err != nil {
			return err
		}
		s.writer = w
		s.answer(Answer{Op: OpReady})
		return nil
	case c.Op == OpStart && s.writer != nil:
		return s.round(c)
	}
	return fmt.Errorf("command %q is unknown, lacks its task, or came before prepare", c.Op)
}

// round waits for the release, runs, and hands the outcomes over when all is done.
func (s *server) round(c Command) error {
	before := CPUTime()
	host.SleepUntil(c.At)
	if c.Stream {
		return s.stream(c.Until)
	}
	outcomes := s.writer.Run(c.Until)
	err := s.writer.Finish()
	s.writer = nil
	if err != nil {
		return err
	}
	for i := range outcomes.List {
		s.encode(Answer{Op: OpOutcome, Outcome: &outcomes.List[i], Rows: outcomes.Rows(i), Message: outcomes.Messages[i]})
	}
	s.answer(Answer{Op: OpDone, Attempts: len(outcomes.List), CPU: CPUTime() - before, Vain: outcomes.Vain})
	return nil
}

// stream runs and hands each outcome over at once.
func (s *server) stream(until int64) error {
	attempts := s.writer.Stream(until, func(o Outcome, rows []uuid.UUID, message string) bool {
		s.answer(Answer{Op: OpOutcome, Outcome: &o, Rows: rows, Message: message})
		return s.err == nil
	})
	err := s.writer.Finish()
	s.writer = nil
	if err != nil {
		return err
	}
	s.answer(Answer{Op: OpDone, Attempts: attempts})
	return nil
}

func (s *server) answer(a Answer) {
	s.encode(a)
	if s.err == nil {
		s.err = s.flush()
	}
}

func (s *server) encode(a Answer) {
	if s.err == nil {
		s.err = s.encoder.Encode(a)
	}
}

// CPUTime is the processor time, user and system, that this process has used (getrusage(2)).
func CPUTime() time.Duration {
	var usage unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &usage); err != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
