package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"busybench/bench/format"
	"busybench/scripts/internal/filelock"
	"busybench/scripts/internal/table"
)

// writeProcesses writes a table of the processes with their locks, and what the locks mean.
func (r result) writeProcesses(out io.Writer) {
	t := table.Table{Left: 4}
	t.Add("pid", "command", "lock", "for at least")
	var roles []role
	waiting := r.waiting()
	for _, h := range r.after.holders {
		name := h.name()
		if h.role == connected && slices.Contains(waiting, h.pid) {
			name += "; waits"
		}
		t.Add(number(h.pid), r.commands.line(h.pid), name, dash(r.age(h)))
		if !slices.Contains(roles, h.role) {
			roles = append(roles, h.role)
		}
	}
	for _, pid := range waiting {
		if !r.after.has(pid) {
			t.Add(number(pid), r.commands.line(pid), "none; waits", "-")
		}
	}
	for _, pid := range r.maybeWaiting() {
		if !r.after.has(pid) {
			t.Add(number(pid), r.commands.line(pid), "none; may wait", "-")
		}
	}
	if t.Rows() == 1 {
		return
	}
	fmt.Fprintln(out)
	t.WriteTo(out)
	fmt.Fprintln(out)
	for _, role := range roles {
		fmt.Fprintln(out, format.Wrap(names[role].name+": "+names[role].meaning+".",
			format.Columns, "", "  "))
	}
}

// has reports whether a process has any lock.
func (s state) has(pid int) bool {
	return slices.ContainsFunc(s.holders, func(h holder) bool { return h.pid == pid })
}

func number(pid int) string {
	if pid == filelock.Hidden || pid == filelock.Unknown {
		return "?"
	}
	return fmt.Sprint(pid)
}

func (h holder) name() string {
	if h.role == walReader {
		return fmt.Sprintf("%s, mark %d", names[h.role].name, h.mark)
	}
	return names[h.role].name
}

func dash(d time.Duration) string {
	if d <= 0 {
		return "-"
	}
	return format.Duration(d)
}

// age returns how long a lock has been held at least, 0 if that is not known. That of a lock that
// is not the write lock is the time between two looks that both found it.
func (r result) age(h holder) time.Duration {
	if h.role.isWrite() {
		length, _ := r.writerAge(h)
		return length
	}
	if slices.Contains(r.before.holders, h) && h.pid > 0 && !r.hasMoved(h) {
		return r.between
	}
	return 0
}

// hasMoved reports whether a reader in WAL mode has begun to read a later state meanwhile.
func (r result) hasMoved(h holder) bool {
	if h.role != walReader || r.before.index == nil || r.after.index == nil {
		return false
	}
	return r.before.index.Marks[h.mark] != r.after.index.Marks[h.mark]
}

// writeUsages writes a table of what each process did with the write lock.
func (r result) writeUsages(out io.Writer) {
	w := r.watch
	fmt.Fprintf(out, "\nThe write lock in %s:\n\n", format.Duration(w.last))
	t := table.Table{Left: 2}
	t.Add("pid", "command", "share", "total", "holds", "longest", "at")
	for _, u := range w.usages() {
		share := w.share(u.looks)
		t.Add(number(u.pid), r.commands.line(u.pid), fmt.Sprintf("%.1f %%", 100*share),
			format.Duration(time.Duration(share*float64(w.last))),
			format.Number(float64(u.holds)), atLeast(u.longest.length(), w),
			format.Duration(u.longest.from))
	}
	free := w.share(w.looks - w.taken)
	t.Add("", "free", fmt.Sprintf("%.1f %%", 100*free),
		format.Duration(time.Duration(free*float64(w.last))))
	t.WriteTo(out)
	text := fmt.Sprintf("%s, %s apart on average, %s at most: shorter holds may be missed, and "+
		"holds of one process without a commit between them may count as one. Meanwhile %s "+
		"committed.", format.Count(w.looks, "look"),
		format.Duration(w.last/time.Duration(max(w.looks-1, 1))), format.Duration(w.maxGap),
		wereCommitted(w.commits()))
	fmt.Fprintln(out, format.Wrap(strings.TrimSpace(text), format.Columns, "", ""))
}

// atLeast writes the length of a hold. One that a single look found is shorter than the time
// between two.
func atLeast(d time.Duration, w watch) string {
	if d == 0 {
		return "<" + format.Duration(2*w.maxGap)
	}
	return format.Duration(d)
}
