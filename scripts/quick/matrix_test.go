package main

import (
	"strings"
	"testing"

	"busybench/bench/format"
	"busybench/bench/scenario"
	"busybench/scripts/internal/golden"
)

func TestImprovementsThatTodaysSettingsLackAreMeasured(t *testing.T) {
	for _, c := range []struct {
		name     string
		settings []string
		axes     string
		all      int // combinations
	}{
		{"by default", nil,
			"exec=process writers=12 journal=delete,wal txn=auto busy=5s,queue", 4},
		{"reads before it writes", []string{"TXN", "upgrade", "BATCH", "2", "WRITERS", "3"},
			"exec=process writers=3 batch=2 journal=delete,wal txn=upgrade,immediate busy=5s", 4},
		{"an SQL file", []string{"SQL", "a.sql"},
			"exec=process writers=12 journal=delete,wal txn=deferred,immediate busy=5s", 4},
		{"an SQL file that begins otherwise", []string{"SQL", "a.sql", "TXN", "exclusive"},
			"exec=process writers=12 journal=delete,wal txn=exclusive busy=5s,queue", 4},
		{"all but a queue", []string{"JOURNAL", "wal", "TXN", "immediate"},
			"exec=process writers=12 journal=wal txn=immediate busy=5s,queue", 2},
		{"everything", []string{"JOURNAL", "wal", "TXN", "exclusive", "BUSY", "queue:60s"},
			"exec=process writers=12 journal=wal txn=exclusive busy=queue:1m0s", 1},
		{"no timeout", []string{"BUSY", "none", "TXN", "immediate"},
			"exec=process writers=12 journal=delete,wal txn=immediate busy=none,5s", 4},
		{"goroutines", []string{"EXEC", "goroutine", "TXN", "immediate"},
			"exec=goroutine writers=12 journal=delete,wal txn=immediate busy=5s conn=held,pool", 4},
	} {
		t.Run(c.name, func(t *testing.T) {
			m, err := readMatrix(golden.Getenv(c.settings...))
			if err != nil {
				t.Fatal(err)
			}
			if m.axes() != c.axes || len(m.all()) != c.all {
				t.Errorf("%d combinations of %s, want %d of %s", len(m.all()), m.axes(), c.all,
					c.axes)
			}
			if _, err := scenario.Parse(m.axes()); err != nil {
				t.Error(err)
			}
			for _, s := range m.all() {
				if _, err := scenario.Parse(m.axesOf(s)); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

func TestBadSettingsAreNamed(t *testing.T) {
	for _, c := range [][3]string{
		{"WRITERS", "0", "from 1"}, {"WRITERS", "1,2", "more than one value"},
		{"TXN", "auto busy=5s", "more than one value"}, {"JOURNAL", "wall", "wal"},
		{"EXEC", "thread", "goroutine, process"}, {"BUSY", "often", "duration"},
		{"BATCH", "many", "whole numbers"}, {"WRITERS", "501", "at most 500"},
	} {
		t.Run(c[0]+"="+c[1], func(t *testing.T) {
			_, err := readMatrix(golden.Getenv(c[0], c[1]))
			if err == nil || !strings.Contains(err.Error(), c[0]) ||
				!strings.Contains(err.Error(), c[2]) || strings.Contains(err.Error(), "\n") {
				t.Errorf("error is %v, want one line with %s and %q", err, c[0], c[2])
			}
		})
	}
}

func TestEachSingleChangeHasARemedy(t *testing.T) {
	for _, given := range [][]string{
		nil, {"TXN", "upgrade"}, {"BUSY", "none"}, {"EXEC", "goroutine"},
		{"EXEC", "goroutine", "TXN", "upgrade"}, {"BUSY", "retry"},
	} {
		m, err := readMatrix(golden.Getenv(given...))
		if err != nil {
			t.Fatal(err)
		}
		for _, to := range m.all() {
			if to.changes(m.today) != 1 {
				continue
			}
			r := remedyFor(m.scenario.Exec, m.today, to)
			if r.name == "" || r.how == "" || len(r.calls) == 0 {
				t.Errorf("%+v to %+v has remedy %+v", m.today, to, r)
			}
			for _, line := range r.calls {
				if len(line) > format.Columns-margin {
					t.Errorf("%q does not fit behind the margin", line)
				}
			}
		}
	}
}
