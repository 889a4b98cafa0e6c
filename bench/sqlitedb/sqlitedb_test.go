package sqlitedb

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"zombiezen.com/go/sqlite"

	"busybench/bench/clock"
	"busybench/bench/outcome"
	"busybench/bench/scenario"
)

func scenarioOf(t *testing.T, axes string) scenario.Scenario {
	t.Helper()
	a, err := scenario.Parse(axes)
	if err != nil {
		t.Fatal(err)
	}
	return a.WithDefaults("exec=goroutine journal=wal writers=1 busy=none conn=held").WithDefaults(scenario.Defaults).Cases()[0].Scenario
}

func newIDs(n int) (ids []uuid.UUID) {
	for range n {
		ids = append(ids, uuid.New())
	}
	return ids
}

// create makes a database with the given ids in it.
func create(t *testing.T, s scenario.Scenario, ids ...uuid.UUID) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "messages.db")
	if err := Create(path, s, slices.Values(ids)); err != nil {
		t.Fatal(err)
	}
	return path
}

func connect(t *testing.T, path string, s scenario.Scenario) *Conn {
	t.Helper()
	c, err := Connect(path, s)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

func TestEveryJournalAndSyncTakesRows(t *testing.T) {
	for _, journal := range []string{"delete", "truncate", "persist", "memory", "wal", "off"} {
		for _, sync := range []string{"off", "normal", "full", "extra"} {
			s := scenarioOf(t, "payload=5000 journal="+journal+" sync="+sync)
			before := newIDs(3)
			path := create(t, s, before...)
			c, err := Connect(path, s)
			if err != nil {
				t.Fatalf("%s, %s: %v", journal, sync, err)
			}
			ledger := Ledger{}
			for _, id := range before {
				ledger[id] = true
			}
			for _, id := range newIDs(20) {
				if _, err := c.Transact(clock.Now(), []uuid.UUID{id}); err != nil {
					t.Fatalf("%s, %s: %v", journal, sync, err)
				}
				ledger[id] = true
			}
			if err := c.Close(); err != nil {
				t.Errorf("%s, %s: %v", journal, sync, err)
			}
			f, err := Audit(path, ledger)
			if err != nil || f.Err() != nil {
				t.Errorf("%s, %s: audit: %v, %v", journal, sync, err, f.Err())
			}
		}
	}
}

func TestConnectNoticesAnotherJournalMode(t *testing.T) {
	wal, rollback := scenarioOf(t, "journal=wal"), scenarioOf(t, "journal=delete")
	for _, c := range []struct{ file, asked scenario.Scenario }{{wal, rollback}, {rollback, wal}} {
		conn, err := Connect(create(t, c.file), c.asked)
		if err == nil {
			conn.Close()
			t.Errorf("connecting as %s to a file in %s went well", c.asked.Journal, c.file.Journal)
		} else if !strings.Contains(err.Error(), "journal_mode reads back as "+c.file.Journal) {
			t.Errorf("connecting as %s to a file in %s: %v", c.asked.Journal, c.file.Journal, err)
		}
	}
}

func TestConnectCreatesNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "none.db")
	if c, err := Connect(path, scenarioOf(t, "")); err == nil {
		c.Close()
		t.Error("connecting to a file that does not exist went well")
	}
	if _, err := os.Stat(path); !os.IsNotExist(err) {
		t.Errorf("the file exists now: %v", err)
	}
}

// hold keeps the write lock until the test ends.
func hold(t *testing.T, path string, s scenario.Scenario) {
	t.Helper()
	if err := connect(t, path, s).BeginImmediate(); err != nil {
		t.Fatal(err)
	}
}

func TestLockedFileIsALockErrorUnderEachPolicy(t *testing.T) {
	for _, journal := range []string{"delete", "wal"} {
		for busy, least := range map[string]time.Duration{"none": 0, "50ms": 50 * time.Millisecond} {
			s := scenarioOf(t, "journal="+journal+" busy="+busy)
			path := create(t, s)
			c := connect(t, path, s)
			hold(t, path, s)
			begin := time.Now()
			trace, err := c.Transact(clock.Now(), newIDs(1))
			if ResultCode(err) != outcome.Busy || trace.Phase != outcome.Insert || trace.LockAcquired != 0 || trace.LockReleased != 0 {
				t.Errorf("%s, busy=%s: insert into a locked file: %+v, %v", journal, busy, trace, err)
			}
			if took := time.Since(begin); took < least || trace.LockWait < int64(least) || trace.LockWait > int64(took) {
				t.Errorf("%s, busy=%s: gave up after %v, says it waited %d ns", journal, busy, took, trace.LockWait)
			}
		}
	}
}

// Package outcome names the result codes without the driver.
func TestCodesHaveTheDriversNames(t *testing.T) {
	for primary := range outcome.Code(30) {
		for extension := range outcome.Code(40) {
			code := primary | extension<<8
			want := sqlite.ResultCode(code).String()
			if strings.HasPrefix(want, "SQLITE_") && !strings.Contains(want, "UNKNOWN") &&
				!strings.Contains(want, "(") && code.String() != want {
				t.Errorf("code %d is %s, want %s", code, code, want)
			}
			if sqlite.ResultCode(code).ToPrimary() != sqlite.ResultCode(code.Primary()) {
				t.Errorf("primary code of %d is %d", code, code.Primary())
			}
		}
	}
}

// The versions in the header must be those that the module is built from.
func TestDriverIsWhatGoModRequires(t *testing.T) {
	mod, err := os.ReadFile("../../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	for _, module := range strings.Split(Driver, ", ") {
		if !strings.Contains(string(mod), "\t"+module) {
			t.Errorf("go.mod does not require %q", module)
		}
	}
}
