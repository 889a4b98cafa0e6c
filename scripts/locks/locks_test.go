package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"busybench/scripts/internal/benchtest"
	"busybench/scripts/internal/filelock"
	"busybench/scripts/internal/golden"
)

// looking is how long the tests look.
const looking = 50 * time.Millisecond

var quickly = settings{length: looking, every: time.Millisecond}

// see looks at a database.
func see(t testing.TB, path string) result {
	t.Helper()
	d, err := openDatabase(path)
	if err != nil {
		t.Fatal(err)
	}
	defer d.close()
	results, err := observe(t.Context(), []*database{d}, quickly)
	if err != nil {
		t.Fatal(err)
	}
	return results[0]
}

// seeUntil looks until it sees what is to come: a process that has just been started does it soon.
func seeUntil(t testing.TB, path string, ok func(result) bool) result {
	t.Helper()
	for {
		if r := see(t, path); ok(r) {
			return r
		}
		if t.Context().Err() != nil {
			t.Fatal("it does not come")
		}
	}
}

func text(t testing.TB, r result) string {
	t.Helper()
	var out strings.Builder
	if err := r.write(&out); err != nil {
		t.Fatal(err)
	}
	short := strings.NewReplacer(r.db.name, "app.db", r.db.path, "app.db",
		filepath.Dir(r.db.path), "")
	benchtest.RequireWidth(t.(*testing.T), short.Replace(out.String()))
	return out.String()
}

// lockCases are statements that a process has executed, and the locks that it has then.
var lockCases = []struct {
	name, mode string
	statements []string
	want       []role
	answer     string // part of it
}{
	{"BEGIN IMMEDIATE", "delete", []string{"BEGIN IMMEDIATE"}, []role{reserved},
		"holds the write lock (RESERVED), for at least"},
	{"BEGIN EXCLUSIVE", "delete", []string{"BEGIN EXCLUSIVE"}, []role{exclusive},
		"holds the write lock (EXCLUSIVE), for at least"},
	{"exclusive locking mode", "delete", []string{"PRAGMA locking_mode=exclusive",
		"INSERT INTO t VALUES(2)"}, []role{exclusive}, "holds the write lock (EXCLUSIVE)"},
	{"a read transaction", "delete", []string{"BEGIN", "SELECT * FROM t"}, []role{shared},
		"No process has the write lock"},
	{"BEGIN IMMEDIATE in WAL mode", "wal", []string{"BEGIN IMMEDIATE"},
		[]role{walWriter, walReader}, "holds the write lock (WAL write), for at least"},
	{"a read transaction in WAL mode", "wal", []string{"BEGIN", "SELECT * FROM t"},
		[]role{walReader}, "No process has the write lock"},
	{"no transaction in WAL mode", "wal", []string{"SELECT * FROM t"}, []role{connected},
		"No process has the write lock"},
	{"WAL mode with exclusive locking mode", "wal", []string{"PRAGMA locking_mode=exclusive",
		"INSERT INTO t VALUES(2)"}, []role{exclusive}, "holds the write lock (EXCLUSIVE)"},
}

func TestLocksOfAProcess(t *testing.T) {
	for _, c := range lockCases {
		t.Run(c.name, func(t *testing.T) {
			for _, driver := range drivers {
				t.Run(driver.name, func(t *testing.T) {
					path := newDatabase(t, c.mode)
					statements := encode(t, script{Path: path, First: c.statements})
					p := startWith(t, driver.command(t, statements))
					requireLocks(t, see(t, path), p.pid, c.want, c.answer)
				})
			}
		})
	}
}

