package writer

import (
	"testing"

	"busybench/bench/outcome"
	"busybench/bench/sqlitedb"
)

var coldStart = outcome.Schedule{Mode: outcome.ColdStart}

// A start that fails closes its connection at once, as a program that exits. One that succeeds
// keeps it until the end of the round.
func TestOnlyAStartThatFailsClosesItsConnection(t *testing.T) {
	for axes, code := range map[string]outcome.Code{
		"journal=wal": 0, "journal=wal busy=queue": 0,
		"journal=delete busy=1h": outcome.Busy, "journal=delete busy=retry:50ms": outcome.Busy,
	} {
		t.Run(axes, func(t *testing.T) {
			task := newTask(t, "conn=fresh "+axes)
			wal := newTask(t, "journal=wal") // which only the last connection can leave
			task.Database = wal.Database
			other, err := sqlitedb.OpenCold(wal.Database, wal.Scenario)
			if err != nil {
				t.Fatal(err)
			}
			defer other.Close()
			if _, _, err := other.Step(0, outcome.Journal); err != nil {
				t.Fatal(err)
			}
			w, err := New(task)
			if err != nil {
				t.Fatal(err)
			}
			counted := 0
			series := w.Run(coldStart, Tail{Counted: func() { counted++ }})
			if len(series.Outcomes) != 1 || len(series.IDs) != 0 || counted != 1 {
				t.Fatalf("%+v, counted %d times", series, counted)
			}
			if o := series.Outcomes[0]; o.Code != code || (w.cold != nil) != (code == 0) {
				t.Errorf("%+v, want %v; the connection is open: %v", o, code, w.cold != nil)
			}
			if err := w.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}
