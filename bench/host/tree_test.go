package host

import (
	"os"
	"os/exec"
	"slices"
	"syscall"
	"testing"

	"busybench/bench/wait"
)

// start starts a shell that runs commands until the test ends.
func start(t *testing.T, commands string, env ...string) int {
	t.Helper()
	cmd := exec.Command("sh", "-c", commands)
	cmd.Env = append(os.Environ(), env...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
		_ = cmd.Wait()
	})
	return cmd.Process.Pid
}

func TestDescendantsIncludeGrandchildren(t *testing.T) {
	shell := start(t, "sh -c 'sleep 600 & wait' & wait")
	var descendants []int
	wait.Until(t, "the shell has a grandchild", func() bool {
		descendants = Descendants(shell)
		return len(descendants) == 2
	})
	child, grandchild := descendants[0], descendants[1]
	if got := Children(shell); !slices.Equal(got, []int{child}) {
		t.Errorf("children are %v, want %v", got, child)
	}
	if got := Parent(grandchild); got != child {
		t.Errorf("parent of the grandchild is %d, want %d", got, child)
	}
	if Parent(shell) != os.Getpid() || !slices.Contains(Descendants(os.Getpid()), grandchild) {
		t.Error("the grandchild is no descendant of this process")
	}
}

func TestIsAlive(t *testing.T) {
	shell := start(t, "sleep 600")
	if !IsAlive(shell) {
		t.Error("a running process is not alive")
	}
	if err := syscall.Kill(shell, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	wait.Until(t, "the killed process is a zombie", func() bool { return !IsAlive(shell) })
	if Parent(shell) != os.Getpid() {
		t.Error("a zombie has no parent")
	}
}

func TestReapedProcess(t *testing.T) {
	cmd := exec.Command("true")
	if err := cmd.Run(); err != nil {
		t.Fatal(err)
	}
	pid := cmd.Process.Pid
	if IsAlive(pid) || Parent(pid) != 0 {
		t.Errorf("a reaped process: alive %v, parent %d", IsAlive(pid), Parent(pid))
	}
}

func TestWithVariable(t *testing.T) {
	shell := start(t, "exec sleep 600", "BUSYBENCH_TEST_PROC=one two")
	wait.Until(t, "the process with the whole value is found", func() bool {
		return slices.Equal(WithVariable("BUSYBENCH_TEST_PROC=one two"), []int{shell})
	})
	for _, other := range []string{"BUSYBENCH_TEST_PROC=one", "TEST_PROC=one two"} {
		t.Run(other, func(t *testing.T) {
			if got := WithVariable(other); got != nil {
				t.Errorf("processes %v have it", got)
			}
		})
	}
}