// requireLocks fails the test unless one process has the locks, for as long as the test looked.
func requireLocks(t *testing.T, r result, pid int, want []role, answer string) {
	t.Helper()
	var got []role
	for _, h := range r.after.holders {
		got = append(got, h.role)
		if h.pid != pid {
			t.Errorf("process %d has a lock, want %d", h.pid, pid)
		}
		if age := r.age(h); age < looking {
			t.Errorf("a lock is held for %v at least, want %v", age, looking)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("locks are %v, want %v", got, want)
	}
	if out := text(t, r); !strings.Contains(words(out), answer) ||
		!strings.Contains(out, fmt.Sprint(pid)) {
		t.Errorf("no %q in:\n%s", answer, out)
	}
}

// words undoes line breaks.
func words(text string) string { return strings.Join(strings.Fields(text), " ") }

func TestACommitWaitsForAReader(t *testing.T) {
	path := newDatabase(t, "delete")
	reader := start(t, script{Path: path, First: []string{"BEGIN", "SELECT * FROM t"}})
	writer := start(t, script{Path: path,
		First: []string{"BEGIN IMMEDIATE", "INSERT INTO t VALUES(2)"}, Then: []string{"COMMIT"}})
	r := seeUntil(t, path, func(r result) bool {
		w, ok := r.after.writer()
		return ok && w.role == pending
	})
	want := fmt.Sprintf("pid %d", reader.pid)
	out := words(text(t, r))
	if w, _ := r.after.writer(); w.pid != writer.pid ||
		!strings.Contains(out, "It waits until these have read: "+want) {
		t.Errorf("the writer is %+v, of %d, and it says %s", w, writer.pid, out)
	}
}

// Python sleeps in nanosleep(2), so that it is seen to wait. Go's runtime sleeps otherwise.
func TestAProcessThatWaitsForTheLockIsNamed(t *testing.T) {
	path := newDatabase(t, "delete")
	start(t, script{Path: path, First: []string{"BEGIN IMMEDIATE"}})
	waiting := script{Path: path, Then: []string{"BEGIN IMMEDIATE"}}
	p := startWith(t, drivers[1].command(t, encode(t, waiting)))
	d, err := openDatabase(path)
	if err != nil {
		t.Fatal(err)
	}
	defer d.close()
	for {
		s := settings{length: briefly, every: time.Millisecond}
		results, err := observe(t.Context(), []*database{d}, s)
		if err != nil {
			t.Fatal(err)
		}
		if slices.Equal(results[0].waiting(), []int{p.pid}) {
			out := words(text(t, results[0]))
			if want := fmt.Sprintf("1 process probably waits for it: pid %d.", p.pid); !strings.
				Contains(out, want) {
				t.Errorf("no %q in %s", want, out)
			}
			return
		}
	}
}

func TestAProcessThatMayWaitIsNamed(t *testing.T) {
	path := newDatabase(t, "wal")
	start(t, script{Path: path, First: []string{"BEGIN IMMEDIATE"}})
	idle := start(t, script{Path: path, First: []string{"SELECT * FROM t"}})
	want := fmt.Sprintf("1 other process has the database open, too. Whether they wait cannot be "+
		"seen: pid %d.", idle.pid)
	if out := words(text(t, see(t, path))); !strings.Contains(out, want) {
		t.Errorf("no %q in %s", want, out)
	}
}

func TestAReaderOfAnOldStateIsNamed(t *testing.T) {
	path := newDatabase(t, "wal")
	reader := start(t, script{Path: path, First: []string{"BEGIN", "SELECT * FROM t"}})
	start(t, script{Path: path, First: []string{"INSERT INTO t VALUES(2)"}})
	r := see(t, path)
	want := fmt.Sprintf("pid %d (", reader.pid)
	if got := r.staleReaders(); len(got) != 1 || !strings.HasPrefix(got[0], want) ||
		!strings.Contains(got[0], "1 frame old") {
		t.Errorf("it says %q", got)
	}
	if r.after.index == nil || r.after.index.Pending() == 0 {
		t.Errorf("the WAL's index is %+v", r.after.index)
	}
}

func TestAHotJournalIsNoticed(t *testing.T) {
	path := newDatabase(t, "delete")
	// With a cache of one page, the journal is synced and the database written in the transaction.
	writer := start(t, script{Path: path, First: []string{"PRAGMA cache_size=1", "BEGIN IMMEDIATE",
		"CREATE TABLE u(a)", "INSERT INTO u VALUES(zeroblob(100000))"}})
	if r := see(t, path); r.after.hot {
		t.Error("the journal of a running transaction is hot")
	}
	writer.kill()
	r := see(t, path)
	if out := words(text(t, r)); !r.after.hot || !strings.Contains(out, "There is a hot journal") ||
		!strings.Contains(out, "Do not delete the journal") {
		t.Errorf("hot is %v in:\n%s", r.after.hot, out)
	}
}

// A transaction that began before the first look has a journal of that age.
func TestTheJournalOfATransactionSaysItsAge(t *testing.T) {
	path := newDatabase(t, "delete")
	past := time.Now().Add(-time.Hour)
	if err := os.Chtimes(path, past, past); err != nil { // so that the journal is younger
		t.Fatal(err)
	}
	started := time.Now()
	p := start(t, script{Path: path, First: []string{"BEGIN IMMEDIATE", "INSERT INTO t VALUES(2)"}})
	ready := time.Now()
	r := see(t, path)
	if r.after.journal.IsZero() {
		t.Skip("the filesystem does not say when a file was created")
	}
	h := holder{pid: p.pid, role: reserved}
	const tick = 20 * time.Millisecond // of the kernel's clock for files
	if age := r.age(h); age < r.asOf.Sub(ready) || age > r.asOf.Sub(started)+tick {
		t.Errorf("age is %v, want from %v to %v", age, r.asOf.Sub(ready), r.asOf.Sub(started))
	}
}

func TestTwoDatabasesAtOnce(t *testing.T) {
	first, second := newDatabase(t, "delete"), newDatabase(t, "wal")
	p := start(t, script{Path: first, First: []string{"BEGIN IMMEDIATE"}})
	q := start(t, script{Path: second, First: []string{"BEGIN IMMEDIATE"}})
	picture := filepath.Join(t.TempDir(), "locks.txt")
	var out strings.Builder
	err := run(t.Context(), &out, golden.Getenv("DB", first+" "+second, "WATCH", "50ms",
		"LABEL", picture))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		fmt.Sprintf("pid %d (", p.pid), fmt.Sprintf("pid %d (", q.pid),
		"(RESERVED)", "(WAL write)", "locks.1.svg is written.", "locks.2.svg is written.",
	} {
		if !strings.Contains(words(out.String()), want) {
			t.Errorf("no %q in:\n%s", want, &out)
		}
	}
}

