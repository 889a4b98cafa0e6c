package sqlwriter

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"busybench/bench/arrivals"
	"busybench/bench/clock"
	"busybench/bench/outcome"
	"busybench/bench/protocol"
)

// step is how often a pause looks whether the round is over.
const step = 10 * time.Millisecond

// Main is the main function of a writer.
func Main(d Driver) {
	described, err := d.describe()
	if err != nil {
		fmt.Fprintln(os.Stderr, "writer:", err)
		os.Exit(1)
	}
	requests := make(chan protocol.Request, 1)
	go readRequests(requests)
	out := bufio.NewWriter(os.Stdout)
	s := server{driver: d, requests: requests, out: out, encoder: json.NewEncoder(out)}
	s.send(protocol.Response{
		Op: protocol.OpHello, Protocol: protocol.Version, PID: os.Getpid(), Driver: &described,
	})
	for request := range requests {
		if err := s.handle(request); err != nil {
			s.send(protocol.Response{Op: protocol.OpError, Error: protocol.ShortText(err.Error())})
		}
	}
}

// readRequests passes requests on. At the end of the input the writer exits, whatever it does.
func readRequests(requests chan<- protocol.Request) {
	decoder := json.NewDecoder(os.Stdin)
	for {
		var r protocol.Request
		if err := decoder.Decode(&r); err == io.EOF {
			os.Exit(0)
		} else if err != nil {
			fmt.Fprintln(os.Stderr, "writer: bad request:", err)
			os.Exit(1)
		}
		requests <- r
	}
}

type server struct {
	driver   Driver
	requests chan protocol.Request
	out      *bufio.Writer
	encoder  *json.Encoder
	writer   *writer // nil between two rounds
	results  []result
}

// send sends a response at once. If it cannot, the parent has exited.
func (s *server) send(r protocol.Response) {
	s.encode(r)
	if err := s.out.Flush(); err != nil {
		os.Exit(1)
	}
}

func (s *server) encode(r protocol.Response) { _ = s.encoder.Encode(r) } // the flush fails, too

func (s *server) encodeResult(r result) {
	s.encode(protocol.Response{
		Op: protocol.OpOutcome, Outcome: &r.Outcome, RowIDs: r.ids, ErrorMessage: r.message,
		StatementSpans: r.spans,
	})
}

func (s *server) handle(r protocol.Request) (err error) {
	switch {
	case r.Op == protocol.OpPrepare && r.Task != nil:
		if s.writer, err = newWriter(s.driver, *r.Task); err != nil {
			return err
		}
		s.send(protocol.Response{Op: protocol.OpReady})
		return nil
	case r.Op == protocol.OpStart && s.writer != nil:
		return s.round(r)
	}
	return fmt.Errorf("request %q is unknown, has no task, or was sent before prepare", r.Op)
}

// round makes the attempts of a round, and hands them over after finish.
func (s *server) round(r protocol.Request) error {
	schedule, err := r.Schedule()
	if err != nil {
		return err
	}
	before := cpuTime()
	clock.SleepUntil(schedule.Release)
	if r.Stream {
		return s.stream(schedule)
	}
	s.results = nil
	if schedule.Mode == outcome.Sustained && s.writer.task.Scenario.Rate > 0 {
		err = s.runOpen(schedule)
	} else {
		s.runClosed(schedule)
	}
	attemptsCPU := cpuTime() - before
	if err == nil {
		if request := <-s.requests; request.Op != protocol.OpFinish {
			err = fmt.Errorf("request %q came in the middle of a round", request.Op)
		}
	}
	statements := s.writer.statements()
	if closeErr := s.closeWriter(); err == nil {
		err = closeErr
	}
	if err != nil {
		return err
	}
	for _, result := range s.results {
		s.encodeResult(result)
	}
	s.send(protocol.Response{
		Op: protocol.OpDone, Attempts: len(s.results),
		CPU: cpuTime() - before, AttemptsCPU: attemptsCPU, Statements: statements,
	})
	return nil
}

func (s *server) closeWriter() error {
	err := s.writer.close()
	s.writer = nil
	return err
}

func (s *server) counted() { s.send(protocol.Response{Op: protocol.OpCounted}) }

// over reports whether there is a request: that to finish.
func (s *server) over() bool { return len(s.requests) > 0 }

func (s *server) attempt(intended int64) {
	s.results = append(s.results, s.writer.attempt(intended))
}

// runClosed makes attempts until the deadline, and then, to keep up the load, until finish.
func (s *server) runClosed(schedule outcome.Schedule) {
	if schedule.Mode == outcome.Burst {
		s.attempt(0)
		s.counted()
		return
	}
	late := func() bool { return clock.Now() >= schedule.Deadline }
	for ; !late(); s.think(late) {
		s.attempt(0)
	}
	s.counted()
	for ; !s.over(); s.think(s.over) {
		s.attempt(0)
	}
}

func (s *server) think(over func() bool) {
	if d := s.writer.task.Scenario.Think.Duration; d > 0 {
		sleepUntil(clock.Now()+int64(d), over)
	}
}

// sleepUntil sleeps until an instant, or until over returns true.
func sleepUntil(instant int64, over func() bool) {
	for instant-clock.Now() > int64(step) {
		if over() {
			return
		}
		time.Sleep(step)
	}
	clock.SleepUntil(instant)
}

// runOpen makes an attempt for each arrival that it takes from the file that all writers share.
func (s *server) runOpen(schedule outcome.Schedule) error {
	file := inherited()
	counted := false // the arrivals that follow are after the deadline
	over := func() bool { return counted && s.over() }
	for {
		sinceRelease, ok, err := file.Next()
		if err != nil {
			return err
		}
		intended := schedule.Release + sinceRelease
		if !ok {
			intended = 1 << 62
		}
		if !counted && intended >= schedule.Deadline {
			counted = true
			s.counted()
		}
		if sleepUntil(intended, over); over() {
			return nil
		}
		s.attempt(intended)
	}
}

// inherited returns the file of arrivals, a descriptor that is open for as long as the process.
var inherited = sync.OnceValue(func() arrivals.File {
	return arrivals.File{File: os.NewFile(3, "arrivals")}
})

// stream sends each outcome before the next attempt begins.
func (s *server) stream(schedule outcome.Schedule) error {
	burst, attempts := schedule.Mode == outcome.Burst, 0
	late := func() bool { return clock.Now() >= schedule.Deadline }
	for ; burst && attempts == 0 || !burst && !late(); s.think(late) {
		s.encodeResult(s.writer.attempt(0))
		if err := s.out.Flush(); err != nil {
			return err
		}
		attempts++
	}
	if err := s.closeWriter(); err != nil {
		return err
	}
	s.send(protocol.Response{Op: protocol.OpDone, Attempts: attempts})
	return nil
}

// cpuTime returns the processor time of this process.
func cpuTime() time.Duration {
	var t unix.Timespec
	_ = unix.ClockGettime(unix.CLOCK_PROCESS_CPUTIME_ID, &t) // every Linux has it
	return time.Duration(t.Nano())
}
