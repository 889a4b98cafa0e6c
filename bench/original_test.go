package bench

import (
	"testing"

	"github.com/google/uuid"

	"busybench/bench/clock"
	"busybench/bench/scenario"
	"busybench/bench/sqlitedb"
	"busybench/bench/writer"
)

// These are the cases of the suite that this project began as: N writers at once, each of which
// connects, inserts one row, commits and closes; does every row arrive? There N processes came out
// of a pool one after the other. Here they start together.

// longTimeout is a busy timeout for cases that assert that every row arrives. With the usual 5s,
// writers to a rollback journal time out from about a hundred processes on, and on a slow machine
// earlier.
const longTimeout = " busy=300s"

func TestEveryRowArrives(t *testing.T) {
	for _, c := range []struct{ name, axes string }{
		{"5 processes on a new table", "exec=process journal=delete writers=5"},
		{"50 processes on a new table", "exec=process journal=delete writers=50"},
		{"250 processes on a new table", "exec=process journal=delete writers=250"},
		{"250 goroutines on a new table", "exec=goroutine journal=delete writers=250"},
		{"50 processes on a table of 250 rows", "exec=process journal=delete writers=50 rows=250"},
		{"250 processes in WAL mode", "exec=process journal=wal writers=250"},
		{"500 processes in WAL mode", "exec=process journal=wal writers=500"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := scenarioFor(t, c.axes+longTimeout)
			if s.Writers > 50 {
				skipIfShort(t)
			}
			round, rows := runBurst(t, s, func(database) {})
			if want := s.Rows + s.Writers; rows != want {
				t.Errorf("%d rows in the table, want %d; %d lock errors",
					rows, want, lockErrors(round.Round))
			}
			if s.Exec == scenario.Process {
				requireDistinctProcesses(t, round)
			}
		})
	}
}

// In a queue 500 processes all write to a rollback journal. With a timeout many fail.
func TestFiveHundredProcessesInAQueue(t *testing.T) {
	skipIfShort(t)
	for _, journal := range []string{"delete", "wal"} {
		t.Run(journal, func(t *testing.T) {
			s := scenarioFor(t, "exec=process writers=500 busy=queue:300s journal="+journal)
			round, rows := runBurst(t, s, func(database) {})
			if n := lockErrors(round.Round); rows != s.Writers || n != 0 {
				t.Errorf("%d rows in the table, want %d; %d lock errors", rows, s.Writers, n)
			}
		})
	}
}

func TestTenThousandOneByOneThenAHundredAtOnce(t *testing.T) {
	skipIfShort(t)
	const oneByOne = 10_000
	s := scenarioFor(t, "exec=process journal=delete writers=100"+longTimeout)
	round, rows := runBurst(t, s, func(db database) { insertOneByOne(t, db, s, oneByOne) })
	if want := oneByOne + s.Writers; rows != want {
		t.Errorf("%d rows in the table, want %d; %d lock errors",
			rows, want, lockErrors(round.Round))
	}
	requireDistinctProcesses(t, round)
}

// insertOneByOne inserts n rows, each in a transaction of its own.
func insertOneByOne(t *testing.T, db database, s scenario.Scenario, n int) {
	t.Helper()
	s.Sync = "off" // this test does not depend on the disk
	conn, err := sqlitedb.Connect(db.path, s)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	ids := writer.NewIDs(env.Seed, -2)
	for range n {
		id := ids.Next()
		if _, err := conn.Transact(clock.Now(), []uuid.UUID{id}); err != nil {
			t.Fatal(err)
		}
		db.ledger[id] = true
	}
}

// With a rollback journal and the usual timeout, 500 processes lose writes to lock errors. How many
// depends on the machine and is reported. That every other row arrives does not.
func TestFiveHundredProcessesWithARollbackJournal(t *testing.T) {
	skipIfShort(t)
	s := scenarioFor(t, "exec=process journal=delete writers=500 busy=5s")
	round, rows := runBurst(t, s, func(database) {})
	locked := lockErrors(round.Round)
	t.Logf("%d of %d attempts ended in a lock error", locked, s.Writers)
	if want := s.Writers - locked; rows != want {
		t.Errorf("%d rows in the table, want %d", rows, want)
	}
	requireDistinctProcesses(t, round)
}
