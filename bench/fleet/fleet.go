// Package fleet is many writers: it starts them, makes them ready, releases them together,
// waits, and collects what came of it. It is the only package that knows what a process is;
// goroutines and processes stand behind the same small interface.
package fleet

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"busybench/bench/host"
	"busybench/bench/writer"
)

// Member is one writer as the fleet sees it. Greet comes once, after the start. A round calls Prepare, Ready, Start and Collect, in
// this order, each for all members before the next; Prepare and Start only tell the writer and
// return at once. A wait that lasts beyond its deadline is an [os.ErrDeadlineExceeded].
type Member interface {
	// Greet waits until a writer that has been started says that it is there.
	Greet(deadline time.Time) error
	// Prepare tells the writer to get ready for a round.
	Prepare(writer.Task) error
	// Ready waits until it is.
	Ready(deadline time.Time) error
	// Start tells the writer to make the round at its release.
	Start(Release) error
	// Collect waits for what came of it.
	Collect(deadline time.Time) (Report, error)
	// Dismiss lets the writer end by itself, and returns at once. One that takes long is killed.
	Dismiss()
	// Kill ends the writer for good, whatever it is doing, and returns at once.
	Kill()
	// Gone waits until a writer that was dismissed or killed is gone, and lets go of what was held for it. It is an error
	// where one that was dismissed did not end well.
	Gone() error
}

// Release is the instant at which all writers of a round begin, in two forms: its time, for
// writers that wait for it by themselves, and a gate that opens then, for goroutines.
type Release struct {
	At    int64 // instant of host.Now
	Until int64 // instant at which a sustained round ends, 0 for a burst
	Gate  <-chan struct{}
}

// Report is what one writer hands over after a round.
type Report struct {
	PID int           // of the process that wrote
	CPU time.Duration // the writer's own processor time in the round, 0 for a goroutine
	writer.Outcomes
}

// Round is what came of one round.
type Round struct {
	At, Until int64         // as in Release
	Reports   []Report      // one for each writer, by its number
	ParentCPU time.Duration // processor time of this process from the release until all reports were in
}

// Plan says how a round is to be made.
type Plan struct {
	Task     writer.Task   // for every writer, with its own number put in
	Writers  int           // how many take part
	Length   time.Duration // of a sustained round, 0 for a burst
	Patience time.Duration // how long after the release (and Length) all outcomes must be in
}

// Fleet holds writers over many rounds. Make one with [Goroutines] or [Processes].
type Fleet struct {
	RowBytes int64 // what the rows of each writer's transaction take, to estimate memory by; 0 for small ones
	Gentle   bool  // writers have something to write down when the fleet is closed, such as a profile, and are not killed before

	start   func(number int) (Member, error)
	needs   needs  // what each member does
	end     func() // lets go of what all members share; may be nil
	members []Member
}

// How long writers may take to get ready: all together, and for each. A process takes a few
// milliseconds to start and to connect; one that needs many times that hangs.
const (
	readyBase      = time.Minute
	readyPerWriter = 100 * time.Millisecond
)

// leadBase is the time between the last writer's "ready" and the release, beside what each writer needs
// of it to be told.
const leadBase = 5 * time.Millisecond

// Grow starts writers until there are n, and waits until the new ones are there. Those that run
// already stay. Where n writers do not fit on the machine it starts none, and the error says what there is too little of.
func (f *Fleet) Grow(n int) error {
	before := len(f.members)
	if n <= before {
		return nil
	}
	if err := f.Fits(n); err != nil {
		return err
	}
	deadline, patience := readyDeadline(n)
	if err := f.startUpTo(n); err != nil {
		return err
	}
	return await(f.members, missed("say hello", patience), func(number int, m Member) error {
		if number < before {
			return nil
		}
		return m.Greet(deadline)
	})
}

// startUpTo starts writers, several at once. Starting one costs a few milliseconds of processor time, most
// of it in the new process before it says hello, so that as many at once as there are processors
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
	// Where one failed, those that did start must be known, to be ended.
	f.members = append(f.members, slices.DeleteFunc(started, func(m Member) bool { return m == nil })...)
	return err
}

// readyDeadline bounds how long n writers may take to get ready.
func readyDeadline(n int) (deadline time.Time, patience time.Duration) {
	patience = readyBase + time.Duration(n)*readyPerWriter
	return time.Now().Add(patience), patience
}

