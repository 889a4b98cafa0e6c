package host

import (
	"fmt"
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
	waitForSleepingThreads(t, waiters)
	holder.Close()
	for range waiters {
		<-ended
	}
	if n, err := SleepingThreads(); err != nil || n > 1 {
		t.Errorf("%d threads sleep after the last lock, %v; one may be the Go monitor", n, err)
	}
}

// waitForSleepingThreads polls until at least n threads sleep. The bound only keeps a defect from
// running into the timeout of the whole test binary.
func waitForSleepingThreads(t *testing.T, n int) {
	t.Helper()
	const bound = time.Minute
	for end := time.Now().Add(bound); ; time.Sleep(time.Millisecond) {
		sleeping, err := SleepingThreads()
		if err != nil {
			t.Fatal(err)
		}
		if sleeping >= n {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("%d of %d threads sleep after %v", sleeping, n, bound)
		}
	}
}
