// Package others says in words what participants other than writers did in a benchmark: which
// checkpoints were made, and whether an intruder did what it came for.
package others

import (
	"fmt"
	"io"
	"time"

	"busybench/bench/format"
	"busybench/bench/outcome"
	"busybench/bench/scenario"
)

// Summary collects rounds of one scenario. Make one with [New].
type Summary struct {
	scenario    scenario.Scenario
	rounds      int
	checkpoints actions
	intrusions  actions
	log         log
}

// actions are what participants of one role did.
type actions struct {
	done, refused, unfinished int
	waited, took              []int64 // of those that were done, in ns
}

// New returns an empty summary.
func New(s scenario.Scenario) *Summary { return &Summary{scenario: s} }

// Add adds a round.
func (s *Summary) Add(r outcome.Round) {
	s.rounds++
	s.checkpoints.add(r.Checkpointers)
	s.intrusions.add(r.Intruders)
	s.log.add(r)
}

func (a *actions) add(all []outcome.Series) {
	for _, series := range all {
		for _, o := range series.Outcomes {
			switch {
			case o.LockError():
				a.refused++
			case !o.Acknowledged():
				a.unfinished++
			default:
				a.done++
				var waited int64
				if o.WaitStart != 0 && o.LockAcquired > o.WaitStart {
					waited = o.LockAcquired - o.WaitStart
				}
				a.waited = append(a.waited, waited)
				a.took = append(a.took, o.End-o.Start-waited)
			}
		}
	}
}

// Merge adds everything that another summary of the same scenario has collected.
func (s *Summary) Merge(other *Summary) {
	s.rounds += other.rounds
	s.checkpoints.merge(other.checkpoints)
	s.intrusions.merge(other.intrusions)
	s.log.merge(other.log)
}

func (a *actions) merge(other actions) {
	a.done += other.done
	a.refused += other.refused
	a.unfinished += other.unfinished
	a.waited = append(a.waited, other.waited...)
	a.took = append(a.took, other.took...)
}

// WriteComments writes the summary of a benchmark of this name as comment lines. It writes nothing
// if only writers and readers took part and the log did not grow.
func (s *Summary) WriteComments(out io.Writer, benchmark string) error {
	var lines []string
	if s.scenario.Checkpoint.Extra() {
		word := s.scenario.Checkpoint.String()
		lines = append(lines, s.checkpoints.account(word, s.rounds).describeCheckpoints())
	}
	if s.scenario.Intruder != (scenario.Intruder{}) {
		word := s.scenario.Intruder.String()
		lines = append(lines, s.intrusions.account(word, s.rounds).describeIntruder())
	}
	if text := s.log.describe(s.scenario); text != "" {
		lines = append(lines, text)
	}
	for _, line := range lines {
		if _, err := fmt.Fprintf(out, "# %s: %s\n", benchmark, line); err != nil {
			return err
		}
	}
	return nil
}

func duration(ns int64) string { return format.Duration(time.Duration(ns)) }
