package host

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
)

// Parent returns the parent of a process, 0 if the process has been reaped.
func Parent(pid int) int {
	s, _ := readStat(strconv.Itoa(pid))
	return s.parent
}

// IsAlive reports whether a process is running. A zombie is not: it has exited, and only its exit
// status has not been read yet.
func IsAlive(pid int) bool {
	s, err := readStat(strconv.Itoa(pid))
	return err == nil && s.alive()
}

// State returns the state of a process, such as "T" if it is stopped and "Z" if it has exited
// (proc_pid_stat(5)), and nothing if it has been reaped.
func State(pid int) string {
	s, _ := readStat(strconv.Itoa(pid))
	return s.state
}

// Children returns the children of a process, zombies included.
func Children(pid int) (children []int) {
	for _, child := range processes() {
		if Parent(child) == pid {
			children = append(children, child)
		}
	}
	return children
}

// Descendants returns the children of a process, their children, and so on, zombies included. It
// may miss some if processes start or exit meanwhile.
func Descendants(pid int) (descendants []int) {
	children := map[int][]int{}
	for _, child := range processes() {
		parent := Parent(child)
		children[parent] = append(children[parent], child)
	}
	descendants = children[pid]
	for i := 0; i < len(descendants); i++ {
		descendants = append(descendants, children[descendants[i]]...)
	}
	return descendants
}

// WithVariable returns the processes that were started with this variable in their environment, for
// example "NAME=value". Zombies have no environment.
func WithVariable(variable string) (pids []int) {
	for _, pid := range processes() {
		text, err := os.ReadFile(fmt.Sprintf("/proc/%d/environ", pid))
		if err == nil && slices.Contains(strings.Split(string(text), "\x00"), variable) {
			pids = append(pids, pid)
		}
	}
	return pids
}

// processes returns the ID of every process.
func processes() (pids []int) {
	entries, _ := os.ReadDir("/proc")
	for _, e := range entries {
		if pid, err := strconv.Atoi(e.Name()); err == nil {
			pids = append(pids, pid)
		}
	}
	return pids
}
