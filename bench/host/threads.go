package host

import (
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// sleeping are the system calls in which a thread sleeps for a lock: SQLite's busy timeout in
// nanosleep(2), a queue in flock(2). What Go's own idle threads sleep in, futex(2) and
// epoll_wait(2), is not among them.
var sleeping = []int{unix.SYS_NANOSLEEP, unix.SYS_FLOCK}

// SleepingThreads counts the operating-system threads of this process that sleep in one of these
// calls at this moment (/proc/self/task/TID/syscall, proc_pid_syscall(5)). Go's monitor thread is
// one of them at times.
func SleepingThreads() (n int, err error) {
	tasks, err := os.ReadDir("/proc/self/task")
	if err != nil {
		return 0, err
	}
	for _, task := range tasks {
		text, err := os.ReadFile("/proc/self/task/" + task.Name() + "/syscall")
		if os.IsNotExist(err) {
			continue // the thread has ended meanwhile
		}
		if err != nil {
			return 0, fmt.Errorf("what a thread sleeps in: %w", err)
		}
		if isSleep(string(text)) {
			n++
		}
	}
	return n, nil
}

// isSleep reads a line such as "35 0x7f4131afed88 ..." or "running".
func isSleep(line string) bool {
	number, _, _ := strings.Cut(line, " ")
	for _, call := range sleeping {
		if number == strconv.Itoa(call) {
			return true
		}
	}
	return false
}
