package timeline

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"busybench/bench/outcome"
	"busybench/bench/workload"
)

// A writer that reports its statements has a track with them, which a trace keeps.
func TestStatementsOfAnSQLFile(t *testing.T) {
	file := &workload.Workload{Write: []workload.Write{{Statements: []workload.Statement{
		{Line: 3, Name: "insert orders"}, {Line: 5},
	}}}}
	r := newRound(outcome.Schedule{})
	span := func(line int, from, to int64) outcome.StatementSpan {
		return outcome.StatementSpan{
			Line: line, Span: outcome.Span{From: release + from, To: release + to},
		}
	}
	r.Writers[1].StatementSpans = []outcome.StatementSpan{span(3, 2000, 7000), span(5, 8000, 9000)}
	got := New("Burst/writers=3", r)
	got.AddStatements(r, file)
	want := newTimeline("Burst/writers=3")
	want.Tracks = []Track{{Name: "statements of writer 1", Spans: []Span{
		{"insert orders (line 3)", 2000, 7000}, {"statement (line 5)", 8000, 9000},
	}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("timeline (-want +got):\n%s", diff)
	}
	trace := writeTrace(t, []Timeline{got})
	requireRead(t, trace, []Timeline{want})
	requireTraceEvents(t, trace)
}
