package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"busybench/bench/format"
)

// write writes what was seen of a database: the answer, the tables, and what to do.
func (r result) write(out io.Writer) error {
	var text strings.Builder
	paragraph := func(s string) {
		if s != "" {
			text.WriteString(format.Wrap(s, format.Columns, "", "") + "\n")
		}
	}
	paragraph(r.db.name + ": " + r.describeFiles())
	text.WriteString("\n")
	paragraph(r.answer())
	for _, s := range r.facts() {
		paragraph(s)
	}
	r.writeProcesses(&text)
	if r.watched {
		r.writeUsages(&text)
	}
	notes := r.notes()
	if len(notes) > 0 {
		text.WriteString("\n")
	}
	for _, s := range notes {
		paragraph(s)
	}
	text.WriteString("\n")
	for _, s := range r.advice() {
		text.WriteString(format.Wrap(s, format.Columns, "Advice  ", "        ") + "\n")
	}
	_, err := io.WriteString(out, text.String())
	return err
}

// describeFiles says what the headers say.
func (r result) describeFiles() string {
	s := r.after
	if s.header.PageSize == 0 {
		return "an empty file, which SQLite takes for an empty database."
	}
	pages := int(s.header.Pages)
	if s.index != nil {
		pages = int(s.index.Pages)
	}
	if pages == 0 {
		pages = int(s.size) / s.header.PageSize
	}
	mode := "rollback journal"
	if s.header.WAL {
		mode = "WAL"
	}
	text := fmt.Sprintf("%s, %s of %s bytes.", mode, format.Count(pages, "page"),
		format.Number(float64(s.header.PageSize)))
	switch {
	case s.hot:
		text += " There is a hot journal: the writer of an unfinished transaction died. " +
			"The next process that reads rolls it back."
	case s.index != nil:
		text += fmt.Sprintf(" The WAL has %s MiB; %s of its %s frames are not checkpointed.",
			mebibytes(s.walSize), format.Number(float64(s.index.Pending())),
			format.Number(float64(s.index.Frames)))
	case s.header.WAL && s.walSize > 0:
		text += fmt.Sprintf(" The WAL has %s MiB; its index cannot be read, so how much of it is "+
			"checkpointed is not known.", mebibytes(s.walSize))
	}
	return text
}

func mebibytes(n int64) string { return fmt.Sprintf("%.2f", float64(n)/(1<<20)) }

// writer returns the holder of the write lock.
func (s state) writer() (h holder, ok bool) {
	i := slices.IndexFunc(s.holders, func(h holder) bool { return h.role.isWrite() })
	if i < 0 {
		return holder{}, false
	}
	return s.holders[i], true
}

// answer says who holds the write lock, and how busy it is.
func (r result) answer() string {
	writer, ok := r.after.writer()
	if !ok {
		return r.answerIfFree()
	}
	text := fmt.Sprintf("%s holds the write lock (%s)", r.commands.process(writer.pid),
		names[writer.role].name)
	length, reason := r.writerAge(writer)
	if length > 0 {
		text += fmt.Sprintf(", for at least %s: %s.", format.Duration(length), reason)
	} else {
		text += "; since when is not known: it has only just been seen."
	}
	if !r.isHeld(length) {
		text += " " + r.busyness()
	}
	return capitalize(text)
}

// isHeld reports whether a writer that has had the lock for a length of time had it in all looks.
func (r result) isHeld(length time.Duration) bool {
	return length > 0 && length >= r.watch.last-r.watch.maxGap
}

// busyness says how often the write lock was held.
func (r result) busyness() string {
	w := r.watch
	text := fmt.Sprintf("It was held in %s %% of %s in %s", format.Number(100*w.share(w.taken)),
		format.Count(w.looks, "look"), format.Duration(w.last))
	if n := len(w.usages()); n > 1 {
		text += fmt.Sprintf(", by %d processes", n)
	}
	if n := w.commits(); n > 0 {
		text += fmt.Sprintf("; %s committed", wereCommitted(n))
	}
	return text + "."
}

// capitalize makes the first letter of a sentence a capital, except that of a process ID.
func capitalize(text string) string {
	if strings.HasPrefix(text, "pid ") {
		return text
	}
	return strings.ToUpper(text[:1]) + text[1:]
}

// writerAge returns how long the writer has had the lock at least, and how this is known.
func (r result) writerAge(writer holder) (length time.Duration, reason string) {
	h, ok := r.watch.current()
	goesOn := ok && h.pid == writer.pid && writer.role <= max(h.role, recovering)
	if goesOn && h.looks > 1 {
		length = h.length()
		reason = fmt.Sprintf("each of %s in that time found it, and there was no commit",
			format.Count(h.looks, "look"))
		if h.committed {
			reason = fmt.Sprintf("each of %s in that time found it",
				format.Count(h.looks, "look"))
		}
	}
	if !r.after.journal.IsZero() && writer.role <= reserved {
		if age := r.asOf.Sub(r.after.journal); age > length {
			return age, "the journal of its transaction is that old"
		}
	}
	return length, reason
}

