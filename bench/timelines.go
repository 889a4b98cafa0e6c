package bench

import (
	"io"
	"strings"

	"busybench/bench/fleet"
	"busybench/bench/scenario"
	"busybench/bench/timeline"
)

// timelines are what -timeline asks for: the last round of each result, as trace events.
type timelines struct {
	*reportFile
	all []timeline.Timeline
}

// add keeps a round.
func (t *timelines) add(name string, round fleet.Round) {
	if t.wanted() {
		t.all = append(t.all, timeline.New(name, round.At, round.Until, outcomesOf(round)))
	}
}

// finish writes the rounds and gives the file its name.
func (t *timelines) finish() error {
	t.write(func(out io.Writer) error { return timeline.WriteTrace(out, t.all) })
	return t.reportFile.finish()
}

// nameOfTimeline is a benchmark's name with what its writers did when the file was locked, which a look at
// a timeline wants to know.
func nameOfTimeline(name string, s scenario.Scenario) string {
	name = strings.TrimPrefix(name, "Benchmark")
	if !strings.Contains(name, "/busy=") {
		word, _ := s.Busy.MarshalText() // it was read from one
		name += "/busy=" + string(word)
	}
	return name
}
