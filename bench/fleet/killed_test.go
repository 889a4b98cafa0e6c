package fleet

import (
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"busybench/bench/outcome"
	"busybench/bench/protocol"
	"busybench/bench/scenario"
	"busybench/bench/sqlitedb"
	"busybench/bench/writer"
)

// newKilled returns the work of a writer on a fresh file.
func newKilled(t *testing.T, axes string, attempts int) KilledWriter {
	t.Helper()
	s, err := scenario.Single(axes, "exec=process journal=wal writers=1 conn=held rate=1")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "messages.db")
	if err := sqlitedb.Create(path, s, slices.Values[[]uuid.UUID](nil)); err != nil {
		t.Fatal(err)
	}
	return KilledWriter{
		Task:     protocol.Task{Scenario: s, Database: path, Seed: 1},
		Attempts: attempts, Timeout: time.Minute,
	}
}

// A writer that is killed leaves the rows of all its attempts, and the log that has them.
func TestAKilledWriterHasMadeItsAttempts(t *testing.T) {
	k := newKilled(t, "batch=2", 7)
	if err := RunKilled(k); err != nil {
		t.Fatal(err)
	}
	if left, err := sqlitedb.HasHotJournal(k.Task.Database); !left || err != nil {
		t.Errorf("it leaves a log: %v, %v", left, err)
	}
	ledger, ids := sqlitedb.Ledger{}, writer.NewIDs(1, 0)
	for range 14 {
		ledger[ids.Next()] = true
	}
	findings, err := sqlitedb.Audit(k.Task.Database, ledger)
	if err = errors.Join(err, findings.Err()); err != nil || findings.Rows != 14 {
		t.Errorf("%d rows, %v", findings.Rows, err)
	}
}

func TestAWriterIsKilledWithinItsAttempt(t *testing.T) {
	k := newKilled(t, "txn=immediate hold=1h", 1)
	path := k.Task.Database
	s := k.Task.Scenario
	s.Busy = scenario.Busy{Policy: scenario.None}
	k.Killable = func() (bool, error) {
		c, err := sqlitedb.Connect(path, sqlitedb.WithSetupTimeout(s))
		if err != nil {
			return false, err
		}
		defer c.Close()
		c.SetBusy(s.Busy)
		err = c.BeginImmediate()
		return sqlitedb.ResultCode(err) == outcome.Busy, nil
	}
	if err := RunKilled(k); err != nil {
		t.Fatal(err)
	}
	if killable, err := k.Killable(); killable || err != nil {
		t.Errorf("the lock is held after the kill: %v, %v", killable, err)
	}
}

func TestAWriterThatCannotBeKilledInTime(t *testing.T) {
	k := newKilled(t, "txn=immediate hold=1h", 1)
	k.Timeout = time.Millisecond
	k.Killable = func() (bool, error) { return false, nil }
	if err := RunKilled(k); err == nil || !strings.Contains(err.Error(), "took over 1ms") {
		t.Errorf("error is %v", err)
	}
	cause := errors.New("unreadable")
	k.Timeout = time.Minute
	k.Killable = func() (bool, error) { return false, cause }
	if err := RunKilled(k); !errors.Is(err, cause) {
		t.Errorf("error is %v", err)
	}
}
