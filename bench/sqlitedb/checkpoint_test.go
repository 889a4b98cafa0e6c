package sqlitedb

import (
	"os"
	"testing"
	"time"

	"busybench/bench/clock"
	"busybench/bench/outcome"
	"busybench/bench/scenario"
)

func newCheckpointer(t *testing.T, path string, s scenario.Scenario) *Checkpointer {
	t.Helper()
	c, err := ConnectCheckpointer(path, s)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// logSize returns the size of the write-ahead log of a database.
func logSize(t *testing.T, path string) int64 {
	t.Helper()
	info, err := os.Stat(path + "-wal")
	if err != nil {
		t.Fatal(err)
	}
	return info.Size()
}

// Only truncate makes the file of the log shorter. Passive takes no write lock.
func TestEveryKindOfCheckpoint(t *testing.T) {
	for _, mode := range scenario.CheckpointModes {
		t.Run(mode, func(t *testing.T) {
			s := newScenario(t, "journal=wal checkpoint="+mode+":1s")
			path := create(t, s)
			checkpointer, c := newCheckpointer(t, path, s), connect(t, path, s)
			if _, err := c.Transact(clock.Now(), newIDs(1)); err != nil {
				t.Fatal(err)
			}
			before := clock.Now()
			trace, end, err := checkpointer.Checkpoint(before)
			released := end
			if mode == "passive" {
				released = 0
			}
			want := outcome.Trace{Phase: outcome.Checkpoint, LockReleased: released}
			if err != nil || end <= before || trace != want {
				t.Errorf("the checkpoint from %d to %d is %+v, %v", before, end, trace, err)
			}
			if got := logSize(t, path) == 0; got != (mode == "truncate") {
				t.Errorf("the log has %d bytes", logSize(t, path))
			}
		})
	}
}

// A reader keeps the log in use. A passive checkpoint does not mind.
func TestACheckpointThatMeetsAReader(t *testing.T) {
	for _, mode := range scenario.CheckpointModes {
		t.Run(mode, func(t *testing.T) {
			s := newScenario(t, "journal=wal busy=1ms readers=1 read=hold:1h checkpoint="+mode+
				":1s")
			path := create(t, s)
			reader, c := newReader(t, path, s), connect(t, path, s)
			checkpointer := newCheckpointer(t, path, s)
			var trace outcome.Trace
			var checkpointErr error
			_, _, err := reader.Read(clock.Now(), func(time.Duration) {
				if _, err := c.Transact(clock.Now(), newIDs(1)); err != nil {
					t.Error(err)
				}
				trace, _, checkpointErr = checkpointer.Checkpoint(clock.Now())
			})
			if err != nil {
				t.Fatal(err)
			}
			refused := ResultCode(checkpointErr) == outcome.Busy
			if refused != (mode != "passive") {
				t.Errorf("the checkpoint is %+v, %v", trace, checkpointErr)
			}
			if _, _, err := checkpointer.Checkpoint(clock.Now()); err != nil {
				t.Errorf("a checkpoint after the read: %v", err)
			}
		})
	}
}

func TestWhoMakesCheckpoints(t *testing.T) {
	for _, c := range []struct {
		checkpoint, want string
	}{
		{"auto", "1000"}, {"auto:7", "7"}, {"off", "0"}, {"truncate:1s", "0"},
	} {
		t.Run(c.checkpoint, func(t *testing.T) {
			s := newScenario(t, "journal=wal checkpoint="+c.checkpoint)
			conn := connect(t, create(t, s), s)
			if got, err := pragma(conn.db, "wal_autocheckpoint", ""); got != c.want || err != nil {
				t.Errorf("wal_autocheckpoint is %q, %v, want %q", got, err, c.want)
			}
		})
	}
}
