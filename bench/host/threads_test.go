package host

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

func TestIsLockWait(t *testing.T) {
	call := func(number int) string { return fmt.Sprintf("%d 0x5 0x0 0x48ec37\n", number) }
	for _, c := range []struct {
		name, line string
		want       bool
	}{
		{"running", "running\n", false},
		{"blocked outside a system call", "-1 0x7ffd 0x4099ce\n", false},
		{"nanosleep", call(unix.SYS_NANOSLEEP), true},
		{"flock", call(unix.SYS_FLOCK), true},
		{"futex", call(unix.SYS_FUTEX), false},
		{"number that begins like flock's", call(unix.SYS_FLOCK * 10), false},
		{"empty", "", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			if isLockWait(c.line) != c.want {
				t.Errorf("isLockWait(%q) is %v", c.line, !c.want)
			}
		})
	}
}

func TestThreadsThatWaitForAFileLockAreCountedUntilTheyHaveIt(t *testing.T) {
	const waiters = 10
	path := filepath.Join(t.TempDir(), "lock")
	lock := func() *os.File {
		f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
		if err != nil {
			t.Error(err)
		} else if err := unix.Flock(int(f.Fd()), unix.LOCK_EX); err != nil {
			t.Error(err)
		}
		return f
	}
	holder := lock()
	ended := make(chan bool)
	for range waiters {
		go func() {
			lock().Close()
			ended <- true
		}()
	}
	waitForSleepingThreads(t, waiters, math.MaxInt)
	holder.Close()
	for range waiters {
		<-ended
	}
	waitForSleepingThreads(t, 0, 1) // one may be the Go monitor
}

// waitForSleepingThreads polls until the number of threads that sleep is within two bounds: threads
// of the Go runtime sleep for microseconds now and then. The limit of time only keeps a defect from
// running into the timeout of the whole test binary.
func waitForSleepingThreads(t *testing.T, least, most int) {
	t.Helper()
	const limit = time.Minute
	for end := time.Now().Add(limit); ; time.Sleep(time.Millisecond) {
		sleeping, err := SleepingThreads()
		if err != nil {
			t.Fatal(err)
		}
		if least <= sleeping && sleeping <= most {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("%d threads sleep after %v, want %d to %d", sleeping, limit, least, most)
		}
	}
}
