package main

import (
	"fmt"
	"strings"

	"busybench/scripts/internal/filelock"
	"busybench/scripts/internal/openfile"
)

// commands are the command lines of processes, by ID. They are read when a process is first seen:
// it may have exited when the report is written.
type commands map[int]string

// see reads the command line of a process, unless that has been done.
func (c commands) see(pid int) {
	if _, known := c[pid]; !known && pid > 0 {
		c[pid] = openfile.Command(pid)
	}
}

// process names a process with its command.
func (c commands) process(pid int) string {
	switch pid {
	case filelock.Hidden:
		return "a process in another PID namespace, such as a container,"
	case filelock.Unknown:
		return "a process with an open file description lock"
	}
	return fmt.Sprintf("pid %d (%s)", pid, c.line(pid))
}

// line returns the command of a process for a line of a table.
func (c commands) line(pid int) string {
	const columns = 32
	c.see(pid)
	switch text := withoutDirectory(c[pid]); {
	case pid == filelock.Hidden:
		return "in another PID namespace"
	case pid == filelock.Unknown:
		return "not known"
	case text == "":
		return "command not visible"
	default:
		return shorten(text, columns)
	}
}

// withoutDirectory drops the directory of the program of a command line.
func withoutDirectory(command string) string {
	program, arguments, _ := strings.Cut(command, " ")
	return strings.TrimSuffix(program[strings.LastIndexByte(program, '/')+1:]+" "+arguments, " ")
}

// shorten cuts a text in its middle, since the ends of command lines tell more.
func shorten(text string, columns int) string {
	r := []rune(text)
	if len(r) <= columns {
		return text
	}
	head := columns/2 - 1
	return string(r[:head]) + "…" + string(r[len(r)-(columns-1-head):])
}
