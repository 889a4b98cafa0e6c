package host

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// readNumber reads a file that holds one number.
func readNumber(path string) (int64, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return 0, err
	}
	n, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64)
	if errors.Is(err, strconv.ErrRange) {
		return math.MaxInt64, nil
	}
	return n, err
}

// readFields reads a file of lines such as "MemTotal: 8055020 kB". For each name it returns the
// second word of the line that begins with it.
func readFields(path string, names ...string) ([]string, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	found := map[string]string{}
	for line := range strings.Lines(string(text)) {
		if words := strings.Fields(line); len(words) > 1 {
			found[words[0]] = words[1]
		}
	}
	values := make([]string, len(names))
	for i, name := range names {
		value, ok := found[name]
		if !ok {
			return nil, fmt.Errorf("%s has no %s: %w", path, name, fs.ErrNotExist)
		}
		values[i] = value
	}
	return values, nil
}

// readNumbers is [readFields] for numbers.
func readNumbers(path string, names ...string) ([]int64, error) {
	values, err := readFields(path, names...)
	if err != nil {
		return nil, err
	}
	numbers := make([]int64, len(values))
	for i, value := range values {
		if numbers[i], err = strconv.ParseInt(value, 10, 64); err != nil {
			return nil, fmt.Errorf("%s: %s %w", path, names[i], err)
		}
	}
	return numbers, nil
}

// readThreadFiles reads /proc/PID/task/TID/NAME of each live thread of a process. The process is a
// number or "self".
func readThreadFiles(process, name string) (texts []string, err error) {
	dir := filepath.Join("/proc", process, "task")
	threads, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	for _, thread := range threads {
		text, err := os.ReadFile(filepath.Join(dir, thread.Name(), name))
		if errors.Is(err, fs.ErrNotExist) || errors.Is(err, unix.ESRCH) {
			continue // the thread has ended
		}
		if err != nil {
			return nil, err
		}
		texts = append(texts, string(text))
	}
	return texts, nil
}

// stat is what /proc/PID/stat says of a process (proc_pid_stat(5)).
type stat struct {
	state  string
	parent int
	flags  int64
	used   int64 // processor time, user and system, in clock ticks
	start  int64 // since the boot, in clock ticks
}

// alive reports whether the process runs. A zombie does not.
func (s stat) alive() bool { return s.state != "Z" && s.state != "X" }

// readStat reads the stat of a process, a number or "self".
func readStat(process string) (stat, error) {
	text, err := os.ReadFile(filepath.Join("/proc", process, "stat"))
	if err != nil {
		return stat{}, err
	}
	return parseStat(string(text))
}

func parseStat(text string) (s stat, err error) {
	// Field 2, the name in parentheses, may hold spaces and parentheses.
	fields := strings.Fields(text[strings.LastIndexByte(text, ')')+1:])
	if len(fields) < 20 {
		return stat{}, fmt.Errorf("state of a process: bad line %q", text)
	}
	s.state = fields[0]
	if s.parent, err = strconv.Atoi(fields[1]); err != nil {
		return stat{}, fmt.Errorf("state of a process: bad parent %q", fields[1])
	}
	var user, system int64
	for i, value := range map[int]*int64{6: &s.flags, 11: &user, 12: &system, 19: &s.start} {
		if *value, err = strconv.ParseInt(fields[i], 10, 64); err != nil {
			return stat{}, fmt.Errorf("state of a process: bad field %q", fields[i])
		}
	}
	s.used = user + system
	return s, nil
}

// CheckProc returns an error unless /proc is mounted and shows the processes of this PID
// namespace. Most facts of this package come from there.
func CheckProc() error { return checkProc("/proc/self", os.Getpid()) }

func checkProc(self string, pid int) error {
	const right = "mount the /proc of this PID namespace (mount -t proc proc /proc)"
	found, err := os.Readlink(self)
	if err != nil {
		return fmt.Errorf("/proc does not show this process (%w); %s", err, right)
	}
	if found != strconv.Itoa(pid) {
		return fmt.Errorf("/proc belongs to another PID namespace: it shows this process as %s, "+
			"not %d; %s", found, pid, right)
	}
	return nil
}
