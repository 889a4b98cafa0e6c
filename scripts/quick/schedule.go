package main

import (
	"fmt"
	"time"

	"busybench/bench/scenario"
	"busybench/scripts/internal/runner"
	"busybench/scripts/internal/snapshot"
)

// roundLength is the length of a sustained round.
const roundLength = "300ms"

// searchTime is how long the search for how far the best settings carry may refine its answer.
const searchTime = 6 * time.Second

// minSearchTime is kept for that search, with the start and the end of its process.
const minSearchTime = 9 * time.Second

// maxFactor is how many times today's writers the search tries.
const maxFactor = 8

// maxSearched limits that number, so that the writers fit on most machines.
const maxSearched = 1024

// endlessRound stands for the longest sustained round under a policy without a timeout.
const endlessRound = 10 * time.Second

// kind is a kind of step of the schedule.
type kind int

const (
	none kind = iota
	bursts
	rounds // sustained ones
	search
)

// schedule is what has been measured so far.
type schedule struct {
	last    kind
	steps   map[kind]int
	longest map[kind]time.Duration
}

// next chooses the steps: the ceiling of the disk, then bursts and sustained rounds of the whole
// matrix in turn while the time allows, and the search last, which needs their result.
func (q *quick) next(s runner.State) (step runner.Step, ok bool) {
	if s.Steps == 0 {
		return ceilingStep(), true
	}
	q.done(s.Last)
	left := budget - s.Elapsed
	q.last = q.choose(left)
	q.steps[q.last]++
	switch q.last {
	case bursts:
		return q.step("bursts", "Burst", "2x"), true
	case rounds:
		return q.step("rounds", "Sustained", "1x"), true
	case search:
		return q.search(s.Path, left)
	}
	return runner.Step{}, false
}

// done takes how long the last step took.
func (q *quick) done(duration time.Duration) {
	if q.steps == nil {
		q.steps, q.longest = map[kind]int{}, map[kind]time.Duration{}
		return // after the ceiling
	}
	q.longest[q.last] = max(q.longest[q.last], duration)
}

// minBursts is the number of steps with bursts that come before the second one with sustained
// rounds, which may take many times as long: six bursts each show a difference beyond doubt even
// among several changes.
const minBursts = 3

// choose returns the kind of the next step. Sustained rounds are followed by bursts if there is
// then time for at least [snapshot.MinMeanPairs] rounds, too.
func (q *quick) choose(left time.Duration) kind {
	if q.steps[search] > 0 {
		return none
	}
	left -= minSearchTime
	kept := q.kept(left)
	switch {
	case q.steps[bursts] == 0:
		return bursts
	case q.steps[rounds] > 0 && q.steps[bursts] < minBursts && q.nextTime(bursts) <= left:
		return bursts
	case q.last == bursts && q.nextTime(rounds) <= left:
		return rounds
	case q.nextTime(bursts)+kept <= left:
		return bursts
	case kept > 0:
		return rounds
	case left >= 0:
		return search
	}
	return none
}

// kept returns the time that is kept for sustained rounds.
func (q *quick) kept(left time.Duration) (sum time.Duration) {
	next := q.nextTime(rounds)
	for range snapshot.MinMeanPairs - q.steps[rounds] {
		if sum+next <= left {
			sum += next
		}
	}
	return sum
}

// nextTime returns how long the next step of a kind may take. A sustained round may last as long as
// the timeout, until its last attempt is over.
func (q *quick) nextTime(k kind) time.Duration {
	if k == rounds && q.steps[k] == 0 {
		return q.longestRounds()
	}
	return q.longest[k] * 11 / 10
}

// longestRounds returns how long a sustained round of each combination takes at most.
func (q *quick) longestRounds() (sum time.Duration) {
	const start = 1500 * time.Millisecond // of the writers, and the round itself
	for _, s := range q.all() {
		sum += start
		var b scenario.Busy
		_ = b.UnmarshalText([]byte(s.busy)) // its settings have been read
		switch {
		case b.Policy == scenario.Block:
			sum += endlessRound
		case b.Policy != scenario.Queue && s.conn != scenario.Pool:
			sum += b.Timeout
		}
	}
	return sum
}

func ceilingStep() runner.Step {
	return runner.Step{Name: "the disk", Args: []string{
		"-test.bench", "^BenchmarkCeiling$/^disk=append$", "-test.benchtime", "1x", "-sql=",
		"-round", roundLength,
	}}
}

// step returns a step with a benchmark of the whole matrix.
func (q *quick) step(name, benchmark, rounds string) runner.Step {
	return runner.Step{Name: fmt.Sprintf("%s %d", name, q.steps[q.last]), Args: []string{
		"-test.bench", "^Benchmark" + benchmark + "$", "-test.benchtime", rounds,
		"-round", roundLength, "-axes", q.axes(),
	}}
}

// search returns the search for the largest number of writers under the recommended settings, or
// today's if nothing is recommended.
func (q *quick) search(results string, left time.Duration) (runner.Step, bool) {
	s, err := snapshot.Read(results)
	if err != nil {
		return runner.Step{}, false // the steps measured nothing, which is an error elsewhere
	}
	limit := min(maxFactor*q.scenario.Writers, max(maxSearched, q.scenario.Writers))
	return runner.Step{Name: "search", Optional: true, Args: []string{
		"-test.bench", "^BenchmarkLimit$", "-test.benchtime", "1x", "-limit",
		"-limit.max", fmt.Sprint(limit), "-limit.rounds", "3",
		"-limit.time", min(searchTime, left/2).String(),
		"-axes", q.axesOf(newAnswer(q.matrix, s).final()),
	}}, true
}
