package host

import (
	"math"
	"time"

	"golang.org/x/sys/unix"
)

// Watch observes the machine during a run.
type Watch struct {
	stalls *StallWatch
	before counters
}

// StartWatch starts a watch. It costs as much as a [StallWatch] until it is stopped.
func StartWatch() *Watch {
	return &Watch{StartStallWatch(), readCounters(systemRoot, allowedCores())}
}

// Stop ends the watch and returns what happened since its start. The children of this process
// must have been waited for: otherwise the processor time they used is taken for that of others.
func (w *Watch) Stop() Machine {
	m := w.before.until(readCounters(systemRoot, allowedCores()))
	m.Quota = readQuota(systemRoot)
	m.Stopped = 0
	for _, s := range w.stalls.Stop() {
		m.Stopped += s.Length
	}
	return m
}

// counters are what the kernel counts, at one instant. Those that it does not count are unknown.
type counters struct {
	at        time.Time
	own       time.Duration // processor time of this process and of children it has waited for
	throttled time.Duration
	cpu, io   time.Duration // pressure
	ticks     ticks         // the total is 0 if unknown
}

func readCounters(root string, mayUse func(core int) bool) counters {
	all, _ := readTicks(root, mayUse) // zero if there is an error
	return counters{
		at:        time.Now(),
		own:       cpuTime(unix.RUSAGE_SELF) + cpuTime(unix.RUSAGE_CHILDREN),
		throttled: readThrottled(root),
		cpu:       readPressure(root, "cpu"),
		io:        readPressure(root, "io"),
		ticks:     all,
	}
}

// minShareLength is the shortest watch whose shares are known. The kernel counts the time of cores
// in ticks of 10 ms, and most kernels guess by samples what is done in them.
const minShareLength = time.Second

// until returns what happened between two instants, as far as counters show it.
func (before counters) until(after counters) Machine {
	m := UnknownMachine()
	m.Throttled = difference(before.throttled, after.throttled)
	length := after.at.Sub(before.at)
	if length < minShareLength {
		return m
	}
	m.CPUPressure = share(difference(before.cpu, after.cpu), length)
	m.IOPressure = share(difference(before.io, after.io), length)
	if before.ticks.total == 0 || after.ticks.total <= before.ticks.total {
		return m
	}
	all := time.Duration(after.ticks.total-before.ticks.total) * tick
	// A thread of the kernel that has ended takes its count with it.
	kernel := max(after.ticks.kernel-before.ticks.kernel, 0)
	busy := time.Duration(after.ticks.busy-before.ticks.busy-kernel) * tick
	m.Steal = share(time.Duration(after.ticks.steal-before.ticks.steal)*tick, all)
	m.Others = share(max(busy-(after.own-before.own), 0), all)
	return m
}

// difference returns how much a counter grew. It is [unknown] if one of the values is, or if the
// counter was reset.
func difference(before, after time.Duration) time.Duration {
	if before < 0 || after < before {
		return unknown
	}
	return after - before
}

// share returns a part in percent, from 0 to 100, or [unknown] if the part is.
func share(part, whole time.Duration) float64 {
	if part < 0 {
		return unknown
	}
	return math.Min(100*float64(part)/float64(whole), 100)
}
