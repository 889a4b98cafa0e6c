package sqlwriter

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"

	"busybench/bench/arrivals"
	"busybench/bench/clock"
	"busybench/bench/outcome"
	"busybench/bench/protocol"
	"busybench/bench/scenario"
)

// step is how often a pause looks whether the round is over.
const step = 10 * time.Millisecond

// Main is the main function of a program of writers and readers.
func Main(d Driver) {
	described, err := d.describe()
	if err != nil {
		fmt.Fprintln(os.Stderr, "writer:", err)
		os.Exit(1)
	}
	protocol.Serve(func(in io.Reader, out io.Writer, exit func(status int)) {
		serve(d, described, in, out, exit)
	}, os.Exit)
}

// serve runs a participant. It calls exit when the input has ended, whatever it does then.
func serve(
	d Driver, described protocol.Driver, in io.Reader, out io.Writer, exit func(status int),
) {
	buffered := bufio.NewWriter(out)
	s := server{
		driver: d, requests: make(chan protocol.Request, 1), exit: exit,
		out: buffered, encoder: json.NewEncoder(buffered),
	}
	go func() {
		status := readRequests(in, s.requests)
		s.ended.Store(true)
		exit(status)
		close(s.requests) // the process has other participants
	}()
	s.send(protocol.Response{
		Op: protocol.OpHello, Protocol: protocol.Version, PID: os.Getpid(), Driver: &described,
	})
	for request := range s.requests {
		if err := s.handle(request); err != nil {
			s.send(protocol.Response{Op: protocol.OpError, Error: protocol.ShortText(err.Error())})
		}
	}
}

// readRequests passes requests on until the input ends, and returns the exit status.
func readRequests(in io.Reader, requests chan<- protocol.Request) int {
	decoder := json.NewDecoder(in)
	for {
		var r protocol.Request
		if err := decoder.Decode(&r); err == io.EOF {
			return 0
		} else if err != nil {
			fmt.Fprintln(os.Stderr, "writer: bad request:", err)
			return 1
		}
		requests <- r
	}
}

type server struct {
	driver   Driver
	requests chan protocol.Request
	ended    atomic.Bool // the input
	exit     func(status int)
	out      *bufio.Writer
	encoder  *json.Encoder
	writer   *writer // nil between two rounds, and of a reader
	reader   *reader // nil between two rounds, and of a writer
	results  []result
}

// send sends a response at once. If it cannot, the parent has exited.
func (s *server) send(r protocol.Response) {
	s.encode(r)
	if err := s.out.Flush(); err != nil {
		s.exit(1)
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
		if err := s.prepare(*r.Task); err != nil {
			return err
		}
		s.send(protocol.Response{Op: protocol.OpReady})
		return nil
	case r.Op == protocol.OpStart && (s.writer != nil || s.reader != nil):
		return s.round(r)
	}
	return fmt.Errorf("request %q is unknown, has no task, or was sent before prepare", r.Op)
}

func (s *server) prepare(task protocol.Task) (err error) {
	if err := task.Scenario.Validate(); err != nil {
		return err
	}
	c := client{driver: s.driver, task: task}
	switch task.Role {
	case outcome.Writer:
		s.writer, err = newWriter(c)
	case outcome.Reader:
		s.reader, err = newReader(c)
	default:
		err = fmt.Errorf("role %v is not one that this driver has", task.Role)
	}
	return err
}

// sleepUntilRelease sleeps until the release of a round.
func (s *server) sleepUntilRelease(release int64) {
	if s.task().Scenario.Exec == scenario.Goroutine {
		gates.wait(release)
		return
	}
	clock.SleepUntil(release)
}

func (s *server) task() protocol.Task { return s.client().task }

func (s *server) client() *client {
	if s.reader != nil {
		return &s.reader.client
	}
	return &s.writer.client
}

// round makes the attempts of a round, and hands them over after finish.
func (s *server) round(r protocol.Request) error {
	schedule, err := r.Schedule()
	if err != nil {
		return err
	}
	before := cpuTime()
	s.sleepUntilRelease(schedule.Release)
	if r.Stream {
		return s.stream(schedule)
	}
	s.results = nil
	err = s.run(schedule)
	attemptsCPU := cpuTime() - before
	if err == nil {
		if request := <-s.requests; request.Op != protocol.OpFinish {
			err = fmt.Errorf("request %q came in the middle of a round", request.Op)
		}
	}
	statements := s.client().statements()
	if closeErr := s.closeParticipant(); err == nil {
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

// run makes the attempts or reads of a round.
func (s *server) run(schedule outcome.Schedule) error {
	switch {
	case s.reader != nil:
		return s.runReads(schedule)
	case schedule.Mode == outcome.Sustained && s.task().Scenario.Rate > 0:
		return s.runOpen(schedule)
	}
	s.runClosed(schedule)
	return nil
}

func (s *server) closeParticipant() (err error) {
	if s.reader != nil {
		err = s.reader.close()
	} else {
		err = s.writer.close()
	}
	s.reader, s.writer = nil, nil
	return err
}

func (s *server) counted() { s.send(protocol.Response{Op: protocol.OpCounted}) }

// over reports whether there is a request, which can only be finish, or no more can come.
func (s *server) over() bool { return len(s.requests) > 0 || s.ended.Load() }

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
	if d := s.task().Scenario.Think.Duration; d > 0 {
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

// runOpen makes attempts, each for an arrival taken from the file that all writers share.
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

// runReads reads until finish. In a sustained round the reads after the deadline only keep up the
// load.
func (s *server) runReads(schedule outcome.Schedule) error {
	for {
		o, err := s.reader.read(s.over)
		if err != nil {
			return err
		}
		if schedule.Mode == outcome.Burst || o.Start < schedule.Deadline {
			s.results = append(s.results, result{Outcome: o})
		}
		if s.think(s.over); s.over() {
			return nil
		}
	}
}

// inherited returns the file of arrivals, a descriptor that is open for as long as the process.
var inherited = sync.OnceValue(func() arrivals.File {
	return arrivals.File{File: os.NewFile(3, "arrivals")}
})

// stream sends each outcome of a writer before the next attempt begins. A reader sends none.
func (s *server) stream(schedule outcome.Schedule) error {
	if s.reader != nil {
		endless := outcome.Schedule{Mode: outcome.Sustained} // so no read counts
		if err := s.runReads(endless); err != nil {
			return errors.Join(err, s.closeParticipant())
		}
		return s.endStream(0)
	}
	burst, attempts := schedule.Mode == outcome.Burst, 0
	late := func() bool { return clock.Now() >= schedule.Deadline }
	for ; burst && attempts == 0 || !burst && !late(); s.think(late) {
		s.encodeResult(s.writer.attempt(0))
		if err := s.out.Flush(); err != nil {
			return err
		}
		attempts++
	}
	return s.endStream(attempts)
}

func (s *server) endStream(attempts int) error {
	if err := s.closeParticipant(); err != nil {
		return err
	}
	s.send(protocol.Response{Op: protocol.OpDone, Attempts: attempts})
	return nil
}

// cpuTime returns the processor time of this process, that of other participants included.
func cpuTime() time.Duration {
	var t unix.Timespec
	_ = unix.ClockGettime(unix.CLOCK_PROCESS_CPUTIME_ID, &t) // every Linux has it
	return time.Duration(t.Nano())
}
