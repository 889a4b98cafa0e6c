// Package proc reads from /proc which processes there are and how they are related.
package proc

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
)

// Parent returns the parent of a process, 0 if the process has been reaped.
func Parent(pid int) int {
	_, parent := stat(pid)
	return parent
}

// Alive reports whether a process is running. A zombie is not: it has exited, and only its exit
// status has not been read yet.
func Alive(pid int) bool {
	state, _ := stat(pid)
	return state != "" && state != "Z"
}

// Children returns the children of a process, zombies included.
func Children(pid int) (children []int) {
	for _, child := range all() {
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
	for _, child := range all() {
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
	for _, pid := range all() {
		text, err := os.ReadFile(fmt.Sprintf("/proc/%d/environ", pid))
		if err == nil && slices.Contains(strings.Split(string(text), "\x00"), variable) {
			pids = append(pids, pid)
		}
	}
	return pids
}

// all returns every process.
func all() (pids []int) {
	entries, _ := os.ReadDir("/proc")
	for _, e := range entries {
		if pid, err := strconv.Atoi(e.Name()); err == nil {
			pids = append(pids, pid)
		}
	}
	return pids
}

// stat reads the state and the parent of a process (proc_pid_stat(5)), "" and 0 if it is gone.
func stat(pid int) (state string, parent int) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return "", 0
	}
	// The name before these fields is in parentheses and may contain anything.
	_, _ = fmt.Sscan(string(text[bytes.LastIndexByte(text, ')')+1:]), &state, &parent)
	return state, parent
}
