package bench

import (
	"strings"
	"testing"

	"github.com/google/uuid"

	"busybench/bench/host"
	"busybench/bench/outcome"
	"busybench/bench/sqlitedb"
)

func TestRowsThatDoNotFitAreRejected(t *testing.T) {
	const MiB = 1 << 20
	for _, c := range []struct {
		name, axes, want string
		memory, disk     int64
	}{
		{"no rows", "rows=0", "", 0, 0},
		{"enough of both", "rows=1000", "", MiB, MiB},
		{"too little memory", "rows=10000", "2 MiB of memory, but RAM leaves 1 MiB",
			MiB, 100 * MiB},
		{"too little disk", "rows=10000 payload=1000",
			"10 MiB of disk space, but DISK leaves 9 MiB", 100 * MiB, 9 * MiB},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := scenarioFor(t, "exec=process journal=wal writers=1 "+c.axes)
			err := rowsFit(s, host.Capacity{Free: c.memory, Limit: "RAM"},
				host.Capacity{Free: c.disk, Limit: "DISK"})
			if c.want == "" {
				if err != nil {
					t.Error(err)
				}
			} else if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error is %v, want %s", err, c.want)
			}
		})
	}
}

// The check comes before the file.
func TestATableThatDoesNotFitIsNotCreated(t *testing.T) {
	s := scenarioFor(t, "exec=process journal=wal writers=1 rows=1000000000 payload=999999000")
	if _, err := newRounds(env, s, outcome.Burst); err == nil {
		t.Error("a table of a billion rows of 1 GB fits")
	}
}

func TestRecord(t *testing.T) {
	id := func(n byte) uuid.UUID { return uuid.UUID{n} }
	round := outcome.Round{Writers: []outcome.Series{{
		Outcomes: []outcome.Outcome{
			{Code: 0},
			{Code: outcome.Busy},
			{Code: 10, Trace: outcome.Trace{Phase: outcome.Commit}},
		},
		IDs:      []uuid.UUID{id(1), id(2), id(3)},
		Messages: map[int]string{2: "disk I/O error"},
	}}}
	db := database{ledger: sqlitedb.Ledger{}}
	err := db.record(round)
	if want := "writer 0: commit: SQLITE_IOERR: disk I/O error"; err == nil || err.Error() != want {
		t.Errorf("error is %v, want %s", err, want)
	}
	if !db.ledger[id(1)] || db.ledger[id(2)] || db.ledger[id(3)] || len(db.ledger) != 3 {
		t.Errorf("ledger is %v", db.ledger)
	}
}
