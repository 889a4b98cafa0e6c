package bench

import (
	"os"
	"testing"
	"time"

	"busybench/bench/anatomy"
	"busybench/bench/metrics"
	"busybench/bench/scenario"
)

// matrix runs a benchmark in every case that the axes span, in rounds of a length (0 for bursts),
// and prints after each case what its lock errors were.
func matrix(b *testing.B, axes scenario.Axes, length time.Duration, figures func(*metrics.Tally) []metrics.Figure) {
	printSettings(os.Stdout, axes)
	for _, c := range axes.Cases() {
		all := anatomy.New(c.Scenario) // of every time that -count has it run
		b.Run(c.Name, func(b *testing.B) {
			m := measure(b, c.Scenario, length)
			report(b, figures(m.tally))
			given.anatomy.write(m.anatomy.Report(b.Name()).WriteJSON)
			given.timeline.add(nameOfTimeline(b.Name(), c.Scenario), m.last)
			all.Merge(m.anatomy)
		})
		// Printed in between, it would break the result line that the testing package is writing.
		if err := all.Report(b.Name() + "/" + c.Name).WriteRemarks(os.Stdout); err != nil {
			fatal(b, err)
		}
	}
}
