package fleet

import (
	"os"
	"sync"
	"time"

	"busybench/bench/clock"
	"busybench/bench/outcome"
	"busybench/bench/protocol"
	"busybench/bench/scenario"
)

// logInterval is how often the size of the write-ahead log is looked at in a round. That is rare
// enough to not disturb writers, and often enough for a log that grows for a second.
const logInterval = 100 * time.Millisecond

// logWatch looks at the size of the file of a write-ahead log.
//
// The file only grows while a connection is open: a checkpoint lets writers begin again at its
// start, but does not shorten it (https://www.sqlite.org/wal.html, section 3.3). So its size before
// the connections are closed is the largest. It is looked at in between for writers that connect
// anew in each attempt: the last connection to be closed removes the file.
type logWatch struct {
	path    string
	stop    chan struct{}
	stopped chan struct{}
	mu      sync.Mutex
	seen    []outcome.Size
}

// watchLog looks at the log of a task's database from the release on. In other journal modes it
// does nothing.
func watchLog(task protocol.Task, r Release) *logWatch {
	w := &logWatch{
		path: task.Database + "-wal",
		stop: make(chan struct{}), stopped: make(chan struct{}),
	}
	if task.Scenario.Journal != scenario.WAL {
		close(w.stopped)
		return w
	}
	go w.watch(time.Duration(r.Release - clock.Now()))
	return w
}

func (w *logWatch) watch(delay time.Duration) {
	defer close(w.stopped)
	for timer := time.NewTimer(delay + logInterval); ; timer.Reset(logInterval) {
		select {
		case <-timer.C:
			w.look()
		case <-w.stop:
			timer.Stop()
			w.look()
			return
		}
	}
}

func (w *logWatch) look() {
	if info, err := os.Stat(w.path); err == nil {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.seen = append(w.seen, outcome.Size{At: clock.Now(), Bytes: info.Size()})
	}
}

// sizes looks once more, ends the watch, and returns what it has seen.
func (w *logWatch) sizes() []outcome.Size {
	close(w.stop)
	<-w.stopped
	return w.seen
}
