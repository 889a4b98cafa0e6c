package others

import (
	"fmt"
	"strconv"
	"time"

	"busybench/bench/format"
	"busybench/bench/outcome"
	"busybench/bench/scenario"
)

// log is the largest write-ahead log of all rounds, and the longest read of that round.
type log struct {
	bytes  int64
	read   time.Duration
	reader outcome.Participant
}

func (l *log) add(r outcome.Round) {
	if n := r.WALBytes(); n > l.bytes {
		*l = log{bytes: n}
		for by, series := range r.All() {
			for _, o := range series.Outcomes {
				took := time.Duration(o.End - o.Start)
				if o.Phase == outcome.Read && took > l.read {
					l.read, l.reader = took, by
				}
			}
		}
	}
}

func (l *log) merge(other log) {
	if other.bytes > l.bytes {
		*l = other
	}
}

// SQLite's defaults: a commit makes a checkpoint if the log has this many pages or more.
const (
	defaultPages    = 1000
	defaultPageSize = 4096
)

// usual returns the size of a log at which a commit makes a checkpoint.
func usual(s scenario.Scenario) int64 {
	pages, size := int64(defaultPages), int64(defaultPageSize)
	if s.Checkpoint.Pages > 0 {
		pages = int64(s.Checkpoint.Pages)
	}
	for name, value := range s.Pragmas.All() {
		n, err := strconv.ParseInt(value, 10, 64)
		switch {
		case err != nil || n <= 0:
		case name == "wal_autocheckpoint":
			pages = n
		case name == "page_size":
			size = n
		}
	}
	return pages * size
}

// A log is large if it is this many times its usual size, and a read is long if it took longRead.
const (
	largeLog = 2
	longRead = 100 * time.Millisecond
)

// describe says why the log became large, if it did and if it is known.
func (l *log) describe(s scenario.Scenario) string {
	most := usual(s)
	if l.bytes < largeLog*most {
		return ""
	}
	reason := ""
	switch {
	case l.read > longRead:
		// A checkpoint leaves pages that came after the snapshot of a reader, and writers begin
		// again at the start of the log only if no reader uses it (walRestartLog in wal.c).
		reason = fmt.Sprintf("%v kept a snapshot for %s, and until it ends writers cannot begin "+
			"again at the start of the log: shorten reads", l.reader, duration(int64(l.read)))
	case s.Checkpoint.Mode == scenario.Off:
		reason = "with checkpoint=off no commit makes a checkpoint"
	case s.Checkpoint.Extra():
		reason = fmt.Sprintf("checkpoints are made every %v only, and those other than restart "+
			"and truncate do not wait until writers can begin again at the start of the log",
			s.Checkpoint.Every)
	case s.Intruder.Kind == scenario.Bulk, s.Intruder.Kind == scenario.Vacuum:
		reason = fmt.Sprintf("intruder=%v wrote much in one transaction", s.Intruder)
	default:
		return ""
	}
	return fmt.Sprintf("the write-ahead log grew to %s MB, %s times the size at which a commit "+
		"makes a checkpoint: %s", megabytes(l.bytes), format.Factor(float64(l.bytes)/float64(most)),
		reason)
}

func megabytes(bytes int64) string { return strconv.FormatFloat(float64(bytes)/1e6, 'f', 1, 64) }
