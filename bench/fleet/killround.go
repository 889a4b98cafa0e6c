package fleet

import (
	"errors"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"busybench/bench/clock"
	"busybench/bench/outcome"
)

// KillPlan describes a sustained round in which writer processes are killed. The moments, counted
// from the release, and the choice of writers follow from the task's seed.
type KillPlan struct {
	Plan
	Kills int // during the round; at its end all running writers are killed
}

// Kill describes the SIGKILL of a writer.
type Kill struct {
	Writer int   // its number in the round
	At     int64 // instant just before the signal was sent
}

// KillRound is the result of a round in which writers were killed. It has the outcomes that each
// writer reported before it was killed.
type KillRound struct {
	outcome.Round
	Kills []Kill
}

// RoundWithKills makes a round of writers that report each attempt at once. During the round it
// kills some and replaces each by a writer with the next number. At the end it kills all. Only
// processes can be killed. Afterwards the fleet has no writers.
func (f *Fleet) RoundWithKills(p KillPlan) (KillRound, error) {
	k := killRound{fleet: f, plan: p}
	defer f.endAll(Member.Kill)
	if err := f.Grow(p.writers()); err != nil {
		return KillRound{}, err
	}
	if err := prepare(f.members, p.Task); err != nil {
		return KillRound{}, err
	}
	release := newRelease(p.Plan, f.footprint.lead, new(time.Duration))
	k.result.Schedule = release.Schedule
	k.deadline = time.Now().Add(time.Duration(release.Deadline-clock.Now()) + p.Timeout)
	for _, m := range f.members {
		k.add(m, func(s streamer) error { return s.Stream(k.schedule(release.Release)) })
	}
	err := k.killSome()
	clock.SleepUntil(k.result.Deadline)
	for len(k.running) > 0 {
		k.kill(0)
	}
	k.collecting.Wait()
	return k.result, errors.Join(err, summarize(k.errs))
}

// killRound is a round with kills under way.
type killRound struct {
	fleet      *Fleet
	plan       KillPlan
	result     KillRound
	deadline   time.Time
	running    []int // numbers of the writers that were not killed
	collecting sync.WaitGroup
	mu         sync.Mutex // guards result.Writers, result.Kills and errs
	errs       []error    // by number of the writer
}

// streamer is a member that can report each attempt at once.
type streamer interface {
	Member
	Stream(outcome.Schedule) error
}

// add adds a running writer and starts a goroutine that starts its round and collects what it
// reports until it is killed.
func (k *killRound) add(m Member, start func(streamer) error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	number := len(k.errs)
	k.running = append(k.running, number)
	k.result.Writers = append(k.result.Writers, outcome.Series{})
	k.errs = append(k.errs, nil)
	k.collecting.Go(func() {
		series, err := k.collect(m, start)
		k.mu.Lock()
		defer k.mu.Unlock()
		k.result.Writers[number] = series
		isThis := func(kill Kill) bool { return kill.Writer == number }
		killed := slices.ContainsFunc(k.result.Kills, isThis)
		if !killed || !errors.Is(err, errExited) {
			k.errs[number] = err
		}
	})
}

func (k *killRound) collect(m Member, start func(streamer) error) (outcome.Series, error) {
	s, ok := m.(streamer)
	if !ok {
		return outcome.Series{}, errors.New("only processes can be killed; give exec=process")
	}
	if err := start(s); err != nil {
		return outcome.Series{}, err
	}
	report, err := m.Collect(k.deadline)
	return report.Series, err
}

// schedule returns the schedule of a writer that begins at an instant. Its deadline lies far after
// the round's, so that every writer is still writing when it is killed.
func (k *killRound) schedule(release int64) outcome.Schedule {
	return outcome.Schedule{
		Mode: outcome.Sustained, Release: release, Deadline: k.result.Deadline + int64(time.Hour),
	}
}

// killSome kills writers at moments that follow from the seed.
func (k *killRound) killSome() error {
	random := rand.New(rand.NewPCG(k.plan.Task.Seed, 0))
	moments := make([]int64, k.plan.Kills)
	for i := range moments {
		moments[i] = k.result.Release + random.Int64N(int64(k.plan.Length))
	}
	slices.Sort(moments)
	for _, at := range moments {
		clock.SleepUntil(at)
		k.kill(random.IntN(len(k.running)))
		if err := k.replace(); err != nil {
			return err
		}
	}
	return nil
}

// kill kills a writer, by its index into running.
func (k *killRound) kill(index int) {
	number := k.running[index]
	k.running = slices.Delete(k.running, index, index+1)
	k.mu.Lock()
	k.result.Kills = append(k.result.Kills, Kill{number, clock.Now()})
	k.mu.Unlock()
	k.fleet.members[number].Kill()
}

// replace starts a writer with the next number in the place of one that was killed. It gets ready
// in a goroutine of its own, so that the next kill is on time: connecting may take long while
// others keep the file locked.
func (k *killRound) replace() error {
	number := len(k.fleet.members)
	if err := k.fleet.Grow(number + 1); err != nil {
		return err
	}
	task := k.plan.Task
	task.Writer = number
	k.add(k.fleet.members[number], func(s streamer) error {
		if err := s.Prepare(task); err != nil {
			return err
		}
		if err := s.Ready(k.deadline); err != nil {
			return err
		}
		return s.Stream(k.schedule(clock.Now()))
	})
	return nil
}
