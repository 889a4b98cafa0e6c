package sqlitedb

import (
	"path/filepath"
	"testing"
	"time"

	"busybench/bench/clock"
	"busybench/bench/outcome"
	"busybench/bench/scenario"
)

func openCold(t *testing.T, path string, s scenario.Scenario) *ColdStart {
	t.Helper()
	c, err := OpenCold(path, s)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// start makes the steps of a cold start until one fails.
func start(c *ColdStart) (trace outcome.Trace, err error) {
	for _, step := range ColdSteps {
		if trace, _, err = c.Step(clock.Now(), step); err != nil {
			break
		}
	}
	return trace, err
}

// newFile returns a file in a journal mode that has the table and its version.
func newFile(t *testing.T, journal string) (path string) {
	t.Helper()
	path = create(t, newScenario(t, "journal="+journal), newIDs(3)...)
	if err := MarkMigrated(path); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestALoneColdStartSucceeds(t *testing.T) {
	for _, journal := range []string{"delete", "persist", "memory", "wal"} {
		for _, txn := range []string{"auto", "deferred", "immediate", "exclusive", "upgrade"} {
			for _, migrate := range []string{"once", "each"} {
				s := newScenario(t, "journal="+journal+" txn="+txn+" migrate="+migrate)
				t.Run(journal+"/"+txn+"/"+migrate, func(t *testing.T) {
					missing := filepath.Join(t.TempDir(), "messages.db")
					files := []string{missing, newFile(t, "delete"), newFile(t, "wal")}
					for _, path := range files {
						c := openCold(t, path, s)
						trace, err := start(c)
						if err != nil || trace != (outcome.Trace{Phase: outcome.FirstRead}) {
							t.Fatalf("%s: %+v, %v", path, trace, err)
						}
						if err := c.Close(); err != nil {
							t.Fatal(err)
						}
						after, err := ReadStarted(path)
						isWAL := after.Journal == scenario.WAL
						if err != nil || !after.Migrated() || isWAL != (journal == "wal") {
							t.Errorf("%s: %+v, %v", path, after, err)
						}
					}
				})
			}
		}
	}
}

// Whether the start waits for the lock that another connection keeps. The timeouts of those that do
// not wait are so long that the test would not end.
func TestColdStartsThatMeetALock(t *testing.T) {
	const wal, rollback = "wal", "delete"
	none := func(*Conn) error { return nil }
	for _, c := range []struct {
		name, file, axes string
		lock             func(*Conn) error
		phase            outcome.Phase
		waits            bool
	}{
		{"readers are kept out, timeout first", rollback, "busy=20ms journal=wal",
			(*Conn).BeginExclusive, outcome.Journal, true},
		{"readers are kept out, pragma first", rollback, "busy=1h journal=wal order=pragma-first",
			(*Conn).BeginExclusive, outcome.Journal, false},
		{"enters WAL mode while another writes", rollback, "busy=1h journal=wal",
			(*Conn).BeginImmediate, outcome.Journal, false},
		{"enters WAL mode while another reads", rollback, "busy=20ms journal=wal",
			(*Conn).BeginRead, outcome.Journal, true},
		{"leaves WAL mode while another is open", wal, "busy=1h journal=delete",
			none, outcome.Journal, false},
		{"migrates while another writes", wal, "busy=20ms journal=wal migrate=each",
			(*Conn).BeginImmediate, outcome.Schema, true},
		{"BEGIN IMMEDIATE while another writes", wal,
			"busy=20ms journal=wal migrate=each txn=immediate",
			(*Conn).BeginImmediate, outcome.Schema, true},
		{"BEGIN and a read while another writes", wal,
			"busy=1h journal=wal migrate=each txn=deferred",
			(*Conn).BeginImmediate, outcome.Schema, false},
		{"BEGIN and user_version while another writes", wal,
			"busy=1h journal=wal migrate=each txn=upgrade",
			(*Conn).BeginImmediate, outcome.Schema, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := newFile(t, c.file)
			other := connect(t, path, newScenario(t, "journal="+c.file))
			if err := c.lock(other); err != nil {
				t.Fatal(err)
			}
			s := newScenario(t, c.axes)
			cold := openCold(t, path, s)
			trace, err := start(cold)
			if ResultCode(err) != outcome.Busy || trace.Phase != c.phase || trace.WaitStart == 0 ||
				(time.Duration(trace.LockWait) >= s.Busy.Timeout) != c.waits {
				t.Errorf("%+v, %v; want SQLITE_BUSY in %v, a wait is %v",
					trace, err, c.phase, c.waits)
			}
			if !cold.db.AutocommitEnabled() {
				t.Error("the transaction is open after the error")
			}
		})
	}
}

// A step that failed can be repeated on the same connection.
func TestAStepSucceedsOnceTheLockIsFree(t *testing.T) {
	path := newFile(t, "delete")
	other, err := Connect(path, newScenario(t, "journal=delete"))
	if err != nil {
		t.Fatal(err)
	}
	if err := other.BeginImmediate(); err != nil {
		t.Fatal(err)
	}
	cold := openCold(t, path, newScenario(t, "journal=wal"))
	if _, err := start(cold); ResultCode(err) != outcome.Busy {
		t.Fatalf("error is %v while another connection writes", err)
	}
	if err := other.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := start(cold); err != nil {
		t.Error(err)
	}
}

func TestAFileThatIsNotMigrated(t *testing.T) {
	s := newScenario(t, "journal=delete")
	path := create(t, s)
	if after, err := ReadStarted(path); err != nil || after.Migrated() {
		t.Errorf("without a version: %+v, %v", after, err)
	}
	if err := MarkMigrated(path); err != nil {
		t.Fatal(err)
	}
	if after, err := ReadStarted(path); err != nil || !after.Migrated() {
		t.Errorf("with a version: %+v, %v", after, err)
	}
	if err := execute(connect(t, path, s).db, "CREATE TABLE other(x)"); err != nil {
		t.Fatal(err)
	}
	if after, err := ReadStarted(path); err != nil || after.Migrated() {
		t.Errorf("with a second table: %+v, %v", after, err)
	}
}
