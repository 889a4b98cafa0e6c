package openfile

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"unicode"
)

// Command returns the command line of a process, or its name if it has none. It is empty if the
// process has exited, or must not be seen by this user.
func Command(pid int) string {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
	if command := printable(string(text)); err == nil && command != "" {
		return command
	}
	text, _ = os.ReadFile(fmt.Sprintf("/proc/%d/comm", pid))
	return printable(string(text))
}

// printable puts spaces between the arguments of a command, and in place of control characters,
// which a command line may have.
func printable(text string) string {
	return strings.Join(strings.FieldsFunc(text, func(r rune) bool {
		return unicode.IsControl(r) || r == ' '
	}), " ")
}

// Naps returns how often the threads of a process that sleep for a set time have gone to sleep, by
// thread. It has only threads that are in nanosleep(2) right now. The busy handler of SQLite calls
// it up to 100 ms at a time. It is empty if the process must not be seen by this user.
func Naps(pid int) map[int]int {
	tasks, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*", pid))
	naps := map[int]int{}
	for _, task := range tasks {
		channel, err := os.ReadFile(filepath.Join(task, "wchan"))
		if err != nil || !strings.Contains(string(channel), "nanosleep") {
			continue
		}
		thread, err := strconv.Atoi(filepath.Base(task))
		if switches, ok := readSwitches(task); err == nil && ok {
			naps[thread] = switches
		}
	}
	return naps
}

// readSwitches returns how often a thread has given up its processor.
func readSwitches(task string) (n int, ok bool) {
	text, err := os.ReadFile(filepath.Join(task, "status"))
	if err != nil {
		return 0, false
	}
	_, rest, ok := strings.Cut(string(text), "\nvoluntary_ctxt_switches:")
	if !ok {
		return 0, false
	}
	first, _, _ := strings.Cut(rest, "\n")
	n, err = strconv.Atoi(strings.TrimSpace(first))
	return n, err == nil
}
