package bench

import (
	"os"
	"testing"

	"github.com/google/uuid"

	"busybench/bench/clock"
	"busybench/bench/fleet"
	"busybench/bench/outcome"
	"busybench/bench/scenario"
	"busybench/bench/sqlitedb"
	"busybench/bench/writer"
)

// These are the cases of the suite that this project began as: N writers at once, each of which
// connects, inserts one row, commits and closes; does every row arrive? There N processes came out of a pool
// one after the other. Here they start together.

// patient is a busy timeout for cases that assert that every row arrives: with the usual 5s,
// writers to a rollback journal give up from about a hundred processes on, and on a slow machine earlier.
const patient = " busy=300s"

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
			s := scenarioFor(t, c.axes+patient)
			round, rows := runBurst(t, s, func(database) {})
			if want := s.Rows + s.Writers; rows != want {
				t.Errorf("%d rows in the table, want %d; %d lock errors", rows, want, lockErrors(round.Round))
			}
			if s.Exec == scenario.Process {
				requireDistinctProcesses(t, round)
			}
		})
	}
}

// In a queue 500 processes get through a rollback journal, where a timeout loses many of them.
func TestFiveHundredProcessesInAQueue(t *testing.T) {
	for _, journal := range []string{"delete", "wal"} {
		s := scenarioFor(t, "exec=process writers=500 busy=queue:300s journal="+journal)
		round, rows := runBurst(t, s, func(database) {})
		if n := lockErrors(round.Round); rows != s.Writers || n != 0 {
			t.Errorf("%s: %d rows in the table, want %d; %d lock errors", journal, rows, s.Writers, n)
		}
	}
}

func TestTenThousandOneByOneThenAHundredAtOnce(t *testing.T) {
	const oneByOne = 10_000
	s := scenarioFor(t, "exec=process journal=delete writers=100"+patient)
	round, rows := runBurst(t, s, func(db database) {
		alone := s
		alone.Sync = "off" // nothing is asked of the disk here
		conn, err := sqlitedb.Connect(db.path, alone)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		ids := writer.NewIDs(env.Seed, -2)
		for range oneByOne {
			id := ids.Next()
			if _, err := conn.Transact(clock.Now(), []uuid.UUID{id}); err != nil {
				t.Fatal(err)
			}
			db.ledger[id] = true
		}
	})
	if want := oneByOne + s.Writers; rows != want {
		t.Errorf("%d rows in the table, want %d; %d lock errors", rows, want, lockErrors(round.Round))
	}
	requireDistinctProcesses(t, round)
}

// With a rollback journal and the usual timeout, 500 processes lose writes to lock errors. How
// many is the machine's affair, and is reported; that every other row arrives is ours.
func TestFiveHundredProcessesWithARollbackJournal(t *testing.T) {
	s := scenarioFor(t, "exec=process journal=delete writers=500 busy=5s")
	round, rows := runBurst(t, s, func(database) {})
	locked := lockErrors(round.Round)
	t.Logf("%d of %d attempts ended in a lock error", locked, s.Writers)
	if want := s.Writers - locked; rows != want {
		t.Errorf("%d rows in the table, want %d", rows, want)
	}
	requireDistinctProcesses(t, round)
}

// scenarioFor is the single scenario that the axes span.
func scenarioFor(t *testing.T, axes string) scenario.Scenario {
	t.Helper()
	a, err := scenario.Parse(axes)
	if err != nil {
		t.Fatal(err)
	}
	cases := a.WithDefaults("conn=fresh").WithDefaults(scenario.Defaults).Cases()
	if len(cases) != 1 {
		t.Fatalf("%s spans %d scenarios", axes, len(cases))
	}
	return cases[0].Scenario
}

// setup makes a fleet and a fresh file for one round of a scenario.
func setup(t *testing.T, s scenario.Scenario) (*rounds, database) {
	t.Helper()
	r, err := newRounds(env, s, outcome.Burst)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.fleet.Close() })
	db, err := newDatabase(env.work.Path, s, env.Seed)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.remove)
	return r, db
}

// runBurst makes one burst on a fresh file, after before has had its way with it, audits it, and
// returns the number of rows with the round.
func runBurst(t *testing.T, s scenario.Scenario, before func(database)) (round fleet.Round, rows int) {
	t.Helper()
	r, db := setup(t, s)
	before(db)
	round, err := runOn(r.fleet, db, r.plan(env.Seed))
	if err != nil {
		t.Fatal(err)
	}
	if rows, err = db.audit(); err != nil {
		t.Error(err)
	}
	requireWholeAnatomy(t, s, round.Round)
	return round, rows
}

func lockErrors(round outcome.Round) (n int) {
	for _, report := range round.Writers {
		for _, o := range report.Outcomes {
			if o.LockError() {
				n++
			}
		}
	}
	return n
}

// requireDistinctProcesses asks that every attempt was made in a process of its own.
func requireDistinctProcesses(t *testing.T, round fleet.Round) {
	t.Helper()
	seen := map[int]bool{os.Getpid(): true}
	for number, report := range round.Usages {
		if seen[report.PID] {
			t.Errorf("writer %d wrote in process %d, which is not its own", number, report.PID)
		}
		seen[report.PID] = true
	}
}
