package fleet

import (
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A writer exits at the end of its standard input, but not while it is stopped. When the parent is
// killed it cannot kill its writers, so the kernel does.
func TestStoppedWritersDieWithAKilledParent(t *testing.T) {
	parent := startHelper(t, "processes")
	var pids []int
	for range 2 {
		pid, err := strconv.Atoi(parent.line(t))
		if err != nil {
			t.Fatal(err)
		}
		pids = append(pids, pid)
	}
	for _, pid := range pids {
		if err := syscall.Kill(pid, syscall.SIGSTOP); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if processState(t, pid) == "T" {
				_ = syscall.Kill(pid, syscall.SIGKILL)
			}
		})
		waitFor(t, "the writer to stop", func() bool { return processState(t, pid) == "T" })
	}
	if err := parent.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	for _, pid := range pids {
		// Its new parent may not have waited for it yet.
		waitFor(t, "the writer to die", func() bool {
			state := processState(t, pid)
			return state == "" || state == "Z" || state == "X"
		})
	}
}

// processState returns the state of a process, such as "T" if it is stopped and "Z" if it has
// exited (proc_pid_stat(5)), and nothing if there is no such process.
func processState(t *testing.T, pid int) string {
	t.Helper()
	text, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return "" // a process can end between opening the file and reading it
	}
	// The state follows the name, which is in parentheses and may have any characters.
	fields := string(text[strings.LastIndex(string(text), ")")+1:])
	return strings.Fields(fields)[0]
}

// waitFor polls a condition until it is true, and fails the test if it is not within a minute.
func waitFor(t *testing.T, what string, condition func() bool) {
	t.Helper()
	deadline := time.Now().Add(time.Minute)
	for !condition() {
		if time.Now().After(deadline) {
			t.Fatalf("waited a minute for %s", what)
		}
		time.Sleep(time.Millisecond)
	}
}
