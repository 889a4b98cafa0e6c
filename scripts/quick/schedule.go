package main

import (
	"fmt"
	"time"

	"busybench/scripts/internal/runner"
	"busybench/scripts/internal/snapshot"
)

// roundLength is the length of a sustained round.
const roundLength = "300ms"

// limitTime is kept for the last step, the search for how far the best settings carry.
const limitTime = 12 * time.Second

// minLimitTime is how long that search needs at least, with the start and the end of the process.
const minLimitTime = 5 * time.Second

// maxFactor is how many times as many writers that search tries.
const maxFactor = 8

// maxWriters limits it, so that it fits on most machines.
const maxWriters = 1024

// next chooses the steps: runs of the whole matrix while the time allows, and then the search.
func (q *quick) next(s runner.State) (runner.Step, bool) {
	left := budget - s.Elapsed
	q.longest = max(q.longest, s.Last)
	switch {
	case q.searching:
		return runner.Step{}, false
	case s.Steps == 0:
		return q.run(1, "|Ceiling"), true
	case left > limitTime+q.longest*11/10:
		return q.run(s.Steps+1, ""), true
	case left < minLimitTime:
		return runner.Step{}, false
	}
	q.searching = true
	return q.search(s.Path, left)
}

// run returns a run of the whole matrix, with one round of each kind in each combination.
func (q *quick) run(number int, more string) runner.Step {
	return runner.Step{Name: fmt.Sprintf("run %d", number), Args: []string{
		"-test.bench", "^Benchmark(Burst|Sustained" + more + ")$", "-test.benchtime", "1x",
		"-round", roundLength, "-axes", q.axes(),
	}}
}

// search returns the search for the largest number of writers under the recommended settings, or
// today's if nothing is recommended.
func (q *quick) search(results string, left time.Duration) (runner.Step, bool) {
	s, err := snapshot.Read(results)
	if err != nil {
		return runner.Step{}, false // the runs measured nothing, which is an error elsewhere
	}
	limit := min(maxFactor*q.scenario.Writers, max(maxWriters, q.scenario.Writers))
	return runner.Step{Name: "search", Optional: true, Args: []string{
		"-test.bench", "^BenchmarkLimit$", "-test.benchtime", "1x", "-limit",
		"-limit.max", fmt.Sprint(limit), "-limit.rounds", "3",
		"-limit.time", (left - minLimitTime).String(),
		"-axes", q.axesOf(newAnswer(q.matrix, s).final()),
	}}, true
}