// A process goes on with the files that it has open.
func TestFilesThatAreMovedWhileTheyAreOpen(t *testing.T) {
	rename := func(path string) (string, error) {
		return path + ".old", os.Rename(path, path+".old")
	}
	remove := func(path string) (string, error) { return path, os.Remove(path) }
	link := func(path string) (string, error) {
		return path + ".link", os.Symlink(path, path+".link")
	}
	for _, c := range []struct {
		name, mode string
		move       func(string) (string, error)
		note       string
	}{
		{"renamed, rollback journal", "delete", rename, ""},
		{"deleted, rollback journal", "delete", remove, "The file is deleted"},
		{"renamed, WAL", "wal", rename, "The database was renamed or deleted"},
		{"deleted, WAL", "wal", remove, "The file is deleted"},
		{"named by a symbolic link", "wal", link, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := newDatabase(t, c.mode)
			p := start(t, script{Path: path, First: []string{"BEGIN IMMEDIATE"}})
			path, err := c.move(path)
			if err != nil {
				t.Fatal(err)
			}
			r := see(t, path)
			if w, ok := r.after.writer(); !ok || w.pid != p.pid {
				t.Errorf("the writer is %+v, want process %d", w, p.pid)
			}
			if out := text(t, r); !strings.Contains(words(out), c.note) {
				t.Errorf("no %q in:\n%s", c.note, out)
			}
		})
	}
}

