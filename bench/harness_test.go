package bench

import (
	"os"
	"testing"
	"time"

	"busybench/bench/fleet"
	"busybench/bench/scenario"
)

// BenchmarkHarness measures what the harness itself costs with writer processes: the time from the
// start of the first until all have said hello, the private memory of each after a burst, and the
// parent's share of the processor time of that burst.
func BenchmarkHarness(b *testing.B) {
	axes := given.axes.Or("journal=wal writers=100 conn=fresh").With("exec=process").Or(scenario.Defaults)
	printSettings(os.Stdout, axes)
	for _, c := range axes.Cases() {
		b.Run(c.Name, func(b *testing.B) { harness(b, c.Scenario) })
	}
}

func harness(b *testing.B, s scenario.Scenario) {
	var private int64
	var ready, parentCPU, allCPU time.Duration
	var writers float64
	for b.Loop() {
		round, took, bytes, err := freshFleetRound(s)
		if err != nil {
			fatal(b, err)
		}
		ready += took
		private += bytes
		parentCPU += round.ParentCPU
		allCPU += round.ParentCPU
		for _, r := range round.Reports {
			allCPU += r.CPU
		}
		writers += float64(s.Writers)
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(ready)/writers, "ready-ns/writer")
	b.ReportMetric(float64(private)/writers, "private-B/writer")
	b.ReportMetric(100*float64(parentCPU)/float64(allCPU), "parentcpu-%")
}

// freshFleetRound starts a fleet, makes one burst, and looks at the fleet before it ends.
func freshFleetRound(s scenario.Scenario) (round fleet.Round, ready time.Duration, private int64, err error) {
	begin := time.Now()
	r, err := newRounds(s, 0)
	if err != nil {
		return round, 0, 0, err
	}
	defer r.fleet.Close()
	if err := r.fleet.Grow(s.Writers); err != nil {
		return round, 0, 0, err
	}
	ready = time.Since(begin)
	if round, err = r.next(); err != nil {
		return round, 0, 0, err
	}
	private, err = r.fleet.PrivateBytes()
	return round, ready, private, err
}
