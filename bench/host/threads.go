package host

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// SleepingThreads counts the operating-system threads of this process that wait for a lock at this
// moment (/proc/self/task/TID/syscall, proc_pid_syscall(5)). At times Go's monitor thread is one
// of them.
func SleepingThreads() (n int, err error) {
	texts, err := readThreadFiles("self", "syscall")
	if err != nil {
		return 0, fmt.Errorf("system calls of this process's threads: %w", err)
	}
	for _, text := range texts {
		if isLockWait(text) {
			n++
		}
	}
	return n, nil
}

// lockWaits are the system calls in which a thread waits for a lock: SQLite's busy timeout in
// nanosleep(2), a queue in flock(2). Go's own idle threads sleep in futex(2) and epoll_wait(2).
var lockWaits = []int{unix.SYS_NANOSLEEP, unix.SYS_FLOCK}

// isLockWait reads a line such as "35 0x7f4131afed88 ..." or "running".
func isLockWait(line string) bool {
	word, _, _ := strings.Cut(line, " ")
	number, err := strconv.Atoi(word)
	return err == nil && slices.Contains(lockWaits, number)
}
