package host

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

func fmtCall(number int) string { return fmt.Sprintf("%d 0x5 0x0 0x48ec37\n", number) }

func TestIsSleep(t *testing.T) {
	for line, want := range map[string]bool{
		"running\n":                  false,
		"-1 0x7ffd 0x4099ce\n":       false,
		fmtCall(unix.SYS_NANOSLEEP):  true,
		fmtCall(unix.SYS_FLOCK):      true,
		fmtCall(unix.SYS_FUTEX):      false,
		fmtCall(unix.SYS_FLOCK * 10): false,
		"":                           false,
	} {
		if isSleep(line) != want {
			t.Errorf("isSleep(%q) is %v", line, !want)
		}
	}
}

// Threads that wait for a file lock are counted, and are no longer once they have it.
func TestSleepingThreadsCountsWaiters(t *testing.T) {
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
	for n := 0; n < waiters; time.Sleep(time.Millisecond) {
		var err error
		if n, err = SleepingThreads(); err != nil {
			t.Fatal(err)
		}
	}
	holder.Close()
	for range waiters {
		<-ended
	}
	if n, err := SleepingThreads(); err != nil || n > 1 {
		t.Errorf("when all have gone on %d threads sleep, %v; one may be Go's monitor", n, err)
	}
}
