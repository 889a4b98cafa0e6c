package main

import (
	"fmt"
	"time"

	"busybench/scripts/internal/runner"
	"busybench/scripts/internal/snapshot"
)

// roundLength is the length of a sustained round.
const roundLength = "300ms"

// searchTime is how long the search for how far the best settings carry may refine its answer.
const searchTime = 8 * time.Second

// minSearchTime is kept for that search, with the start and the end of its process.
const minSearchTime = 7 * time.Second

// maxFactor is how many times today's writers the search tries.
const maxFactor = 8

// maxWriters limits that number, so that the writers fit on most machines.
const maxWriters = 1024

// next chooses the steps: the ceiling of the disk, runs of the whole matrix in the first half of
// the time, the search, and further runs while the time allows.
func (q *quick) next(s runner.State) (step runner.Step, ok bool) {
	left := budget - s.Elapsed
	if s.Steps > 1 && !q.searching {
		q.longest = max(q.longest, s.Last)
	}
	q.searching = false
	switch {
	case s.Steps == 0:
		return ceilingStep(), true
	case s.Steps == 1:
	case !q.searched && (left < budget/2 || left < minSearchTime+q.nextRun()):
		if left < minSearchTime {
			return runner.Step{}, false
		}
		q.searched, q.searching = true, true
		return q.search(s.Path, left)
	case left < q.nextRun():
		return runner.Step{}, false
	}
	q.runs++
	return q.run(), true
}

// nextRun returns how long the next run may take.
func (q *quick) nextRun() time.Duration { return q.longest * 11 / 10 }

func ceilingStep() runner.Step {
	return runner.Step{Name: "the disk", Args: []string{
		"-test.bench", "^BenchmarkCeiling$", "-test.benchtime", "1x", "-round", roundLength,
	}}
}

// run returns a run of the whole matrix, with one round of each kind in each combination.
func (q *quick) run() runner.Step {
	return runner.Step{Name: fmt.Sprintf("run %d", q.runs), Args: []string{
		"-test.bench", "^Benchmark(Burst|Sustained)$", "-test.benchtime", "1x",
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
		"-limit.time", min(searchTime, left-minSearchTime+time.Second).String(),
		"-axes", q.axesOf(newAnswer(q.matrix, s).final()),
	}}, true
}
