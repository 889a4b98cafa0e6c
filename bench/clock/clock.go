// Package clock reads and waits for instants that are comparable between the processes of one
// machine. Writers wait for the release of a round on their own, each with its own reading.
package clock

import (
	"time"

	"golang.org/x/sys/unix"
)

// Now returns CLOCK_MONOTONIC in nanoseconds (clock_gettime(2)).
func Now() int64 { return origin + int64(time.Since(base)) }

// Go's own clock is CLOCK_MONOTONIC too, read without a system call, but it shows only
// differences. The origin ties it to the kernel's numbers, once.
var base, origin = calibrate()

// calibrate reads both clocks several times and uses the pair that was read in the shortest time.
func calibrate() (base time.Time, origin int64) {
	base = time.Now()
	shortest := time.Hour
	for range 16 {
		before := time.Since(base)
		kernel := read(unix.CLOCK_MONOTONIC)
		after := time.Since(base)
		if after-before < shortest {
			shortest = after - before
			origin = kernel - int64(before+after)/2
		}
	}
	return base, origin
}

// SinceBoot returns CLOCK_BOOTTIME, which also goes on while the machine is suspended.
func SinceBoot() time.Duration { return time.Duration(read(unix.CLOCK_BOOTTIME)) }

func read(id int32) int64 {
	var ts unix.Timespec
	if err := unix.ClockGettime(id, &ts); err != nil {
		panic("clock_gettime: " + err.Error()) // every Linux since 2.6.39 has these clocks
	}
	return ts.Nano()
}

// SleepUntil sleeps until an instant of [Now]. It calls the kernel rather than Go's timers, which
// an idle process rounds up to whole milliseconds.
func SleepUntil(instant int64) {
	ts := unix.NsecToTimespec(instant)
	for unix.ClockNanosleep(unix.CLOCK_MONOTONIC, unix.TIMER_ABSTIME, &ts, nil) == unix.EINTR {
	}
}

// Spend waits for a length of time: it sleeps, or computes. An idle process sleeps for up to a
// millisecond longer.
func Spend(length time.Duration, compute bool) {
	if !compute {
		time.Sleep(length)
		return
	}
	for end := Now() + int64(length); Now() < end; {
	}
}