// Round makes one round. Where a writer dies, answers with an error or misses a deadline, and is
// killed for that, the whole round is an error that names the writers; the fleet must be closed
// then.
func (f *Fleet) Round(p Plan) (Round, error) {
	if err := f.Grow(p.Writers); err != nil {
		return Round{}, err
	}
	members := f.members[:p.Writers]
	if err := prepare(members, p.Task); err != nil {
		return Round{}, err
	}
	var before time.Duration
	release := releaseOf(p, f.needs.lead, &before)
	round := Round{At: release.At, Until: release.Until, Reports: make([]Report, p.Writers)}
	err := each(members, func(_ int, m Member) error { return m.Start(release) })
	if err != nil {
		return round, err
	}
	patience := time.Duration(release.At-host.Now()) + p.Length + p.Patience
	deadline := time.Now().Add(patience)
	err = await(members, missed("hand over its outcomes", patience), func(number int, m Member) (err error) {
		round.Reports[number], err = m.Collect(deadline)
		return err
	})
	<-release.Gate
	round.ParentCPU = writer.CPUTime() - before
	return round, err
}

func prepare(members []Member, task writer.Task) error {
	deadline, patience := readyDeadline(len(members))
	err := each(members, func(number int, m Member) error {
		task.Writer = number
		return m.Prepare(task)
	})
	if err != nil {
		return err
	}
	return await(members, missed("get ready", patience), func(_ int, m Member) error { return m.Ready(deadline) })
}

// releaseOf sets the instant of release and a goroutine that opens the gate then, after noting in
// cpu what processor time this process had used.
func releaseOf(p Plan, leadPerWriter time.Duration, cpu *time.Duration) Release {
	gate := make(chan struct{})
	r := Release{At: host.Now() + int64(leadBase) + int64(leadPerWriter)*int64(p.Writers), Gate: gate}
	if p.Length > 0 {
		r.Until = r.At + int64(p.Length)
	}
	go func() {
		host.SleepUntil(r.At)
		*cpu = writer.CPUTime()
		close(gate)
	}()
	return r
}

func missed(what string, patience time.Duration) string {
	return fmt.Sprintf("did not %s within %v and was killed", what, patience.Round(time.Millisecond))
}

// each does something for every member, one after the other, and sums up the errors.
func each(members []Member, do func(int, Member) error) error {
	errs := make([]error, len(members))
	for number, m := range members {
		errs[number] = do(number, m)
	}
	return summary(errs)
}

// await waits for one member after the other, so that this process sleeps while they are at work;
// what the others say meanwhile stays in their pipes. Once one has missed its deadline, so have all that have not
// answered yet, and the rest are asked at once. Who missed it is killed. The errors are summed up.
func await(members []Member, missed string, do func(int, Member) error) error {
	errs := make([]error, len(members))
	late := func(number int) bool { return errors.Is(errs[number], os.ErrDeadlineExceeded) }
	var rest sync.WaitGroup
	anyLate := false
	for number, m := range members {
		if anyLate {
			rest.Go(func() { errs[number] = do(number, m) })
			continue
		}
		errs[number] = do(number, m)
		anyLate = late(number)
	}
	rest.Wait()
	var killed []Member
	for number, m := range members {
		if late(number) {
			killed = append(killed, m)
			errs[number] = errors.New(missed)
		}
	}
	_ = end(killed, Member.Kill) // who is killed does not end well
	return summary(errs)
}

// end ends members one way, all before it waits for the first to be gone. The errors are summed up.
func end(members []Member, way func(Member)) error {
	for _, m := range members {
		way(m)
	}
	return each(members, func(_ int, m Member) error { return m.Gone() })
}

// summary is nil where no writer failed, and otherwise tells how many did, with the first few.
func summary(errs []error) error {
	const few = 5
	var failed []string
	for number, err := range errs {
		if err != nil {
			failed = append(failed, fmt.Sprintf("writer %d: %v", number, err))
		}
	}
	n := len(failed)
	if n == 0 {
		return nil
	}
	if n > few {
		failed = append(failed[:few], fmt.Sprintf("and %d more", n-few))
	}
	return fmt.Errorf("%d of %d writers failed: %s", n, len(errs), strings.Join(failed, "; "))
}

// Close ends all writers. It returns when they are gone. An error names those of a gentle fleet that did not end well.
func (f *Fleet) Close() error {
	way := Member.Kill
	if f.Gentle {
		way = Member.Dismiss
	}
	err := f.empty(way)
	if f.end != nil {
		f.end()
	}
	return err
}

// empty ends all writers one way and forgets them.
func (f *Fleet) empty(way func(Member)) error {
	err := end(f.members, way)
	f.members = nil
	return err
}
