package main

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"busybench/bench/scenario"
	"busybench/scripts/internal/runner"
)

// The cases of the suite.
var (
	journals = []string{"delete", "wal"}
	writers  = []int{5, 50, 250, 500}
)

// maxRuns limits the runs on a machine that is fast enough for more.
const maxRuns = 10

// next chooses the steps: our method and the suite's in turn, at least once each, and again while
// the time allows.
func (o *original) next(s runner.State) (runner.Step, bool) {
	steps := []runner.Step{together()}
	if o.python != "" {
		steps = append(steps, runner.Step{Run: o.runPool, Optional: true})
	}
	runs, current := s.Steps/len(steps), s.Steps%len(steps)
	if runs > 0 && current == 0 {
		mean := s.Elapsed / time.Duration(runs)
		if runs == maxRuns || budget-s.Elapsed < mean*12/10 {
			return runner.Step{}, false
		}
	}
	step := steps[current]
	step.Name = fmt.Sprintf("run %d", runs+1)
	return step, true
}

// together releases the writers of each case at one instant. Their transactions are the suite's:
// by default Python's sqlite3 executes BEGIN, which is deferred, before an INSERT.
func together() runner.Step {
	var numbers []string
	for _, n := range writers {
		numbers = append(numbers, strconv.Itoa(n))
	}
	return runner.Step{Args: []string{
		"-test.bench", "^BenchmarkBurst$", "-test.benchtime", "1x",
		"-axes", fmt.Sprintf("exec=process journal=%s writers=%s busy=%v txn=deferred",
			strings.Join(journals, ","), strings.Join(numbers, ","), scenario.DefaultTimeout),
	}}
}
