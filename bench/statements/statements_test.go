package statements

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"busybench/bench/outcome"
	"busybench/bench/workload"
)

var file = &workload.Workload{
	Write: []workload.Write{{Statements: []workload.Statement{
		{Line: 2, Name: "select stock"}, {Line: 11, Name: "insert orders"},
		{Line: 13, Name: "delete stock"},
	}}},
	Read: []workload.Statement{{Line: 20, Name: "select orders"}},
}

// newSummary returns the summary of a round of two writers and a reader.
func newSummary() *Summary {
	ms := int64(time.Millisecond)
	writer := outcome.Series{Statements: []outcome.StatementTime{
		{Line: 2, Runs: 3, Duration: 3 * ms, Max: 2 * ms},
		{Line: 11, Runs: 2, LockErrors: 1, Duration: 50 * ms, Wait: 40 * ms, Max: 44 * ms},
		{Line: 13},
	}}
	reader := outcome.Series{Statements: []outcome.StatementTime{
		{Line: 20, Runs: 1, Duration: 7 * ms, Max: 7 * ms},
	}}
	s := New(file)
	s.Add(outcome.Round{
		Writers: []outcome.Series{writer, writer}, Readers: []outcome.Series{reader},
	})
	return s
}

func comments(t *testing.T, s *Summary) string {
	t.Helper()
	var out bytes.Buffer
	if err := s.WriteComments(&out, "BenchmarkX"); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestCommentsOnStatements(t *testing.T) {
	const want = "# BenchmarkX: select stock (line 2): " +
		"6 runs, mean 1ms, max 2ms, waited 0s, 0 lock errors\n" +
		"# BenchmarkX: insert orders (line 11): " +
		"4 runs, mean 5ms, max 44ms, waited 80ms, 2 lock errors\n" +
		"# BenchmarkX: select orders (line 20): " +
		"1 runs, mean 7ms, max 7ms, waited 0s, 0 lock errors\n"
	if diff := cmp.Diff(want, comments(t, newSummary())); diff != "" {
		t.Errorf("comments (-want +got):\n%s", diff)
	}
	if got := comments(t, New(nil)); got != "" {
		t.Errorf("without a file: %s", got)
	}
}

// Comments of two runs add up to those of both.
func TestCommentsAreReadAndCombined(t *testing.T) {
	both := newSummary()
	both.Merge(newSummary())
	read := func(text string) (all []Comment) {
		for line := range strings.Lines(text) {
			if c, ok := ParseComment(strings.TrimSuffix(line, "\n")); ok {
				all = append(all, c)
			}
		}
		return all
	}
	once, want := read(comments(t, newSummary())), read(comments(t, both))
	if len(want) != 3 || want[1].Runs != 8 || want[1].Max != 44*time.Millisecond {
		t.Fatalf("read %+v", want)
	}
	if diff := cmp.Diff(want, Combine(append(once, once...))); diff != "" {
		t.Errorf("combined (-want +got):\n%s", diff)
	}
	if c, ok := ParseComment("# BenchmarkX: 3 of 4 attempts ended in a lock error"); ok {
		t.Errorf("another comment is read as %+v", c)
	}
}
