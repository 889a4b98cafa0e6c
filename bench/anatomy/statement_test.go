package anatomy

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"busybench/bench/outcome"
	"busybench/bench/workload"
)

// newFile returns a file with a section that reads a table before it writes, and one that does not.
func newFile() *workload.Workload {
	return &workload.Workload{
		Write: []workload.Write{
			{Statements: []workload.Statement{
				{Line: 2, Name: "select", ReadsOnly: true},
				{Line: 3, Name: "select stock", ReadsOnly: true},
				{Line: 4, Name: "insert orders"},
			}},
			{Statements: []workload.Statement{
				{Line: 6, Name: "select", ReadsOnly: true},
				{Line: 7, Name: "update stock"},
			}},
		},
		Read: []workload.Statement{{Line: 9, Name: "select orders", ReadsOnly: true}},
	}
}

// Whether SQLite waits depends on what the transaction did before.
func TestAdviceOnAStatementOfAnSQLFile(t *testing.T) {
	for _, c := range []struct {
		axes  string
		line  uint16
		phase outcome.Phase
		code  outcome.Code
		want  string
	}{
		{"journal=delete txn=deferred busy=5s", 4, outcome.Insert, outcome.Busy,
			"When insert orders (line 4) asked for the write lock, another connection held it " +
				"and cannot commit while this one reads, so SQLite does not wait, whatever the " +
				"timeout: use BEGIN IMMEDIATE, which waits for the write lock before reading."},
		{"journal=wal txn=deferred busy=5s", 4, outcome.Insert, outcome.BusySnapshot,
			"When insert orders (line 4) asked for the write lock, another connection " +
				"had written, so what this transaction had read was out of date, which waiting " +
				"cannot change: use BEGIN IMMEDIATE, which waits for the write lock before " +
				"reading."},
		{"journal=wal txn=deferred busy=5s", 7, outcome.Insert, outcome.Busy,
			"When update stock (line 7) asked for the write lock, another connection held it, at " +
				"each try for the whole timeout of 5s: let writers queue (busy=queue), shorten " +
				"transactions, or raise the timeout."},
		{"journal=delete txn=deferred busy=5s", 3, outcome.Begin, outcome.Busy,
			"When select stock (line 3) began to read, another connection kept readers out, as " +
				"COMMIT with a rollback journal does, at each try for the whole timeout of 5s: " +
				"use WAL mode, in which writers do not block readers, or shorten transactions."},
		{"journal=delete txn=immediate busy=5s", 0, outcome.Begin, outcome.Busy,
			"When the transaction began, another connection held the lock, at each try for the " +
				"whole timeout of 5s: let writers queue (busy=queue), shorten transactions, or " +
				"raise the timeout."},
		{"journal=delete busy=5s", 9, outcome.Read, outcome.Busy,
			"When select orders (line 9) began to read, another connection kept readers out, as " +
				"COMMIT with a rollback journal does, at each try for the whole timeout of 5s: " +
				"use WAL mode, in which writers do not block readers, or shorten transactions."},
	} {
		t.Run(fmt.Sprintf("%s, line %d, %v", c.axes, c.line, c.code), func(t *testing.T) {
			s := newScenario(t, c.axes)
			o := lockError(c.code, c.phase, s.Busy.Timeout)
			if got := Advice(s, newKind(s, newStatement(newFile(), c.line), o)); got != c.want {
				t.Errorf("advice is\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}

// Errors of two statements are two kinds, and so are they when the comments are read. The longest
// hold names the statement that took longest.
func TestStatementsStandInTheComments(t *testing.T) {
	a := NewFor(newFile(), newScenario(t, "journal=wal txn=deferred busy=5s"))
	failed := func(line uint16) outcome.Outcome {
		return outcome.Outcome{
			Start: 10, End: 15, Code: outcome.BusySnapshot,
			Trace: outcome.Trace{Phase: outcome.Insert, Line: line},
		}
	}
	holder := outcome.Outcome{
		Start: 1, End: 90,
		Trace: outcome.Trace{
			Phase: outcome.Commit, LockAcquired: 2, CommitStart: 60, LockReleased: 80,
			LongestLine: 7,
		},
	}
	a.Add(outcome.Round{Writers: []outcome.Series{
		{Outcomes: []outcome.Outcome{failed(4), failed(7)}},
		{Outcomes: []outcome.Outcome{failed(4)}},
		{Outcomes: []outcome.Outcome{holder}},
	}})
	var out bytes.Buffer
	if err := a.Reports("BenchmarkX")[0].WriteComments(&out); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"\n#   2 x SQLITE_BUSY_SNAPSHOT in insert orders (line 4), waited 0 (median 0s, max 0s): ",
		"\n#   1 x SQLITE_BUSY_SNAPSHOT in update stock (line 7), waited 0 (median 0s, max 0s): ",
		"\n#     meanwhile: 1 holder, longest 78ns: writer 2, update stock (line 7); lock held",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, &out)
		}
	}
	var c Comments
	for line := range strings.Lines(out.String()) {
		c.Add(strings.TrimSuffix(line, "\n"))
	}
	kinds := Combine(append(c.Reports, c.Reports...)).Kinds
	if len(kinds) != 2 || kinds[0].Statement != "insert orders (line 4)" || kinds[0].Count != 4 ||
		kinds[1].Statement != "update stock (line 7)" ||
		kinds[0].Blame.Longest.Step != "update stock (line 7)" {
		t.Errorf("read back: %+v", kinds)
	}
}
