// Package fleet runs many participants, most of them writers: it starts them, makes them ready,
// releases them at one instant, and collects what they report. It is the only package that knows
// about processes. Goroutines and processes implement the same interface, [Member].
package fleet

import (
	"fmt"
	"runtime"
	"slices"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"busybench/bench/arrivals"
	"busybench/bench/clock"
	"busybench/bench/host"
	"busybench/bench/outcome"
	"busybench/bench/protocol"
)

// Member is one participant of a fleet. Its task says which role it has in a round. What is said of
// writers here is true of the others, too, except that these have no attempts that count, and
// Counted is not called.
//
// Handshake is called once, after the start. A round calls
// Prepare, Ready, Start, Counted, Finish and Collect in this order, each for all members before the
// next. Prepare, Start and Finish return at once.
// Handshake, Ready, Counted and Collect wait, and return [os.ErrDeadlineExceeded] after the
// deadline.
type Member interface {
	// Handshake waits for the hello of a new writer.
	Handshake(deadline time.Time) error
	// Prepare asks the writer to get ready for a round.
	Prepare(protocol.Task) error
	// Ready waits until the writer is ready.
	Ready(deadline time.Time) error
	// Start asks the writer to begin the round at its release.
	Start(Release) error
	// Counted waits until the writer has ended its last attempt that counts.
	Counted(deadline time.Time) error
	// Finish asks the writer to end the round and hand over, and returns at once.
	Finish() error
	// Collect waits for the outcomes of the round.
	Collect(deadline time.Time) (Report, error)
	// Stop asks the writer to exit and returns at once. A writer that takes too long is killed.
	Stop()
	// Kill kills the writer and returns at once.
	Kill()
	// Wait waits until a stopped or killed writer has exited, and releases its resources. It
	// returns an error if a stopped writer failed.
	Wait() error
}

// Release is the schedule of a round, and for goroutines a gate: a channel that is closed at the
// release. Processes wait for the instant themselves.
type Release struct {
	outcome.Schedule
	Gate <-chan struct{}
}

// Usage holds the process of a writer and the processor time that it used.
type Usage struct {
	PID int
	CPU time.Duration // of its process in the round, 0 for a goroutine of this one
	// AttemptsCPU is the part of it until the writer's last attempt had ended.
	AttemptsCPU time.Duration
}

// Report is what one writer reports after a round.
type Report struct {
	Usage
	outcome.Series
}

// Round is the result of one round.
type Round struct {
	outcome.Round
	Usages    []Usage       // of each participant, in the order of [outcome.Round.All]
	ParentCPU time.Duration // of this process, from the release until all reports were in
}

// Plan describes a round.
type Plan struct {
	Task    protocol.Task // of all participants; each gets it with its own role and number
	Mode    outcome.Mode
	Length  time.Duration // of a sustained round; unused in a burst
	Timeout time.Duration // from the end of the round until all writers must have reported
}

func (p Plan) participants() int { return p.Task.Scenario.Participants() }

// Options configure a fleet.
type Options struct {
	// TransactionBytes is the size of the rows of each writer's transaction, from which the memory
	// that writers need is estimated.
	TransactionBytes int64
	// Graceful makes Close stop writers and wait for them instead of killing them, so that they can
	// write a file when they exit, such as a profile.
	Graceful bool
	// Others is how many of the members are not writers, for error messages.
	Others int
	// SharedConns is the number of connections that all writers of a process share, 0 if each has
	// its own.
	SharedConns int
	// OpenLoop is true if rounds may have a rate of arrivals.
	OpenLoop bool
}

// Fleet keeps writers over many rounds. Make one with [Goroutines], [Processes],
// [Commands] or [OneProcess].
type Fleet struct {
	options   Options
	start     func(number int) (Member, error)
	startAll  func(n int) ([]Member, error) // in place of start: all members are of one process
	footprint footprint                     // of each member
	cleanup   func()                        // frees what all members share; may be nil
	arrivals  arrivals.File                 // of the round; no file unless there is an open loop
	members   []Member
}

