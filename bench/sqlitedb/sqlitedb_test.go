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

// newScenario returns a scenario of goroutines in WAL mode, with the given axes changed.
func newScenario(t *testing.T, axes string) scenario.Scenario {
	t.Helper()
	s, err := scenario.Single(axes, "exec=goroutine journal=wal writers=1 busy=none conn=held")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func newIDs(n int) (ids []uuid.UUID) {
	for range n {
		ids = append(ids, uuid.New())
	}
	return ids
}

// create creates a database that holds the given ids.
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

// holdLock holds the write lock until the test ends.
func holdLock(t *testing.T, path string, s scenario.Scenario) {
	t.Helper()
	if err := connect(t, path, s).BeginImmediate(); err != nil {
		t.Fatal(err)
	}
}

func TestInsertsUnderEveryJournalModeAndSync(t *testing.T) {
	for _, journal := range journals {
		for _, sync := range []string{"off", "normal", "full", "extra"} {
			t.Run(journal+"/"+sync, func(t *testing.T) {
				s := newScenario(t, "payload=5000 journal="+journal+" sync="+sync)
				before := newIDs(3)
				path := create(t, s, before...)
				c, err := Connect(path, s)
				if err != nil {
					t.Fatal(err)
				}
				ledger := Ledger{}
				for _, id := range before {
					ledger[id] = true
				}
				for _, id := range newIDs(20) {
					if _, err := c.Transact(clock.Now(), []uuid.UUID{id}); err != nil {
						t.Fatal(err)
					}
					ledger[id] = true
				}
				if err := c.Close(); err != nil {
					t.Error(err)
				}
				f, err := Audit(path, ledger)
				if err != nil || f.Err() != nil {
					t.Errorf("audit: %v, %v", err, f.Err())
				}
			})
		}
	}
}

func TestConnectRejectsAFileInAnotherJournalMode(t *testing.T) {
	wal, rollback := newScenario(t, "journal=wal"), newScenario(t, "journal=delete")
	for _, c := range []struct {
		name            string
		file, requested scenario.Scenario
	}{
		{"WAL file, delete requested", wal, rollback},
		{"delete file, WAL requested", rollback, wal},
	} {
		t.Run(c.name, func(t *testing.T) {
			conn, err := Connect(create(t, c.file), c.requested)
			if err == nil {
				conn.Close()
			}
			want := "journal_mode reads back as " + c.file.Journal
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("error is %v, want %s", err, want)
			}
		})
	}
}

func TestConnectDoesNotCreateAMissingFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "none.db")
	if c, err := Connect(path, newScenario(t, "")); err == nil {
		c.Close()
		t.Error("connecting to a missing file is no error")
	}
	if _, err := os.Stat(path); !os.IsNotExist(err) {
		t.Errorf("the file exists now: %v", err)
	}
}

func TestInsertIntoALockedFileIsALockError(t *testing.T) {
	for _, journal := range []string{"delete", "wal"} {
		for busy, timeout := range map[string]time.Duration{
			"none": 0,
			"50ms": 50 * time.Millisecond,
		} {
			t.Run(journal+"/busy="+busy, func(t *testing.T) {
				s := newScenario(t, "journal="+journal+" busy="+busy)
				path := create(t, s)
				c := connect(t, path, s)
				holdLock(t, path, s)
				begin := time.Now()
				trace, err := c.Transact(clock.Now(), newIDs(1))
				took := time.Since(begin)
				if ResultCode(err) != outcome.Busy || trace.Phase != outcome.Insert ||
					trace.LockAcquired != 0 || trace.LockReleased != 0 {
					t.Errorf("trace is %+v, error %v", trace, err)
				}
				wait := time.Duration(trace.LockWait)
				if took < timeout || wait < timeout || wait > took {
					t.Errorf("gave up after %v and reports a wait of %v", took, wait)
				}
			})
		}
	}
}

// A prepare error of the driver repeats the statement, which is 284 kB long for the largest batch.
func TestErrorsOfALargeBatchAreShort(t *testing.T) {
	const maxLength = 500
	for _, txn := range []string{"auto", "immediate"} {
		t.Run(txn, func(t *testing.T) {
			s := newScenario(t, "batch=32766 txn="+txn)
			path := create(t, s)
			runScript(t, path, "DROP TABLE messages")
			c, err := Connect(path, s)
			if c != nil {
				t.Error("Connect returned a connection and an error")
			}
			requireError(t, err, "SQLITE_ERROR", "no such table: messages")
			if n := len(err.Error()); n > maxLength {
				t.Errorf("the error has %d bytes, more than %d", n, maxLength)
			}
		})
	}
}

func TestAFailedConnectOrOpenPoolIsOneError(t *testing.T) {
	s := newScenario(t, "conn=pool:2")
	path := create(t, s)
	runScript(t, path, "DROP TABLE messages")
	_, connectErr := Connect(path, s)
	pool, poolErr := OpenPool(path, s)
	if pool != nil {
		t.Error("OpenPool returned a pool and an error")
	}
	for name, err := range map[string]error{"Connect": connectErr, "OpenPool": poolErr} {
		t.Run(name, func(t *testing.T) {
			requireError(t, err, "SQLITE_ERROR", "no such table: messages")
			if strings.Contains(err.Error(), "closed") {
				t.Errorf("error is %v", err)
			}
		})
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

func TestDriverVersionsAreThoseOfGoMod(t *testing.T) {
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
