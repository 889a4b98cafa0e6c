package fleet

import (
	"os"
	"path/filepath"
	"testing"

	"busybench/bench/clock"
	"busybench/bench/outcome"
	"busybench/bench/protocol"
	"busybench/bench/scenario"
	"busybench/bench/wait"
)

// writeLog makes a file of a number of bytes in the place of the database's log.
func writeLog(t *testing.T, task protocol.Task, bytes int) {
	t.Helper()
	if err := os.WriteFile(task.Database+"-wal", make([]byte, bytes), 0o600); err != nil {
		t.Fatal(err)
	}
}

func largest(sizes []outcome.Size) int64 { return outcome.Round{WALSizes: sizes}.WALBytes() }

func TestTheSizeOfTheLogIsThatAtTheEnd(t *testing.T) {
	for journal, want := range map[string]int64{scenario.WAL: 7, scenario.Delete: 0} {
		t.Run(journal, func(t *testing.T) {
			task := protocol.Task{Database: filepath.Join(t.TempDir(), "messages.db")}
			task.Scenario.Journal = journal
			release := Release{Schedule: outcome.Schedule{Release: clock.Now() + 1e18}}
			w := watchLog(task, release)
			writeLog(t, task, 7)
			if got := largest(w.sizes()); got != want {
				t.Errorf("%d bytes, want %d", got, want)
			}
		})
	}
}

// The last connection to be closed removes the log.
func TestTheSizeOfALogThatIsRemovedInTheRound(t *testing.T) {
	task := protocol.Task{Database: filepath.Join(t.TempDir(), "messages.db")}
	task.Scenario.Journal = scenario.WAL
	writeLog(t, task, 9)
	w := watchLog(task, Release{Schedule: outcome.Schedule{Release: clock.Now()}})
	wait.Until(t, "the size was looked at", func() bool {
		w.mu.Lock()
		defer w.mu.Unlock()
		return largest(w.seen) == 9
	})
	if err := os.Remove(task.Database + "-wal"); err != nil {
		t.Fatal(err)
	}
	if got := largest(w.sizes()); got != 9 {
		t.Errorf("%d bytes, want 9", got)
	}
}