func TestErrors(t *testing.T) {
	dir := t.TempDir()
	plain := filepath.Join(dir, "text")
	if err := os.WriteFile(plain, []byte(strings.Repeat("text", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	good := newDatabase(t, "delete")
	for _, c := range []struct {
		name   string
		getenv func(string) string
		want   string
	}{
		{"no database", golden.Getenv(), "DB is empty; give the path of a database"},
		{"a missing file", golden.Getenv("DB", dir+"/none"), "does not exist"},
		{"one of two is missing", golden.Getenv("DB", good+" "+dir+"/none"), "does not exist"},
		{"text", golden.Getenv("DB", plain), "is not a SQLite database"},
		{"a directory", golden.Getenv("DB", dir), "is not a regular file"},
		{"no duration", golden.Getenv("DB", good, "WATCH", "10"), `bad WATCH "10"`},
		{"looks too often", golden.Getenv("DB", good, "EVERY", "1us"), `bad EVERY "1us"`},
		{"a bad label", golden.Getenv("DB", good, "LABEL", "my run"), "LABEL: bad label"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var out strings.Builder
			err := run(t.Context(), &out, c.getenv)
			if err == nil || !strings.Contains(err.Error(), c.want) || out.Len() > 0 ||
				strings.Contains(err.Error(), "\n") {
				t.Errorf("error is %v, printed %q", err, &out)
			}
		})
	}
}

func TestAnEmptyFileIsAnEmptyDatabase(t *testing.T) {
	path := filepath.Join(t.TempDir(), "empty.db")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if out := words(text(t, see(t, path))); !strings.Contains(out, "an empty file") {
		t.Errorf("it says %s", out)
	}
}

// fingerprint returns the content and the times of all files in a directory, that of the last
// access included.
func fingerprint(t *testing.T, dir string) map[string]string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, e := range entries {
		var stat unix.Stat_t
		if err := unix.Stat(filepath.Join(dir, e.Name()), &stat); err != nil {
			t.Fatal(err)
		}
		file, err := filelock.Open(filepath.Join(dir, e.Name())) // keeps the time of access
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		text, err := io.ReadAll(file)
		if err != nil {
			t.Fatal(err)
		}
		files[e.Name()] = fmt.Sprintln(stat.Atim, stat.Mtim, stat.Ctim, string(text))
	}
	return files
}

func TestLookingChangesNothing(t *testing.T) {
	for _, mode := range []string{"delete", "wal"} {
		t.Run(mode, func(t *testing.T) {
			path := newDatabase(t, mode)
			start(t, script{Path: path, First: []string{"BEGIN IMMEDIATE",
				"INSERT INTO t VALUES(2)"}})
			before := fingerprint(t, filepath.Dir(path))
			see(t, path)
			if after := fingerprint(t, filepath.Dir(path)); !maps.Equal(before, after) {
				t.Errorf("the files are %q, were %q", after, before)
			}
		})
	}
}

func TestAnInterruptReportsWhatWasSeen(t *testing.T) {
	path := newDatabase(t, "delete")
	p := start(t, script{Path: path, First: []string{"BEGIN IMMEDIATE"}})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var out strings.Builder
	err := run(ctx, &out, golden.Getenv("DB", path, "WATCH", "1h",
		"LABEL", filepath.Join(t.TempDir(), "x.txt")))
	if want := fmt.Sprintf("pid %d (", p.pid); !errors.Is(err, context.Canceled) ||
		!strings.Contains(out.String(), want) {
		t.Errorf("error is %v, printed %s", err, &out)
	}
}

// A process that has exited when the report is written is still named.
func TestAProcessThatExitsMeanwhileIsNamed(t *testing.T) {
	path := newDatabase(t, "wal")
	p := start(t, script{Path: path, First: []string{"BEGIN IMMEDIATE"}})
	r := see(t, path)
	p.kill()
	r.watched, r.after = true, state{header: r.after.header}
	want := fmt.Sprintf("%d %s 100.0 %%", p.pid, filepath.Base(os.Args[0]))
	if out := words(text(t, r)); !strings.Contains(out, want) {
		t.Errorf("no %q in %s", want, out)
	}
}
