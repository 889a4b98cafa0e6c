package bench

import (
	"errors"
	"fmt"
	"os"
	"testing"
	"time"

	"busybench/bench/fleet"
	"busybench/bench/metrics"
	"busybench/bench/scenario"
	"busybench/bench/writer"
)

// BenchmarkHarness measures what the harness itself costs with writer processes: the time from the
// start of the first until all have said hello, the processor time that this costs, the private memory of each after a burst, how far apart that burst
// began, the parent's share of its processor time, and how much longer than over the bare driver an attempt takes.
func BenchmarkHarness(b *testing.B) {
	axes := given.axes.WithDefaults("journal=wal writers=10,100,1000 busy=queue:60s conn=fresh").Override("exec=process").WithDefaults(scenario.Defaults)
	printSettings(os.Stdout, axes)
	for _, c := range axes.Cases() {
		b.Run(c.Name, func(b *testing.B) { harness(b, c.Scenario) })
	}
}

func harness(b *testing.B, s scenario.Scenario) {
	var private, overhead int64
	var ready, startCPU, parentCPU, allCPU time.Duration
	var rounds, writers float64
	var bursts metrics.Tally
	for b.Loop() {
		c, err := costsOf(s)
		if err != nil {
			fatal(b, err)
		}
		ready += c.ready
		startCPU += c.startCPU
		private += c.private
		overhead += c.overhead
		parentCPU += c.round.ParentCPU
		allCPU += c.round.ParentCPU
		for _, r := range c.round.Reports {
			allCPU += r.CPU
		}
		bursts.Add(c.round.At, c.round.Until, outcomesOf(c.round))
		rounds++
		writers += float64(s.Writers)
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(ready)/writers, "ready-ns/writer")
	b.ReportMetric(float64(startCPU)/writers, "startcpu-ns/writer")
	b.ReportMetric(float64(private)/writers, "private-B/writer")
	b.ReportMetric(float64(bursts.Skew()), "skew-ns")
	b.ReportMetric(100*float64(parentCPU)/float64(allCPU), "parentcpu-%")
	b.ReportMetric(float64(overhead)/rounds, "overhead-ns")
}

// costs are what a fleet cost.
type costs struct {
	ready    time.Duration // from the start of the first until all were there
	startCPU time.Duration // of this process and theirs until then
	round    fleet.Round   // a burst
	private  int64         // bytes after it, all writers together
	overhead int64         // in ns, of an attempt
}

// costsOf starts a fleet, makes one burst, and looks at the fleet before it ends.
func costsOf(s scenario.Scenario) (c costs, err error) {
	begin, before := time.Now(), writer.CPUTime()
	r, err := newRounds(s, 0)
	if err != nil {
		return c, err
	}
	defer func() { err = errors.Join(err, r.fleet.Close()) }()
	if err := r.fleet.Grow(s.Writers); err != nil {
		return c, err
	}
	c.ready = time.Since(begin)
	own := writer.CPUTime() - before
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
	c.overhead, err = overhead(r.fleet)
	return c, err
}

// overhead is how much longer an attempt takes through the harness than over the bare driver, in ns, while all
// of the fleet's writers are there. One of them inserts over a held connection, without waiting for the
// disk, in turn with a bare loop; it is the median of several turns.
func overhead(f *fleet.Fleet) (int64, error) {
	const turns, length = 9, 100 * time.Millisecond
	axes, err := scenario.Parse("exec=process journal=wal writers=1 sync=off conn=held")
	if err != nil {
		return 0, err
	}
	lone := &rounds{scenario: axes.WithDefaults(scenario.Defaults).Cases()[0].Scenario, length: length, fleet: f}
	var more []int64
	for turn := range turns {
		through, err := lone.perAttempt()
		if err != nil {
			return 0, err
		}
		inserts, spent, err := loneRound(lone.scenario, seedOf(turn), length)
		if err != nil {
			return 0, err
		}
		more = append(more, through-spent.Nanoseconds()/int64(inserts))
	}
	return metrics.Quantile(more, 0.5), nil
}

// perAttempt makes a round of one writer and gives what an attempt took on average, in ns.
func (r *rounds) perAttempt() (int64, error) {
	round, err := r.next()
	if err != nil {
		return 0, err
	}
	list := round.Reports[0].List
	if len(list) == 0 {
		return 0, fmt.Errorf("a lone writer made no attempt in %v", r.length)
	}
	return (list[len(list)-1].End - list[0].Start) / int64(len(list)), nil
}
