package bench

import (
	"fmt"
	"io"
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
		all := newFindings(env, c.Scenario) // of all repetitions by -count
		b.Run(c.Name, func(b *testing.B) {
			m := measure(b, env, c.Scenario, mode, env.outcomes.newResult(b.Name()))
			reportMetrics(b, m.metrics.Metrics(), lacking...)
			for _, r := range m.anatomy.Reports(b.Name()) {
				env.anatomy.write(r.WriteJSON)
			}
			env.timeline.add(timelineName(b.Name(), c.Scenario), m.last, env.SQL.Workload)
			all.merge(m.findings)
			all.rounds = append(all.rounds, m.metrics.LockErrorsByRound()...)
			all.overload = m.metrics.Overload()
		})
		// Printed earlier, it would break the result line that the testing package is writing.
		if err := all.writeComments(os.Stdout, b.Name()+"/"+c.Name); err != nil {
			fatal(b, err)
		}
	}
}

// findings are what comments say of a benchmark.
type findings struct {
	anatomy    *anatomy.Anatomy
	others     *others.Summary
	statements *statements.Summary
	rounds     []metrics.RoundErrors
	overload   string // empty unless the writers fell behind their arrivals
}

func newFindings(env *environment, s scenario.Scenario) findings {
	return findings{
		anatomy: anatomy.NewFor(env.SQL.Workload, s), others: others.New(s),
		statements: statements.New(env.SQL.Workload),
	}
}

// add adds a round.
func (f findings) add(r outcome.Round) {
	f.anatomy.Add(r)
	f.others.Add(r)
	f.statements.Add(r)
}

// merge adds the rounds of other findings.
func (f findings) merge(other findings) {
	f.anatomy.Merge(other.anatomy)
	f.others.Merge(other.others)
	f.statements.Merge(other.statements)
}

// writeComments writes the comments on a benchmark of this name.
func (f findings) writeComments(out io.Writer, name string) error {
	if f.overload != "" {
		fmt.Fprintf(out, "# warning: %s kept up with %s only; lower rate\n", name, f.overload)
	}
	for _, r := range f.anatomy.Reports(name) {
		if err := r.WriteComments(out); err != nil {
			return err
		}
	}
	if err := metrics.WriteRoundErrors(out, name, f.rounds); err != nil {
		return err
	}
	if err := f.others.WriteComments(out, name); err != nil {
		return err
	}
	return f.statements.WriteComments(out, name)
}

// measurement is the result of a benchmark's rounds.
type measurement struct {
	findings
	metrics *metrics.Collector
	last    outcome.Round
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
	m := measurement{findings: newFindings(env, s), metrics: metrics.NewCollector(mode)}
	for b.Loop() {
		for range env.roundsPerIteration(mode) {
			round, err := r.next()
			if err != nil {
				fatal(b, fmt.Errorf("round %d: %w", r.made, err))
			}
			m.metrics.Add(round.Round)
			m.findings.add(round.Round)
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
