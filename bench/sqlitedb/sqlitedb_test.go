package sqlitedb

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"busybench/bench/host"
	"busybench/bench/scenario"
)

func scenarioOf(t *testing.T, axes string) scenario.Scenario {
	t.Helper()
	a, err := scenario.Parse(axes)
	if err != nil {
		t.Fatal(err)
	}
	return a.Or("exec=goroutine journal=wal writers=1 busy=none conn=held").Or(scenario.Defaults).Cases()[0].Scenario
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
				if _, err := c.Transact(host.Now(), []uuid.UUID{id}, nil); err != nil {
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
	if err := connect(t, path, s).Hold(); err != nil {
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
			trace, err := c.Transact(host.Now(), newIDs(1), nil)
			if CodeOf(err) != Busy || trace.Phase != Insert || trace.Got != 0 || trace.LetGo != 0 {
				t.Errorf("%s, busy=%s: insert into a locked file: %+v, %v", journal, busy, trace, err)
			}
			if took := time.Since(begin); took < least || trace.Waited < int64(least) || trace.Waited > int64(took) {
				t.Errorf("%s, busy=%s: gave up after %v, says it waited %d ns", journal, busy, took, trace.Waited)
			}
		}
	}
}

func TestLockCodes(t *testing.T) {
	for code, want := range map[Code]bool{
		QueueTimeout: true, -2: false, 518: true,
		0: false, 1: false, 5: true, 6: true, 15: true, 261: true, 517: true, 773: true, 262: true,
		10: false, 11: false, 13: false, 26: false, 2570: false,
	} {
		if code.IsLock() != want {
			t.Errorf("IsLock of %d, %s, is %v", code, code, !want)
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
