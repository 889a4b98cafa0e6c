package writer

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"busybench/bench/clock"
	"busybench/bench/outcome"
	"busybench/bench/protocol"
	"busybench/bench/scenario"
	"busybench/bench/sqlitedb"
)

// newTask creates an empty database and returns a task on it.
func newTask(t *testing.T, axes string) protocol.Task {
	t.Helper()
	s, err := scenario.Single(axes, "exec=goroutine journal=wal writers=1 sync=off conn=held")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "messages.db")
	if err := sqlitedb.Create(path, s, slices.Values([]uuid.UUID(nil))); err != nil {
		t.Fatal(err)
	}
	return protocol.Task{Scenario: s, Database: path, Seed: 1}
}

func newWriter(t *testing.T, task protocol.Task) *Writer {
	t.Helper()
	w, err := New(task)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func closeWriter(t *testing.T, w *Writer) {
	t.Helper()
	if err := w.Close(); err != nil {
		t.Error(err)
	}
}

// requireAudit requires that the database holds what a series reports.
func requireAudit(t *testing.T, path string, s outcome.Series) {
	t.Helper()
	ledger := sqlitedb.Ledger{}
	for i, o := range s.Outcomes {
		for _, id := range s.Rows(i) {
			ledger[id] = o.Acknowledged()
		}
	}
	f, err := sqlitedb.Audit(path, ledger)
	if err != nil || f.Err() != nil {
		t.Errorf("audit: %v, %v", err, f.Err())
	}
}

// run runs a writer for one round.
func run(t *testing.T, task protocol.Task, s outcome.Schedule) outcome.Series {
	t.Helper()
	w := newWriter(t, task)
	series := w.Run(s, Tail{})
	closeWriter(t, w)
	for i, o := range series.Outcomes {
		other := !o.Acknowledged() && !o.LockError()
		if message := series.Messages[i]; other != (message != "") {
			t.Errorf("attempt %d ended with code %d and message %q", i, o.Code, message)
		}
	}
	return series
}

// burst is the schedule of a burst that is released at once.
var burst = outcome.Schedule{Mode: outcome.Burst}

// sustainedUntil is the schedule of a sustained round that is released at once.
func sustainedUntil(deadline int64) outcome.Schedule {
	return outcome.Schedule{Mode: outcome.Sustained, Deadline: deadline}
}

func TestBurstIsOneAttempt(t *testing.T) {
	for _, conn := range []string{"fresh", "held"} {
		t.Run("conn="+conn, func(t *testing.T) {
			task := newTask(t, "conn="+conn)
			before := clock.Now()
			s := run(t, task, burst)
			after := clock.Now()
			if len(s.Outcomes) != 1 {
				t.Fatalf("%d outcomes, want 1", len(s.Outcomes))
			}
			o := s.Outcomes[0]
			if !o.Acknowledged() || o.LockError() {
				t.Errorf("outcome is %+v", o)
			}
			if !slices.IsSorted([]int64{before, o.Start, o.End, after}) {
				t.Errorf("the attempt lasted from %d to %d, not within %d to %d",
					o.Start, o.End, before, after)
			}
			requireAudit(t, task.Database, s)
		})
	}
}

func TestNoAttemptBeginsAfterTheDeadline(t *testing.T) {
	task := newTask(t, "")
	deadline := clock.Now() + 50e6
	s := run(t, task, sustainedUntil(deadline))
	if len(s.Outcomes) == 0 {
		t.Fatal("no attempt in 50 ms")
	}
	for i, o := range s.Outcomes {
		if o.Start >= deadline {
			t.Errorf("attempt %d began %d ns after the deadline", i, o.Start-deadline)
		}
		if i > 0 && o.Start < s.Outcomes[i-1].End {
			t.Errorf("attempt %d began before the previous one ended", i)
		}
	}
	if clock.Now() < deadline {
		t.Error("stopped before the deadline")
	}
	requireAudit(t, task.Database, s)
	if n := len(run(t, task, sustainedUntil(clock.Now()-1)).Outcomes); n != 0 {
		t.Errorf("%d attempts after a deadline in the past", n)
	}
}

func TestAMissingFileIsAnOtherError(t *testing.T) {
	task := newTask(t, "conn=fresh")
	task.Database += ".gone"
	o := run(t, task, burst).Outcomes[0]
	if o.Acknowledged() || o.LockError() || o.LockWait != 0 || o.Phase != outcome.Open ||
		o.Code.String() != "SQLITE_CANTOPEN" {
		t.Errorf("outcome is %+v", o)
	}
}

// emptyFile removes the table of a task's database. SQLite takes an empty file for a database with
// a rollback journal and without tables.
func emptyFile(t *testing.T, task *protocol.Task) {
	t.Helper()
	if err := os.Truncate(task.Database, 0); err != nil {
		t.Fatal(err)
	}
}

func TestNewReportsOneErrorIfTheTableIsMissing(t *testing.T) {
	for _, conn := range []string{"held", "pool"} {
		for _, busy := range []string{"5s", "queue:5s"} {
			t.Run(conn+"/"+busy, func(t *testing.T) {
				task := newTask(t, "journal=delete batch=32766 conn="+conn+" busy="+busy)
				emptyFile(t, &task)
				_, err := New(task)
				if err == nil {
					t.Fatal("no error")
				}
				text := err.Error()
				if !strings.HasPrefix(text, "writer 0: connect: ") ||
					!strings.HasSuffix(text, "no such table: messages") ||
					strings.Contains(text, "already closed") || strings.Contains(text, "\n") ||
					len(text) > protocol.MaxText {
					t.Errorf("error has %d bytes: %.1000s", len(text), text)
				}
			})
		}
	}
}

func TestMessagesAreShort(t *testing.T) {
	for _, c := range []struct {
		name, axes string
		change     func(*testing.T, *protocol.Task)
		want       []string
	}{
		{
			name:   "the table of a large batch is missing",
			axes:   "journal=delete conn=fresh batch=32766",
			change: emptyFile,
			want:   []string{"prepare an INSERT of 32766 rows", "no such table: messages"},
		},
		{
			name: "the path of the database is long",
			axes: "conn=fresh",
			change: func(t *testing.T, task *protocol.Task) {
				task.Database += strings.Repeat("/x", 500)
			},
			want: []string{"sqlite: open", " ... ", "unable to open database file"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			task := newTask(t, c.axes)
			c.change(t, &task)
			message := run(t, task, burst).Messages[0]
			if n := len(message); n > 500 {
				t.Errorf("the message has %d bytes, more than 500", n)
			}
			for _, want := range c.want {
				if !strings.Contains(message, want) {
					t.Errorf("message %.1000q does not contain %q", message, want)
				}
			}
		})
	}
}

func TestChunksKeepTheOrderOfOutcomes(t *testing.T) {
	for _, n := range []int{
		0, 1, chunkLength - 1, chunkLength, chunkLength + 1, 3*chunkLength + 5,
	} {
		var c chunks
		for i := range n {
			c.add(outcome.Outcome{Start: int64(i)})
		}
		all := c.join()
		if len(all) != n {
			t.Errorf("%d outcomes became %d", n, len(all))
		}
		for i, o := range all {
			if o.Start != int64(i) {
				t.Fatalf("of %d outcomes, number %d is at index %d", n, o.Start, i)
			}
		}
	}
}

func TestIDsDependOnSeedAndWriter(t *testing.T) {
	draw := func(seed uint64, writer int) (ids []uuid.UUID) {
		stream := NewIDs(seed, writer)
		for range 100 {
			ids = append(ids, stream.Next())
		}
		return ids
	}
	if !slices.Equal(draw(1, 2), draw(1, 2)) {
		t.Error("the same seed and writer draw different ids")
	}
	seen := map[uuid.UUID]bool{}
	for _, ids := range [][]uuid.UUID{
		draw(1, -1), draw(1, 0), draw(1, 1), draw(2, 0), draw(2, 1),
	} {
		for _, id := range ids {
			if seen[id] {
				t.Fatalf("id %v is drawn twice", id)
			}
			if id.Version() != 4 || id.Variant() != uuid.RFC4122 {
				t.Fatalf("id %v has version %v, variant %v", id, id.Version(), id.Variant())
			}
			seen[id] = true
		}
	}
}

func TestASustainedWriterPausesBetweenAttempts(t *testing.T) {
	const think = 3 * time.Millisecond
	w := newWriter(t, newTask(t, "think="+think.String()))
	defer closeWriter(t, w)
	calls := 0
	tail := Tail{Counted: func() {}, Over: func() bool { calls++; return calls > 10 }}
	outcomes := w.Run(sustainedUntil(clock.Now()+int64(5*think)), tail).Outcomes
	if len(outcomes) < 2 {
		t.Fatalf("%d attempts", len(outcomes))
	}
	for i, o := range outcomes[1:] {
		if gap := o.Start - outcomes[i].End; gap < int64(think) {
			t.Errorf("attempt %d begins %d ns after the one before, want %v", i+1, gap, think)
		}
	}
}

// Without an end the pause would outlast the test.
func TestAPauseEndsWithTheRound(t *testing.T) {
	w := newWriter(t, newTask(t, "think=1h"))
	defer closeWriter(t, w)
	calls := 0
	tail := Tail{Counted: func() {}, Over: func() bool { calls++; return calls > 3 }}
	if n := len(w.Run(sustainedUntil(clock.Now()+1e6), tail).Outcomes); n != 1 {
		t.Errorf("%d attempts, want 1", n)
	}
}
