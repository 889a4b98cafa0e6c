package fleet

import (
	"errors"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"busybench/bench/host"
)

// KillPlan says how a round is to be made in which writer processes are killed.
type KillPlan struct {
	Plan
	Kills int    // while the round lasts, at moments and of writers that the seed chooses; at its end all that live are killed
	Seed  uint64 // of the moments, counted from the release, and of the choice
}

// Kill is a writer's end by SIGKILL.
type Kill struct {
	Writer int   // its number in the round
	At     int64 // instant of host.Now just before the signal was sent
}

// KillRound is what came of a round in which writers were killed.
type KillRound struct {
	Round // with a report for each writer that there ever was, of all that it had told when it was killed
	Kills []Kill
}

// Kills makes a round of writers that tell of each attempt at once, and kills some while it lasts, each of which is replaced by another
// with the next number, and all in the end. Only processes can be killed. The fleet has no writers afterwards, and starts new ones for the next round.
func (f *Fleet) Kills(p KillPlan) (KillRound, error) {
	k := killing{fleet: f, plan: p}
	defer f.empty(Member.Kill)
	if err := f.Grow(p.Writers); err != nil {
		return KillRound{}, err
	}
	if err := prepare(f.members, p.Task); err != nil {
		return KillRound{}, err
	}
	release := releaseOf(p.Plan, f.needs.lead, new(time.Duration))
	k.round.At, k.round.Until = release.At, release.Until
	k.deadline = time.Now().Add(time.Duration(release.Until-host.Now()) + p.Patience)
	for _, m := range f.members {
		k.enlist(m, func(s streamer) error { return s.Stream(k.release(release.At)) })
	}
	err := k.killSome()
	host.SleepUntil(k.round.Until)
	for len(k.living) > 0 {
		k.kill(0)
	}
	k.told.Wait()
	return k.round, errors.Join(err, summary(k.errs))
}

// killing is a round of kills under way.
type killing struct {
	fleet    *Fleet
	plan     KillPlan
	round    KillRound
	deadline time.Time
	living   []int // numbers of the writers that were not killed
	told     sync.WaitGroup
	mu       sync.Mutex // guards round.Reports, round.Kills and errs
	errs     []error    // by number of the writer
}

// streamer is a member that tells of each attempt at once.
type streamer interface {
	Member
	Stream(Release) error
}

// enlist counts a writer among the living, and has a goroutine set it to work and take in what it tells until it is killed.
func (k *killing) enlist(m Member, start func(streamer) error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	number := len(k.errs)
	k.living = append(k.living, number)
	k.round.Reports = append(k.round.Reports, Report{})
	k.errs = append(k.errs, nil)
	k.told.Go(func() {
		report, err := k.work(m, start)
		k.mu.Lock()
		defer k.mu.Unlock()
		k.round.Reports[number] = report
		killed := slices.ContainsFunc(k.round.Kills, func(kill Kill) bool { return kill.Writer == number })
		if !killed || !errors.Is(err, errDied) {
			k.errs[number] = err
		}
	})
}

func (k *killing) work(m Member, start func(streamer) error) (Report, error) {
	s, ok := m.(streamer)
	if !ok {
		return Report{}, errors.New("only processes can be killed; give exec=process")
	}
	if err := start(s); err != nil {
		return Report{}, err
	}
	return m.Collect(k.deadline)
}

// release begins at an instant. No writer ends by itself, so that all are at work when they are killed.
func (k *killing) release(at int64) Release {
	return Release{At: at, Until: k.round.Until + int64(time.Hour)}
}

// killSome kills writers at the moments that the seed chooses.
func (k *killing) killSome() error {
	random := rand.New(rand.NewPCG(k.plan.Seed, 0))
	moments := make([]int64, k.plan.Kills)
	for i := range moments {
		moments[i] = k.round.At + random.Int64N(int64(k.plan.Length))
	}
	slices.Sort(moments)
	for _, at := range moments {
		host.SleepUntil(at)
		k.kill(random.IntN(len(k.living)))
		if err := k.replace(); err != nil {
			return err
		}
	}
	return nil
}

// kill kills the writer at a place among the living.
func (k *killing) kill(place int) {
	number := k.living[place]
	k.living = slices.Delete(k.living, place, place+1)
	k.mu.Lock()
	k.round.Kills = append(k.round.Kills, Kill{number, host.Now()})
	k.mu.Unlock()
	k.fleet.members[number].Kill()
}

// replace starts a writer in the place of one that was killed, with the next number. It gets ready and to work by itself, so that the next
// kill is on time: connecting may take long when others keep the file locked.
func (k *killing) replace() error {
	number := len(k.fleet.members)
	if err := k.fleet.Grow(number + 1); err != nil {
		return err
	}
	task := k.plan.Task
	task.Writer = number
	k.enlist(k.fleet.members[number], func(s streamer) error {
		if err := s.Prepare(task); err != nil {
			return err
		}
		if err := s.Ready(k.deadline); err != nil {
			return err
		}
		return s.Stream(k.release(host.Now()))
	})
	return nil
}
