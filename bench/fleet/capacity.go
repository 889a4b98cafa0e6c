package fleet

import (
	"fmt"
	"runtime/debug"
	"time"

	"busybench/bench/format"
	"busybench/bench/host"
)

// footprint is the maximum that a writer or a reader uses of the machine, measured and rounded up.
type footprint struct {
	exec    string // the axis's value
	files   int64  // file descriptors in this process
	threads int64
	memory  int64         // bytes, including the kernel's, without the rows of its transaction
	lead    time.Duration // to receive the request before the release; less shows as skew

	shared int64 // file descriptors that all members share
}

// rowCopies is how many copies of its transaction's rows a writer holds at its peak: the payload,
// bound values, SQLite's record, pages of the cache, and garbage.
//
// It is the peak of resident memory (VmHWM in proc_pid_status(5)) above that of an idle process, by
// the size of the rows. Measured with transactions of 20 MB, txn=auto and immediate, journal=delete
// and wal, in sustained rounds: a process holds 6.5 copies with batch=1 and 2.9 with batch=4, in
// bursts 4.4 and 2.6. One goroutine holds 6.3 copies, four hold 5.5 each and twelve 3.9 each,
// because they share garbage and take turns in SQLite; with batch=4 2.7, 2.2 and 2.1.
const rowCopies = 7

// A writer process needs two pipes and a process handle here. It takes 1.6 MiB, 1.3 MiB of them
// private (BenchmarkHarness). It runs 5 to 7 threads: Go's monitor, one that reads requests, one in
// a system call of the database, one in the queue, two that run Go code, and one that takes over
// from another.
//
// A goroutine's connection opens the database, its journal and the queue's lock file. It can leave
// one more file open until others have released their locks ("UnixUnusedFd" in
// https://www.sqlite.org/src/doc/trunk/src/os_unix.c). Under a timeout and in a queue it sleeps in
// a thread of its own.
//
// A goroutine of another program has both ends of its socket open here while the program starts,
// and one end there, where it opens the same files as one of this process, unless it shares
// connections. Both processes have the same limit.
//
// A process has to read the request and go to sleep before the release. For goroutines a gate
// opens. Those of another program read the request, too.
var (
	processFootprint = footprint{
		exec: "process", files: 3, threads: 7, memory: 2 << 20, lead: 300 * time.Microsecond,
	}
	goroutineFootprint = footprint{
		exec: "goroutine", files: 4, threads: 1, memory: 1 << 20, lead: 2 * time.Microsecond,
	}
	oneProcessFootprint = footprint{
		exec: "goroutine", files: 1 + goroutineFootprint.files, threads: 1, memory: 1 << 20,
		lead: 100 * time.Microsecond,
	}
)

// oneProcess returns the footprint of participants in one process of another program.
func (o Options) oneProcess() footprint {
	f := oneProcessFootprint
	if o.SharedConns > 0 {
		f.files = 2
		f.shared = int64(o.SharedConns+o.Others) * goroutineFootprint.files
	}
	return f
}

// What must stay free for other uses by this process and the machine.
const (
	spareFiles   = 100
	spareThreads = 200
	spareMemory  = 256 << 20
)

// Fits returns an error unless the fleet can grow to n members on this machine. It raises this
// process's own limits if that is allowed. The error names what the members need, what is free, and
// the limit.
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
		return fmt.Errorf("count free threads: %w", err)
	}
	if need := more*f.footprint.threads + spareThreads; need > threads.Free {
		return f.tooSmall(n, need, "threads", threads)
	}
	debug.SetMaxThreads(max(goThreads, n*int(f.footprint.threads)+spareThreads))
	return f.memoryFits(n, more)
}

// goThreads is the number of threads at which Go ends a program by default.
const goThreads = 10_000

func (f *Fleet) memoryFits(n int, more int64) error {
	memory, err := host.FreeMemory()
	if err != nil {
		return fmt.Errorf("measure free memory: %w", err)
	}
	const MiB = 1 << 20
	need := more*(f.footprint.memory+rowCopies*f.options.TransactionBytes) + spareMemory
	if need > memory.Free {
		memory.Free /= MiB
		return f.tooSmall(n, need/MiB, "MiB of memory", memory)
	}
	return nil
}

func (f *Fleet) filesFit(n int, more int64) error {
	open, err := host.OpenFiles()
	if err != nil {
		return fmt.Errorf("count open files: %w", err)
	}
	need := open + more*f.footprint.files + f.footprint.shared + spareFiles
	files, err := host.RaiseFileLimit(need)
	if err == nil && need > files.Free {
		return f.tooSmall(n, need, "file descriptors", files)
	}
	return err
}

func (f *Fleet) tooSmall(n int, need int64, resource string, capacity host.Capacity) error {
	members, lower := fmt.Sprintf("%d writers", n), "writers"
	if others := f.options.Others; others > 0 {
		members = format.Count(n-others, "writer") + " and " +
			format.Count(others, "other participant")
		lower = "writers or readers"
	}
	return fmt.Errorf(
		"%s (exec=%s) need about %d %s, but %s allows %d: raise the limit or lower %s",
		members, f.footprint.exec, need, resource, capacity.Limit, capacity.Free, lower)
}
