package scratch

import (
	"os"

	"golang.org/x/sys/unix"
)

// Flock is flock(2), tried again where a signal to the process, such as Go's own for preemption, got in between.
func Flock(file *os.File, how int) error {
	for {
		if err := unix.Flock(int(file.Fd()), how); err != unix.EINTR {
			return err
		}
	}
}
