package sqlitedb

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

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
				if err := c.Insert(id); err != nil {
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
	holder := connect(t, path, s)
	if _, err := pragma(holder.db, "user_version", ""); err != nil {
		t.Fatal(err)
	}
	stmt, _, err := holder.db.PrepareTransient("BEGIN IMMEDIATE")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stmt.Finalize() })
	if _, err := stmt.Step(); err != nil {
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
			err := c.Insert(uuid.New())
			if !IsLock(Code(err)) || CodeName(Code(err)) != "SQLITE_BUSY" {
				t.Errorf("%s, busy=%s: insert into a locked file: %v", journal, busy, err)
			}
			if waited := time.Since(begin); waited < least {
				t.Errorf("%s, busy=%s: gave up after %v", journal, busy, waited)
			}
		}
	}
}

func TestLockCodes(t *testing.T) {
	for code, want := range map[int]bool{
		0: false, 1: false, 5: true, 6: true, 15: true, 261: true, 517: true, 773: true, 262: true,
		10: false, 11: false, 13: false, 26: false, 2570: false,
	} {
		if IsLock(code) != want {
			t.Errorf("IsLock(%d, %s) is %v", code, CodeName(code), !want)
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
