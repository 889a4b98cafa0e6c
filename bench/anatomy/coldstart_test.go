package anatomy

import (
	"strings"
	"testing"

	"busybench/bench/outcome"
)

// A participant that starts does not report when it holds the write lock, so there is no holder to
// print.
func TestTheCommentsOnAColdStartNameNoHolder(t *testing.T) {
	refused := outcome.Outcome{
		Start: 100, End: 200, Code: outcome.Busy,
		Trace: outcome.Trace{Phase: outcome.Journal, WaitStart: 200},
	}
	started := outcome.Outcome{Start: 100, End: 300, Trace: outcome.Trace{Phase: outcome.FirstRead}}
	a := New(newScenario(t, "journal=wal file=delete"))
	a.Add(outcome.Round{
		Schedule: outcome.Schedule{Mode: outcome.ColdStart, Release: 100},
		Writers: []outcome.Series{
			{Outcomes: []outcome.Outcome{refused}}, {Outcomes: []outcome.Outcome{started}},
		},
	})
	var out strings.Builder
	if err := a.Reports("BenchmarkOpen/x")[0].WriteComments(&out); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(out.String(), "meanwhile") {
		t.Errorf("printed %s", &out)
	}
	var c Comments
	for line := range strings.Lines(out.String()) {
		c.Add(strings.TrimSuffix(line, "\n"))
	}
	if len(c.Reports) != 1 || len(c.Reports[0].Kinds) != 1 ||
		c.Reports[0].Kinds[0].Phase != outcome.Journal || c.Reports[0].Attempts != 2 {
		t.Errorf("read back as %+v", c.Reports)
	}
}