// N writers may take readyBase + N * readyPerWriter to get ready. A process takes a few
// milliseconds to start and to connect, so one that needs many times that hangs.
const (
	readyBase      = time.Minute
	readyPerWriter = 100 * time.Millisecond
)

// leadBase is the time between the last writer's "ready" and the release, in addition to the
// footprint's lead for each writer.
const leadBase = 5 * time.Millisecond

// Grow starts members until there are n, and waits until the new ones have said hello. If n members
// do not fit on the machine, it starts none and the error names the resource that is missing.
func (f *Fleet) Grow(n int) error {
	before := len(f.members)
	if n <= before {
		return nil
	}
	if err := f.Fits(n); err != nil {
		return err
	}
	timeout := readyTimeout(n)
	deadline := time.Now().Add(timeout)
	if f.startAll != nil {
		before = 0
		if err := f.restart(n); err != nil {
			return err
		}
	} else if err := f.startUpTo(n); err != nil {
		return err
	}
	all := allWriters(f.members)
	return all.await(missed("say hello", timeout), func(number int, m Member) error {
		if number < before {
			return nil
		}
		return m.Handshake(deadline)
	})
}

// startUpTo starts writers, several at once. Starting one costs a few milliseconds of processor
// time, most of it in the new process before it says hello. As many at once as there are processors
// keep all of them busy, and more would not help.
func (f *Fleet) startUpTo(n int) error {
	before := len(f.members)
	started := make([]Member, n-before)
	var group errgroup.Group
	group.SetLimit(runtime.NumCPU())
	var failed atomic.Bool
	for i := range started {
		group.Go(func() error {
			if failed.Load() {
				return nil
			}
			m, err := f.start(before + i)
			if err != nil {
				failed.Store(true)
				return fmt.Errorf("start writer %d of %d: %w", before+i, n, err)
			}
			started[i] = m
			return nil
		})
	}
	err := group.Wait()
	// If one failed, those that did start are kept, so that Close ends them.
	started = slices.DeleteFunc(started, func(m Member) bool { return m == nil })
	f.members = append(f.members, started...)
	return err
}

// restart replaces the process of all members by one with more.
func (f *Fleet) restart(n int) error {
	if err := f.endAll(f.stop()); err != nil {
		return err
	}
	var err error
	if f.members, err = f.startAll(n); err != nil {
		return fmt.Errorf("start %d writers in one process: %w", n, err)
	}
	return nil
}

// readyTimeout bounds how long n writers may take to get ready.
func readyTimeout(n int) time.Duration { return readyBase + time.Duration(n)*readyPerWriter }

// Round makes one round. If a participant exits, reports an error or misses a deadline, the round
// is an error that names it, and those that missed a deadline are killed. The fleet must then be
// closed.
func (f *Fleet) Round(p Plan) (Round, error) {
	if err := f.Grow(p.participants()); err != nil {
		return Round{}, err
	}
	if err := f.check(p.Task.Scenario); err != nil {
		return Round{}, err
	}
	all := newCrew(f.members, p.Task.Scenario)
	if err := all.prepare(p.Task); err != nil {
		return Round{}, err
	}
	if err := f.setArrivals(p); err != nil {
		return Round{}, err
	}
	var before time.Duration
	release := newRelease(p, f.footprint.lead, &before)
	round := Round{Usages: make([]Usage, len(all.members))}
	round.Schedule = release.Schedule
	if err := all.each(func(_ int, m Member) error { return m.Start(release) }); err != nil {
		return round, err
	}
	log := watchLog(p.Task, release)
	err := all.awaitCounted(release, p.Timeout)
	round.WALSizes = log.sizes()
	if finishErr := all.finish(); err == nil { // otherwise the others end their rounds, too
		err = finishErr
	}
	if err != nil {
		return round, err
	}
	ownCPU := host.CPUTime()
	err = all.collect(&round, p.Timeout)
	<-release.Gate
	round.ParentCPU = host.CPUTime() - before
	round.CPU = attemptsCPU(round.Usages)
	if round.CPU == 0 { // the participants are goroutines
		round.CPU = ownCPU - before
	}
	return round, err
}

