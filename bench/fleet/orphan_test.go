package fleet

import (
	"strconv"
	"syscall"
	"testing"

	"busybench/bench/host"
	"busybench/bench/wait"
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
			if host.State(pid) == "T" {
				_ = syscall.Kill(pid, syscall.SIGKILL)
			}
		})
		wait.Until(t, "the writer is stopped", func() bool { return host.State(pid) == "T" })
	}
	if err := parent.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	for _, pid := range pids {
		// Its new parent may not have waited for it yet.
		wait.Until(t, "the writer is dead", func() bool { return !host.IsAlive(pid) })
	}
}
