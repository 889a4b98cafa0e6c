package writer

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/google/uuid"

	"busybench/bench/clock"
	"busybench/bench/host"
	"busybench/bench/outcome"
	"busybench/bench/protocol"
)

// Serve runs the process of a writer or reader: it reads requests from in and writes responses to
// out. When in ends or a response cannot be written, it calls exit, normally os.Exit, with the exit
// status. If in ends during a round, it calls exit at once, from another goroutine.
func Serve(in io.Reader, out io.Writer, exit func(code int)) {
	requests := make(chan protocol.Request)
	go func() {
		exit(readRequests(in, requests))
		close(requests) // for an exit that returns
	}()
	buffered := bufio.NewWriterSize(out, 4096)
	s := server{
		requests: requests, encoder: json.NewEncoder(buffered), flush: buffered.Flush,
	}
	driver := Driver()
	s.send(protocol.Response{
		Op: protocol.OpHello, Protocol: protocol.Version, PID: os.Getpid(), Driver: &driver,
	})
	for request := range requests {
		if err := s.handle(request); err != nil {
			s.send(protocol.Response{Op: protocol.OpError, Error: protocol.ShortText(err.Error())})
		}
		if s.err != nil {
			exit(1)
		}
	}
}

// readRequests passes requests on until in ends, and returns the exit status.
func readRequests(in io.Reader, requests chan<- protocol.Request) int {
	decoder := json.NewDecoder(in)
	for {
		var r protocol.Request
		if err := decoder.Decode(&r); errors.Is(err, io.EOF) {
			return 0
		} else if err != nil {
			fmt.Fprintf(os.Stderr, "writer: bad request: %v\n", err)
			return 1
		}
		requests <- r
	}
}

// server is the state of such a process between two requests.
type server struct {
	requests    <-chan protocol.Request
	encoder     *json.Encoder
	flush       func() error
	participant Participant // nil between two rounds
	err         error       // the first failure to respond

	ended      bool   // the round, by a request
	unexpected string // the op of a request in the middle of a round
}

func (s *server) handle(r protocol.Request) error {
	switch {
	case r.Op == protocol.OpPrepare && r.Task != nil:
		return s.prepare(*r.Task)
	case r.Op == protocol.OpStart && s.participant != nil:
		return s.round(r)
	}
	return fmt.Errorf("request %q is unknown, has no task, or was sent before prepare", r.Op)
}

func (s *server) prepare(task protocol.Task) error {
	if err := task.Scenario.Validate(); err != nil { // the parent may be any program
		return fmt.Errorf("%s %d: %w", task.Role, task.Number, err)
	}
	p, err := NewParticipant(task)
	if err != nil {
		return err
	}
	if w, ok := p.(*Writer); ok && task.Scenario.Rate > 0 {
		w.TakeFrom(inheritedArrivals())
	}
	s.participant = p
	s.send(protocol.Response{Op: protocol.OpReady})
	return nil
}

// encodeOutcomes reports the attempts or reads of a round, each with the spans of its statements.
func (s *server) encodeOutcomes(series outcome.Series) {
	spans := series.StatementSpans
	for i := range series.Outcomes {
		n := countUntil(spans, series.Outcomes[i].End)
		s.encode(protocol.Response{
			Op:             protocol.OpOutcome,
			Outcome:        &series.Outcomes[i],
			RowIDs:         series.Rows(i),
			ErrorMessage:   series.Messages[i],
			StatementSpans: spans[:n],
		})
		spans = spans[n:]
	}
}

// countUntil returns how many spans, which are in order, began until an instant.
func countUntil(spans []outcome.StatementSpan, end int64) (n int) {
	for n < len(spans) && spans[n].From <= end {
		n++
	}
	return n
}

// round waits for the release, makes the attempts or reads, and reports them.
func (s *server) round(r protocol.Request) error {
	schedule, err := r.Schedule()
	if err != nil {
		return err
	}
	s.ended = false
	before := host.CPUTime()
	clock.SleepUntil(schedule.Release)
	if r.Stream {
		return s.stream(schedule)
	}
	series := s.participant.Run(schedule, Tail{Counted: s.counted, Over: s.over})
	attemptsCPU := host.CPUTime() - before
	if !s.ended && s.err == nil { // after the one attempt of a burst, or a read that failed
		s.finished(<-s.requests)
	}
	if err := s.closeParticipant(); err != nil {
		return err
	}
	if s.unexpected != "" {
		return fmt.Errorf("request %q came in the middle of a round", s.unexpected)
	}
	s.encodeOutcomes(series)
	s.send(protocol.Response{
		Op:          protocol.OpDone,
		Attempts:    len(series.Outcomes),
		CPU:         host.CPUTime() - before,
		AttemptsCPU: attemptsCPU,
		FailedHolds: series.FailedHolds,
		Statements:  series.Statements,
	})
	return nil
}

// counted tells the parent that the last counted attempt has ended.
func (s *server) counted() { s.send(protocol.Response{Op: protocol.OpCounted}) }

// over reports whether the parent has asked to end the round. It also ends if nothing can be
// sent any more, or with a request that does not belong here.
func (s *server) over() bool {
	if s.err != nil || s.ended {
		return true
	}
	select {
	case r := <-s.requests:
		s.finished(r)
		return true
	default:
		return false
	}
}

// finished takes the request that ends a round.
func (s *server) finished(r protocol.Request) {
	s.ended = true
	if r.Op != protocol.OpFinish {
		s.unexpected = r.Op
	}
}

// stream makes the attempts and reports each at once. Other participants report only what is wrong.
func (s *server) stream(schedule outcome.Schedule) error {
	attempts := 0
	switch p := s.participant.(type) {
	case *Writer:
		attempts = s.streamAttempts(p, schedule)
	case watcher:
		p.Watch(s.over)
	}
	if err := s.closeParticipant(); err != nil {
		return err
	}
	s.send(protocol.Response{Op: protocol.OpDone, Attempts: attempts})
	return nil
}

func (s *server) streamAttempts(w *Writer, schedule outcome.Schedule) (attempts int) {
	report := func(o outcome.Outcome, rows []uuid.UUID, message string) bool {
		s.send(protocol.Response{
			Op: protocol.OpOutcome, Outcome: &o, RowIDs: rows, ErrorMessage: message,
		})
		return s.err == nil
	}
	return w.Stream(schedule, report)
}

func (s *server) closeParticipant() error {
	err := s.participant.Close()
	s.participant = nil
	return err
}

// send writes a response at once.
func (s *server) send(r protocol.Response) {
	s.encode(r)
	if s.err == nil {
		s.err = s.flush()
	}
}

func (s *server) encode(r protocol.Response) {
	if s.err == nil {
		s.err = s.encoder.Encode(r)
	}
}
