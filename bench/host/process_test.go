package host

import (
	"os"
	"testing"
	"time"
)

func TestProcessorTimeAndMemoryOfThisProcess(t *testing.T) {
	// The kernel brings schedstat up to date at ticks and context switches, getrusage at each call.
	used, err := ProcessCPUTime(os.Getpid())
	if all := CPUTime(); err != nil || used <= 0 || used > all+time.Millisecond {
		t.Errorf("the threads of this process have used %v of %v, %v", used, all, err)
	}
	if n, err := PrivateBytes(os.Getpid()); err != nil || n < 1<<16 {
		t.Errorf("this process has %d private bytes, %v", n, err)
	}
}

func TestProcessThatDoesNotExistIsAnError(t *testing.T) {
	const none = 1<<22 + 1 // above the kernel's PID_MAX_LIMIT
	if used, err := ProcessCPUTime(none); err == nil {
		t.Errorf("its threads have used %v", used)
	}
	if n, err := PrivateBytes(none); err == nil {
		t.Errorf("it has %d private bytes", n)
	}
}
