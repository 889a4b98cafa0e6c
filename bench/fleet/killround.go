package fleet

import (
	"errors"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"busybench/bench/clock"
	"busybench/bench/outcome"
)

// KillPlan describes a sustained round in which the processes of participants are killed.
// The moments, counted from the release, and the choice of processes follow from the task's seed.
type KillPlan struct {
	Plan
	Kills int // during the round; at its end all running processes are killed
	// AtEnd is called just before that, unless it is nil. Participants may fail from then on.
	AtEnd func()
}

// Kill describes the SIGKILL of a participant.
type Kill struct {
	outcome.Participant
	At int64 // instant just before the signal was sent
}

// KillRound is the result of a round in which participants were killed. It has the outcomes that
// each writer reported before it was killed. Others report only what is wrong.
type KillRound struct {
	outcome.Round
	Kills []Kill
}

// RoundWithKills makes a round of writers that report each attempt at once, and of others. During
// the round it kills some participants and replaces each by another of its role with the next
// number. At the end it kills all. Only processes can be killed. Afterwards the fleet has no
// members.
func (f *Fleet) RoundWithKills(p KillPlan) (KillRound, error) {
	k := killRound{fleet: f, plan: p}
	defer f.endAll(Member.Kill)
	if err := f.Grow(p.participants()); err != nil {
		return KillRound{}, err
	}
	all := newCrew(f.members, p.Task.Scenario)
	if err := all.prepare(p.Task); err != nil {
		return KillRound{}, err
	}
	release := newRelease(p.Plan, f.footprint.lead, new(time.Duration))
	k.schedule = release.Schedule
	k.deadline = time.Now().Add(time.Duration(release.Deadline-clock.Now()) + p.Timeout)
	for i, m := range all.members {
		k.add(all.roles[i], m, func(s streamer) error {
			return s.Stream(k.endless(release.Release))
		})
	}
	err := k.killSome()
	clock.SleepUntil(k.schedule.Deadline)
	k.killAll()
	k.collecting.Wait()
	return k.result(), errors.Join(err, k.err())
}

// killRound is a round with kills under way.
type killRound struct {
	fleet      *Fleet
	plan       KillPlan
	schedule   outcome.Schedule
	deadline   time.Time
	all        []*mortal
	running    []*mortal // those that were not killed
	kills      []Kill
	collecting sync.WaitGroup
}

// mortal is a participant of a round with kills.
type mortal struct {
	outcome.Participant
	member Member
	killed atomic.Bool
	// Of the collection, when it has ended:
	series outcome.Series
	err    error
}

// streamer is a member that can report each attempt at once.
type streamer interface {
	Member
	Stream(outcome.Schedule) error
}

// add adds a running participant and starts a goroutine that starts its round and collects what it
// reports until it is killed.
func (k *killRound) add(who outcome.Participant, m Member, start func(streamer) error) {
	added := &mortal{Participant: who, member: m}
	k.all = append(k.all, added)
	k.running = append(k.running, added)
	k.collecting.Go(func() {
		series, err := k.collect(m, start)
		added.series = series
		if !added.killed.Load() || !errors.Is(err, errExited) {
			added.err = err
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

// endless returns the schedule of a participant that begins at an instant. Its deadline lies far
// after the round's, so that every writer is still writing when it is killed.
func (k *killRound) endless(release int64) outcome.Schedule {
	return outcome.Schedule{
		Mode: outcome.Sustained, Release: release, Deadline: k.schedule.Deadline + int64(time.Hour),
	}
}

// killSome kills participants at moments that follow from the seed.
func (k *killRound) killSome() error {
	random := rand.New(rand.NewPCG(k.plan.Task.Seed, 0))
	moments := make([]int64, k.plan.Kills)
	for i := range moments {
		moments[i] = k.schedule.Release + random.Int64N(int64(k.plan.Length))
	}
	slices.Sort(moments)
	for _, at := range moments {
		clock.SleepUntil(at)
		killed := k.kill(random.IntN(len(k.running)))
		if err := k.replace(killed.Role); err != nil {
			return err
		}
	}
	return nil
}

// kill kills a participant, by its index into running.
func (k *killRound) kill(index int) *mortal {
	m := k.running[index]
	k.running = slices.Delete(k.running, index, index+1)
	m.killed.Store(true)
	k.kills = append(k.kills, Kill{m.Participant, clock.Now()})
	m.member.Kill()
	return m
}

// killAll kills all that run, at the end of the round.
func (k *killRound) killAll() {
	for _, m := range k.running {
		m.killed.Store(true) // before AtEnd, from which on it may exit
	}
	if k.plan.AtEnd != nil {
		k.plan.AtEnd()
	}
	for len(k.running) > 0 {
		k.kill(0)
	}
}

// replace starts another participant of a role, with the next number, in the place of one that was
// killed. It gets ready in a goroutine of its own, so that the next kill is on time: connecting may
// take long while others keep the file locked.
func (k *killRound) replace(role outcome.Role) error {
	if err := k.fleet.Grow(len(k.all) + 1); err != nil {
		return err
	}
	task := k.plan.Task
	task.Role, task.Number = role, k.count(role)
	who := outcome.Participant{Role: task.Role, Number: task.Number}
	k.add(who, k.fleet.members[len(k.all)], func(s streamer) error {
		if err := s.Prepare(task); err != nil {
			return err
		}
		if err := s.Ready(k.deadline); err != nil {
			return err
		}
		return s.Stream(k.endless(clock.Now()))
	})
	return nil
}

// count counts the participants of a role.
func (k *killRound) count(role outcome.Role) (n int) {
	for _, m := range k.all {
		if m.Role == role {
			n++
		}
	}
	return n
}

// result returns the result of a round that is over.
func (k *killRound) result() KillRound {
	r := KillRound{Round: outcome.Round{Schedule: k.schedule}, Kills: k.kills}
	for _, m := range k.all {
		if m.Role == outcome.Writer { // in the order of their numbers
			r.Writers = append(r.Writers, m.series)
		}
	}
	return r
}

// err returns the errors of a round that is over.
func (k *killRound) err() error {
	errs := make([]error, len(k.all))
	roles := make([]outcome.Participant, len(k.all))
	for i, m := range k.all {
		errs[i], roles[i] = m.err, m.Participant
	}
	return summarize(errs, roles)
}
