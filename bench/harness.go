package bench

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"busybench/bench/fleet"
	"busybench/bench/host"
	"busybench/bench/metrics"
	"busybench/bench/outcome"
	"busybench/bench/scenario"
)

// lackingOverhead returns the unit that is not measured if the axes have other drivers, whose bare
// loops the harness does not have, and a comment on it.
func lackingOverhead(axes scenario.Axes) (units []string, comment string) {
	if len(axes.OtherDrivers()) == 0 {
		return nil, ""
	}
	return []string{metrics.Overhead}, "# not measured: " + metrics.Overhead +
		"; there is no bare loop of other drivers"
}

// measureHarness measures a case without some units.
func measureHarness(b *testing.B, env *environment, s scenario.Scenario, lacking ...string) {
	var private int64
	var overhead float64
	var ready, startCPU, parentCPU, allCPU time.Duration
	var rounds, writers float64
	bursts := metrics.NewCollector(outcome.Burst)
	for b.Loop() {
		c, err := measureCosts(env, s, !slices.Contains(lacking, metrics.Overhead))
		if err != nil {
			fatal(b, err)
		}
		ready += c.ready
		startCPU += c.startCPU
		private += c.private
		overhead += c.overhead
		parentCPU += c.round.ParentCPU
		allCPU += c.round.ParentCPU
		for _, u := range c.round.Usages {
			allCPU += u.CPU
		}
		bursts.Add(c.round.Round)
		rounds++
		writers += float64(s.Writers)
	}
	reportMetrics(b, []metrics.Metric{
		{Unit: metrics.NsPerOp, Value: 0},
		{Unit: metrics.ReadyPerWriter, Value: float64(ready) / writers},
		{Unit: metrics.StartCPU, Value: float64(startCPU) / writers},
		{Unit: metrics.PrivateBytes, Value: float64(private) / writers},
		{Unit: metrics.Skew, Value: float64(bursts.Skew())},
		{Unit: metrics.ParentCPUPercent, Value: 100 * float64(parentCPU) / float64(allCPU)},
		{Unit: metrics.Overhead, Value: overhead / rounds},
	}, lacking...)
}

// costs are what a fleet cost.
type costs struct {
	ready    time.Duration // from the start of the first writer until all had said hello
	startCPU time.Duration // of this process and theirs until then
	round    fleet.Round   // a burst
	private  int64         // bytes after it, all writers together
	overhead float64       // of an attempt, in ns
}

// measureCosts starts a fleet, makes one burst, and measures the fleet before it ends, with the
// overhead of an attempt or without it.
func measureCosts(env *environment, s scenario.Scenario, overhead bool) (c costs, err error) {
	begin, before := time.Now(), host.CPUTime()
	r, err := newRounds(env, s, outcome.Burst)
	if err != nil {
		return c, err
	}
	defer func() { err = errors.Join(err, r.fleet.Close()) }()
	if err := r.fleet.Grow(s.Writers); err != nil {
		return c, err
	}
	c.ready = time.Since(begin)
	own := host.CPUTime() - before
	theirs, err := r.fleet.CPUTime()
	if err != nil {
		return c, err
	}
	c.startCPU = own + theirs
	if c.round, err = r.next(); err != nil {
		return c, err
	}
	if c.private, err = r.fleet.PrivateBytes(); err != nil {
		return c, err
	}
	if overhead {
		c.overhead, err = measureOverhead(env, r.fleet)
	}
	return c, err
}

// measureOverhead returns how much longer an attempt takes through the harness than with the bare
// driver, in ns, while all of the fleet's writers are running. One of them inserts over a held
// connection, without waiting for the disk, in turn with a bare loop in this process, which has no
// lock probe and reads no clock. The result is the median of several turns.
func measureOverhead(env *environment, f *fleet.Fleet) (ns float64, err error) {
	const turns, length = 9, 100 * time.Millisecond
	s, err := scenario.Single("exec=process journal=wal writers=1 sync=off", "conn=held")
	if err != nil {
		return 0, err
	}
	lone := &rounds{env: env, scenario: s, mode: outcome.Sustained, length: length, fleet: f}
	var overheads []int64
	for turn := range turns {
		through, err := timePerAttempt(lone)
		if err != nil {
			return 0, err
		}
		inserts, spent, err := loneRound(
			env.work.Path, s, roundSeed(env.Seed, turn), length, connectBare)
		if err != nil {
			return 0, err
		}
		overheads = append(overheads, through-spent.Nanoseconds()/int64(inserts))
	}
	return metrics.Median(overheads), nil
}

// timePerAttempt makes a round of one writer and returns how long an attempt took on average, in
// ns.
func timePerAttempt(r *rounds) (int64, error) {
	round, err := r.next()
	if err != nil {
		return 0, err
	}
	outcomes := round.Writers[0].Outcomes
	if len(outcomes) == 0 {
		return 0, fmt.Errorf("a lone writer made no attempt in %v", r.length)
	}
	return (outcomes[len(outcomes)-1].End - outcomes[0].Start) / int64(len(outcomes)), nil
}
