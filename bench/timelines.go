package bench

import (
	"io"
	"strings"

	"busybench/bench/outcome"
	"busybench/bench/scenario"
	"busybench/bench/timeline"
	"busybench/bench/workload"
)

// timelines is the report of -timeline: the last round of each result, as trace events.
type timelines struct {
	*reportFile
	all []timeline.Timeline
}

// add adds a round, perhaps of an SQL file, unless it is a cold start, whose participants do not
// report when they hold the write lock.
func (t *timelines) add(name string, r outcome.Round, file *workload.Workload) {
	if t.enabled() && r.Mode != outcome.ColdStart {
		drawn := timeline.New(name, r)
		drawn.AddStatements(r, file)
		t.all = append(t.all, drawn)
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
