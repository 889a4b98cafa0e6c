package bench

import (
	"io"
	"strings"

	"busybench/bench/outcome"
	"busybench/bench/scenario"
	"busybench/bench/timeline"
)

// timelines is the report of -timeline: the last round of each result, as trace events.
type timelines struct {
	*reportFile
	all []timeline.Timeline
}

// add adds a round, unless it is a cold start, whose participants do not report when they hold the
// write lock.
func (t *timelines) add(name string, r outcome.Round) {
	if t.enabled() && r.Mode != outcome.ColdStart {
		t.all = append(t.all, timeline.New(name, r))
	}
}

// finish writes the rounds and gives the file its name.
func (t *timelines) finish() error {
	t.write(func(out io.Writer) error { return timeline.WriteTrace(out, t.all) })
	return t.reportFile.finish()
}

// timelineName returns a benchmark's name with its busy policy, without which a timeline is hard to
// read.
func timelineName(name string, s scenario.Scenario) string {
	name = strings.TrimPrefix(name, "Benchmark")
	if !strings.Contains(name, "/busy=") {
		word, _ := s.Busy.MarshalText() // never fails for a valid scenario
		name += "/busy=" + string(word)
	}
	return name
}
