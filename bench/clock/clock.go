package clock

import (
	"time"

	"golang.org/x/sys/unix"
)

// Now is an instant of CLOCK_MONOTONIC in nanoseconds, comparable between the processes of one
// machine (clock_gettime(2)).
func Now() int64 { return clockOrigin + int64(time.Since(clockBase)) }

// Go's own clock is CLOCK_MONOTONIC too, read without a system call, but it shows only
// differences. The origin ties it to the kernel's numbers, once.
var clockBase, clockOrigin = tieClock()

// tieClock reads both clocks several times and trusts the closest pair.
func tieClock() (base time.Time, origin int64) {
	base = time.Now()
	narrowest := time.Hour
	for range 16 {
		before := time.Since(base)
		kernel := kernelNow()
		after := time.Since(base)
		if after-before < narrowest {
			narrowest = after - before
			origin = kernel - int64(before+after)/2
		}
	}
	return base, origin
}

func kernelNow() int64 {
	var ts unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_MONOTONIC, &ts); err != nil {
		panic("clock_gettime(CLOCK_MONOTONIC): " + err.Error())
	}
	return ts.Nano()
}

// SleepUntil sleeps until an instant of [Now] has come. It asks the kernel rather than Go's
// timers, which an idle process rounds up to whole milliseconds.
func SleepUntil(instant int64) {
	ts := unix.NsecToTimespec(instant)
	for unix.ClockNanosleep(unix.CLOCK_MONOTONIC, unix.TIMER_ABSTIME, &ts, nil) == unix.EINTR {
	}
}