// attemptsCPU returns the processor time that all writers used for their attempts. Those of one
// process each report that of the whole process, and the last one to end its attempts has all of
// it.
func attemptsCPU(usages []Usage) (sum time.Duration) {
	all := map[int]time.Duration{}
	for _, u := range usages {
		all[u.PID] = max(all[u.PID], u.AttemptsCPU)
	}
	for _, cpu := range all {
		sum += cpu
	}
	return sum
}

// prepare makes all participants ready for a round.
func (c crew) prepare(task protocol.Task) error {
	timeout := readyTimeout(len(c.members))
	deadline := time.Now().Add(timeout)
	err := c.each(func(i int, m Member) error {
		task.Role, task.Number = c.roles[i].Role, c.roles[i].Number
		return m.Prepare(task)
	})
	if err != nil {
		return err
	}
	return c.await(missed("get ready", timeout), func(_ int, m Member) error {
		return m.Ready(deadline)
	})
}

// awaitCounted waits until all writers have ended their attempts that count.
func (c crew) awaitCounted(r Release, timeout time.Duration) error {
	timeout += time.Duration(r.LastStart() - clock.Now())
	deadline := time.Now().Add(timeout)
	return c.onlyWriters().await(missed("end its last counted attempt", timeout),
		func(_ int, m Member) error { return m.Counted(deadline) })
}

// finish ends a round.
func (c crew) finish() error { return c.each(func(_ int, m Member) error { return m.Finish() }) }

// collect waits for what all participants report.
func (c crew) collect(round *Round, timeout time.Duration) error {
	timeout += max(0, time.Duration(round.LastStart()-clock.Now()))
	deadline := time.Now().Add(timeout)
	reports := make([]Report, len(c.members))
	err := c.await(missed("hand over its outcomes", timeout), func(i int, m Member) (err error) {
		reports[i], err = m.Collect(deadline)
		return err
	})
	for i, r := range reports {
		round.Usages[i] = r.Usage
		round.Add(c.roles[i].Role, r.Series)
	}
	return err
}

// newRelease returns a release soon enough for all participants to receive the request before it.
// At that instant a goroutine stores the processor time that this process has used in cpu and opens
// the gate.
func newRelease(p Plan, leadPerMember time.Duration, cpu *time.Duration) Release {
	gate := make(chan struct{})
	lead := leadBase + leadPerMember*time.Duration(p.participants())
	s := outcome.Schedule{Mode: p.Mode, Release: clock.Now() + int64(lead)}
	if p.Mode == outcome.Sustained {
		s.Deadline = s.Release + int64(p.Length)
	}
	go func() {
		clock.SleepUntil(s.Release)
		*cpu = host.CPUTime()
		close(gate)
	}()
	return Release{Schedule: s, Gate: gate}
}

func missed(what string, timeout time.Duration) string {
	return fmt.Sprintf("did not %s within %v and was killed", what, timeout.Round(time.Millisecond))
}

// Close kills all writers, or stops them in a graceful fleet, and waits until they have exited. In
// a graceful fleet it returns an error if a writer failed.
func (f *Fleet) Close() error {
	err := f.endAll(f.stop())
	if f.cleanup != nil {
		f.cleanup()
	}
	return err
}

// stop returns how writers of the fleet are ended.
func (f *Fleet) stop() func(Member) {
	if f.options.Graceful {
		return Member.Stop
	}
	return Member.Kill
}

// endAll stops or kills all writers and removes them from the fleet.
func (f *Fleet) endAll(stop func(Member)) error {
	err := end(f.members, stop)
	f.members = nil
	return err
}