// answerIfFree says how often the write lock was held, though it is free now.
func (r result) answerIfFree() string {
	w := r.watch
	if w.taken > 0 {
		return "The write lock is free now. " + r.busyness()
	}
	text := fmt.Sprintf("No process has the write lock: it was free in each of %s in %s.",
		format.Count(w.looks, "look"), format.Duration(w.last))
	if n := w.commits(); n > 0 {
		text += fmt.Sprintf(" Meanwhile %s committed.", wereCommitted(n))
	}
	return text
}

func wereCommitted(n int) string {
	switch n {
	case 0:
		return "no transaction was"
	case 1:
		return "1 transaction was"
	}
	return format.Number(float64(n)) + " transactions were"
}

// facts are further sentences: who waits, and who keeps others from finishing.
func (r result) facts() (all []string) {
	if n := r.waiting(); len(n) > 0 {
		all = append(all, fmt.Sprintf("%s for it: %s.", doWait(len(n)), listPIDs(n)))
	}
	if n := r.maybeWaiting(); len(n) > 0 {
		all = append(all, fmt.Sprintf("%s the database open, too. Whether they wait cannot be "+
			"seen: %s.", have(len(n)), listPIDs(n)))
	}
	writer, written := r.after.writer()
	if readers := r.after.with(shared); written && writer.role == pending && len(readers) > 0 {
		all = append(all, fmt.Sprintf("It waits until these have read: %s.", listPIDs(readers)))
	}
	return append(all, r.staleReaders()...)
}

func doWait(n int) string {
	if n == 1 {
		return "1 process probably waits"
	}
	return fmt.Sprintf("%d processes probably wait", n)
}

func have(n int) string {
	if n == 1 {
		return "1 other process has"
	}
	return fmt.Sprintf("%d other processes have", n)
}

// with returns the processes in a role.
func (s state) with(r role) (pids []int) {
	for _, h := range s.holders {
		if h.role == r && !slices.Contains(pids, h.pid) {
			pids = append(pids, h.pid)
		}
	}
	return pids
}

// waiting returns the processes that wait, for sure or by all signs.
func (r result) waiting() []int {
	writer, written := r.after.writer()
	if !written {
		return nil
	}
	pids := append(slices.Clone(r.after.waiters), r.naps.waiting()...)
	slices.Sort(pids)
	return slices.DeleteFunc(slices.Compact(pids), func(pid int) bool { return pid == writer.pid })
}

// maybeWaiting returns the processes that have the database open without a lock that lets them read
// or write, and that do not sleep as SQLite's busy handler does.
func (r result) maybeWaiting() (pids []int) {
	if _, written := r.after.writer(); !written {
		return nil
	}
	waiting := r.waiting()
	for _, pid := range r.after.users {
		busy := slices.ContainsFunc(r.after.holders, func(h holder) bool {
			return h.pid == pid && h.role != connected
		})
		if !busy && !slices.Contains(waiting, pid) {
			pids = append(pids, pid)
		}
	}
	return pids
}

// staleReaders names readers in WAL mode that keep frames from being checkpointed.
func (r result) staleReaders() (all []string) {
	if r.after.index == nil {
		return nil
	}
	for _, h := range r.after.holders {
		if n := r.after.behind(h); n > 0 {
			all = append(all, fmt.Sprintf("%s reads a state that is %s old: no checkpoint can "+
				"copy these, and the WAL grows.", capitalize(r.commands.process(h.pid)),
				format.Count(int(n), "frame")))
		}
	}
	return all
}

// behind returns how many frames of the WAL are newer than what a reader sees.
func (s state) behind(h holder) uint32 {
	if s.index == nil || h.role != walReader {
		return 0
	}
	mark := s.index.Marks[h.mark]
	if h.mark == 0 {
		mark = min(s.index.Backfilled, s.index.Frames)
	}
	return s.index.Frames - min(mark, s.index.Frames)
}

// listPIDs lists processes, the first few of them.
func listPIDs(pids []int) string {
	const shown = 8
	var words []string
	for i, pid := range pids {
		if i == shown {
			words = append(words, fmt.Sprintf("and %d more", len(pids)-shown))
			break
		}
		words = append(words, fmt.Sprint(pid))
	}
	return "pid " + strings.Join(words, ", ")
}
