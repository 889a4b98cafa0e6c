package fleet

import (
	"fmt"
	"runtime/debug"
	"time"

	"busybench/bench/host"
)

// needs is what a writer takes of the machine at most, by measurement and rounded up.
type needs struct {
	kind    string // for people
	files   int64  // descriptors open in this process
	threads int64
	memory  int64         // in bytes, the kernel's part included, beside the rows of its transaction
	lead    time.Duration // before the release, to be told of it; who gets too little starts late, and the skew shows it
}

// rowCopies is how often a writer holds the rows of its transaction: as text of its own, and as
// SQLite's record (500 processes with payload=20000000 take 38 MB each).
const rowCopies = 2

// A writer process keeps two pipes and a handle of the process open here, runs 4 to 6 threads (Go's
// runtime, one that reads commands and one that writes to the database), and takes 1.6 MiB, 1.3 of them private
// (BenchmarkHarness). A goroutine's connection opens the database, its journal and a queue's
// file, can leave one more open until others have let go of their locks (https://www.sqlite.org/src/doc/trunk/src/os_unix.c,
// "UnixUnusedFd"), and sleeps in a thread of its own under a timeout and in a queue. A process has to read the
// command and go to sleep before the release, for goroutines a gate opens.
var (
	ofProcess   = needs{kind: "process", files: 3, threads: 6, memory: 2 << 20, lead: 300 * time.Microsecond}
	ofGoroutine = needs{kind: "goroutine", files: 4, threads: 1, memory: 1 << 20, lead: 2 * time.Microsecond}
)

// Some room is left for what else this process and the machine do.
const (
	spareFiles   = 100
	spareThreads = 200
	spareMemory  = 256 << 20
)

// Fits tells whether n writers fit on this machine beside those that run already. It raises this
// process's own limits where that is allowed. The error says what they need, what there is, and which limit bounds it.
func (f *Fleet) Fits(n int) error {
	more := int64(n - len(f.members))
	if more <= 0 {
		return nil
	}
	if err := f.filesFit(n, more); err != nil {
		return err
	}
	threads, err := host.FreeThreads()
	if err != nil {
		return fmt.Errorf("how many threads are free: %w", err)
	}
	if need := more*f.needs.threads + spareThreads; need > threads.Free {
		return f.refusal(n, need, "threads", threads)
	}
	debug.SetMaxThreads(max(goThreads, n*int(f.needs.threads)+spareThreads))
	memory, err := host.FreeMemory()
	if err != nil {
		return fmt.Errorf("how much memory is free: %w", err)
	}
	const MiB = 1 << 20
	if need := more*(f.needs.memory+rowCopies*f.RowBytes) + spareMemory; need > memory.Free {
		return f.refusal(n, need/MiB, "MiB of memory", host.Room{Free: memory.Free / MiB, Limit: memory.Limit})
	}
	return nil
}

// goThreads is the number of threads at which Go ends a program, unless told otherwise.
const goThreads = 10_000

func (f *Fleet) filesFit(n int, more int64) error {
	open, err := host.OpenFiles()
	if err != nil {
		return fmt.Errorf("how many files are open: %w", err)
	}
	need := open + more*f.needs.files + spareFiles
	files, err := host.RaiseFiles(need)
	if err == nil && need > files.Free {
		return f.refusal(n, need, "file descriptors", files)
	}
	return err
}

func (f *Fleet) refusal(n int, need int64, what string, room host.Room) error {
	return fmt.Errorf("%d writers (exec=%s) need about %d %s, but %s allows %d: give it more, or let fewer write",
		n, f.needs.kind, need, what, room.Limit, room.Free)
}
