package sqlitedb

import (
	"cmp"
	"math"
	"sync"
	"time"

	"modernc.org/libc"
	lib "modernc.org/sqlite/lib"
	"zombiezen.com/go/sqlite"

	"busybench/bench/clock"
	"busybench/bench/outcome"
	"busybench/bench/scenario"
)

// busySleeps are the sleeps, in ms, of SQLite's busy timeout; the last one repeats
// (sqliteDefaultBusyCallback in SQLite's main.c). The driver's endless wait has the same.
var busySleeps = [...]int32{1, 2, 5, 10, 15, 20, 25, 25, 25, 50, 50, 100}

// busyHandler is the busy handler of a connection (https://www.sqlite.org/c3ref/busy_handler.html),
// which SQLite calls when it is refused a lock. It sleeps as SQLite's busy timeout does, or as the
// driver's endless wait, and records that the lock was refused: SQLite does not report it.
type busyHandler struct {
	timeout  int64 // in ms; 0 to not wait
	interval int64 // of all sleeps, in ms; 0 for those of busySleeps
	sleep    func(tls *libc.TLS, ms int32)
	// waited lasts from the first refusal since reset to the end of the last sleep, at which the
	// lock was requested again. From is 0 if no lock was refused, and To if it did not sleep.
	waited outcome.Span
}

// busyHandlers holds the busy handlers of all connections, by SQLite's handle.
var busyHandlers sync.Map

// newBusyHandler replaces the busy handler of a connection by one that does not wait.
func newBusyHandler(db *sqlite.Conn) *busyHandler {
	h := new(busyHandler)
	tls, conn := handle(db)
	busyHandlers.Store(conn, h)
	lib.Xsqlite3_busy_handler(tls, conn, cFunction(callBusyHandler), conn)
	return h
}

// removeBusyHandler forgets the busy handler of a connection, which is then closed.
func removeBusyHandler(db *sqlite.Conn) {
	_, conn := handle(db)
	busyHandlers.Delete(conn)
}

// callBusyHandler is what SQLite calls, with the number of times that it has for this lock.
func callBusyHandler(tls *libc.TLS, conn uintptr, count int32) (retry int32) {
	h, ok := busyHandlers.Load(conn)
	if ok && h.(*busyHandler).wait(tls, int64(count)) {
		return 1
	}
	return 0
}

// set makes the handler wait as a busy policy demands. Under busy=retry the writer does the
// waiting, so SQLite must not wait at all. Under busy=queue no other writer should hold a lock, so
// SQLite may wait as long as the queue's own timeout.
func (h *busyHandler) set(b scenario.Busy) {
	h.interval = 0
	switch b.Policy {
	case scenario.Block:
		h.timeout, h.sleep = math.MaxInt64, sleepLikeDriver
	case scenario.Timeout, scenario.Queue, scenario.Lease, scenario.Poll:
		h.timeout, h.sleep = b.Timeout.Milliseconds(), sleepLikeSQLite
	default:
		h.timeout = 0
	}
	if b.Policy == scenario.Poll {
		h.interval = b.Interval.Milliseconds()
	}
}

func sleepLikeDriver(_ *libc.TLS, ms int32) { time.Sleep(time.Duration(ms) * time.Millisecond) }

func sleepLikeSQLite(tls *libc.TLS, ms int32) { lib.Xsqlite3_sleep(tls, ms) }

func (h *busyHandler) reset() { h.waited = outcome.Span{} }

// wait records a refusal and sleeps, unless the timeout has passed.
func (h *busyHandler) wait(tls *libc.TLS, count int64) (retry bool) {
	h.waited.From = cmp.Or(h.waited.From, clock.Now())
	ms := busySleep(count, h.timeout)
	if h.interval > 0 {
		ms = h.pollSleep()
	}
	if ms <= 0 {
		return false
	}
	h.sleep(tls, ms)
	h.waited.To = clock.Now()
	return true
}

// busySleep returns how long to sleep after a number of sleeps, in ms. It is not above 0 if the
// timeout has passed. Like SQLite it counts the time asked for, not the time that passed.
func busySleep(count, timeout int64) (ms int32) {
	last := int64(len(busySleeps) - 1)
	var slept int64
	for _, ms := range busySleeps[:min(count, last)] {
		slept += int64(ms)
	}
	next := busySleeps[min(count, last)]
	slept += int64(next) * max(0, count-last)
	return int32(min(int64(next), timeout-slept))
}

// pollSleep returns the next sleep of a handler with a constant interval, in ms. It is not above 0
// if the timeout has passed. It counts the time that passed, as Ruby's busy_handler_timeout does.
func (h *busyHandler) pollSleep() (ms int32) {
	passed := time.Duration(clock.Now() - h.waited.From).Milliseconds()
	return int32(min(h.interval, h.timeout-passed))
}

// lockWait returns how long the call of SQLite that returned err had waited for a lock when it
// returned, or 0 if it failed at once. SQLITE_PROTOCOL comes after retries of SQLite's own, in
// which it does not call the busy handler (walTryBeginRead in SQLite's wal.c).
func lockWait(err error, waited, call outcome.Span) int64 {
	switch code := ResultCode(err); {
	case code.IsLock() && waited.To != 0:
		return call.To - waited.From
	case code.Primary() == outcome.Protocol:
		return call.To - call.From
	}
	return 0
}

// refused returns the time in which the call of SQLite that returned err, at the instant end, had
// been refused a lock and did not have it yet. SQLite does not call the busy handler if waiting
// cannot help.
func refused(err error, waited outcome.Span, end int64) outcome.Span {
	if ResultCode(err).IsLock() {
		return outcome.Span{From: cmp.Or(waited.From, end), To: end}
	}
	return waited
}

// length returns the length of a span, 0 if it has no end.
func length(s outcome.Span) int64 { return max(0, s.To-s.From) }
