package bench

import (
	"fmt"
	"os"
	"slices"
	"testing"
	"time"

	"busybench/bench/anatomy"
	"busybench/bench/fleet"
	"busybench/bench/metrics"
	"busybench/bench/others"
	"busybench/bench/outcome"
	"busybench/bench/scenario"
	"busybench/bench/statements"
)

// runMatrix runs a benchmark in every case of the axes, in rounds of one mode. After each case it
// prints the lock errors by kind and by round.
func runMatrix(b *testing.B, env *environment, axes scenario.Axes, mode outcome.Mode) {
	if err := printSettings(os.Stdout, env, axes); err != nil {
		fatal(b, err)
	}
	warnOfShortRounds(env, axes, mode)
	lacking, comment := env.programs.lacking(axes)
	if comment != "" {
		fmt.Println(comment)
	}
	for _, c := range axes.Cases() {
		c.Scenario = env.SQL.scenario(c.Scenario)
		// Of all repetitions by -count:
		all, company := anatomy.NewOf(env.SQL.Workload, c.Scenario), others.New(c.Scenario)
		ran := statements.New(env.SQL.Workload)
		var rounds []metrics.RoundErrors
		var overload string
		b.Run(c.Name, func(b *testing.B) {
			m := measure(b, env, c.Scenario, mode, env.outcomes.newResult(b.Name()))
			reportMetrics(b, m.metrics.Metrics(), lacking...)
			for _, r := range m.anatomy.Reports(b.Name()) {
				env.anatomy.write(r.WriteJSON)
			}
			env.timeline.add(timelineName(b.Name(), c.Scenario), m.last, env.SQL.Workload)
			all.Merge(m.anatomy)
			company.Merge(m.others)
			ran.Merge(m.statements)
			rounds = append(rounds, m.metrics.LockErrorsByRound()...)
			overload = m.metrics.Overload()
		})
		// Printed earlier, it would break the result line that the testing package is writing.
		name := b.Name() + "/" + c.Name
		if overload != "" {
			fmt.Printf("# warning: %s kept up with %s only; lower rate\n", name, overload)
		}
		for _, r := range all.Reports(name) {
			if err := r.WriteComments(os.Stdout); err != nil {
				fatal(b, err)
			}
		}
		if err := metrics.WriteRoundErrors(os.Stdout, name, rounds); err != nil {
			fatal(b, err)
		}
		if err := company.WriteComments(os.Stdout, name); err != nil {
			fatal(b, err)
		}
		if err := ran.WriteComments(os.Stdout, name); err != nil {
			fatal(b, err)
		}
	}
}

// measurement is the result of a benchmark's rounds.
type measurement struct {
	metrics    *metrics.Collector
	anatomy    *anatomy.Anatomy
	others     *others.Summary
	statements *statements.Summary
	last       outcome.Round
}

// measure makes rounds for as long as the benchmark runs, and collects their metrics and lock
// errors. Before them it makes a burst that does not count: in the first round of a fleet the
// writers connect for the first time. It passes each round to add.
func measure(
	b *testing.B, env *environment, s scenario.Scenario, mode outcome.Mode,
	add func(outcome.Round),
) measurement {
	r, err := newRounds(env, s, mode)
	if err != nil {
		fatal(b, err)
	}
	defer r.close(b)
	if err := r.fleet.Grow(s.Participants()); err != nil {
		fatal(b, err)
	}
	if err := r.warmUp(); err != nil {
		fatal(b, fmt.Errorf("warm-up: %w", err))
	}
	m := measurement{
		metrics: metrics.NewCollector(mode), anatomy: anatomy.NewOf(env.SQL.Workload, s),
		others: others.New(s), statements: statements.New(env.SQL.Workload),
	}
	for b.Loop() {
		for range env.roundsPerIteration(mode) {
			round, err := r.next()
			if err != nil {
				fatal(b, fmt.Errorf("round %d: %w", r.made, err))
			}
			m.metrics.Add(round.Round)
			m.anatomy.Add(round.Round)
			m.others.Add(round.Round)
			m.statements.Add(round.Round)
			m.last = round.Round
			add(round.Round)
		}
	}
	return m
}

// close ends the writers, and removes the file that cold starts have in common.
func (r *rounds) close(b *testing.B) {
	if r.cold != nil {
		r.cold.remove()
	}
	closeFleet(b, r.fleet)
}

// closeFleet ends the writers. A profile that one of them could not write is an error, unless the
// benchmark has failed anyway.
func closeFleet(b *testing.B, f *fleet.Fleet) {
	if err := f.Close(); err != nil && !b.Failed() {
		waitIfExiting()
		b.Error(err)
	}
}

// reportMetrics reports metrics, except those of some units.
func reportMetrics(b *testing.B, all []metrics.Metric, except ...string) {
	for _, m := range all {
		if !slices.Contains(except, m.Unit) {
			b.ReportMetric(m.Value, m.Unit)
		}
	}
}

// minTimeouts is how many busy timeouts a sustained round should last. In a shorter one most waits
// that end in a lock error begin in its first moments, when all writers come at once.
const minTimeouts = 3

// warnOfShortRounds prints a comment if sustained rounds are too short for a busy timeout.
func warnOfShortRounds(env *environment, axes scenario.Axes, mode outcome.Mode) {
	var longest time.Duration
	for _, c := range axes.Cases() {
		longest = max(longest, c.Busy.Timeout)
	}
	if mode == outcome.Sustained && env.Round < minTimeouts*longest {
		fmt.Printf("# warning: a round of %v is shorter than %d busy timeouts of %v: its lock "+
			"errors are mostly of its first moments; "+
			"for a steady state give -round %v (make: ROUND)\n",
			env.Round, minTimeouts, longest, minTimeouts*longest)
	}
}
