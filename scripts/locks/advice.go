package main

import (
	"cmp"
	"fmt"
	"slices"

	"busybench/bench/format"
)

// notes say what could not be seen, and what is wrong with the files.
func (r result) notes() (all []string) {
	s := r.after
	all = append(all, r.db.notes...)
	if s.moved != "" {
		all = append(all, fmt.Sprintf("The database was renamed or deleted: %s is at %s now. The "+
			"above is about the file that was there.", s.moved, r.db.path))
	}
	if s.closed > 0 {
		all = append(all, fmt.Sprintf("The open files of %d processes of other users must not be "+
			"seen: which of them wait, or have open file description locks, is not shown. Use "+
			"sudo to see them.", s.closed))
	}
	if s.unread != nil {
		all = append(all, fmt.Sprintf("The list of locks cannot be read (%v): of several readers "+
			"only one is shown.", s.unread))
	}
	return all
}

// maxPending is how many frames a WAL has that are not checkpointed if automatic checkpoints, at
// 1,000 frames, keep up.
const maxPending = 10_000

// advice says what to do, most urgent first.
func (r result) advice() (all []string) {
	s := r.after
	writer, written := s.writer()
	age, _ := r.writerAge(writer)
	switch {
	case !written && s.hot:
		all = append(all, "Do not delete the journal: the database is damaged without it. Read "+
			"from the database once to have it rolled back.")
	case !written && r.watch.taken > 0:
		all = append(all, r.shortenHolds())
	case !written:
		all = append(all, "If errors come now and then, look while they do: WATCH=1m. If the lock "+
			"is free while \"database is locked\" comes, a transaction that began with a read "+
			"wants to write: use BEGIN IMMEDIATE.")
	case writer.pid <= 0:
		all = append(all, "Run this in the container, or on its host with sudo, to see the "+
			"process.")
	case writer.role == pending && len(s.with(shared)) > 0:
		all = append(all, fmt.Sprintf("The commit of pid %d needs the readers to finish: end "+
			"their transactions, or reset their statements. In WAL mode they would not be in its "+
			"way.", writer.pid))
	case !r.isHeld(age) && r.watch.taken > 0:
		all = append(all, r.shortenHolds())
	default:
		all = append(all, stopWriter(writer.pid))
	}
	if s.index != nil && (s.index.Pending() > maxPending || len(r.staleReaders()) > 0) {
		all = append(all, fmt.Sprintf("The WAL has %s frames to checkpoint. End the read "+
			"transactions that are open for long, then: PRAGMA wal_checkpoint(TRUNCATE).",
			format.Number(float64(s.index.Pending()))))
	}
	return all
}

// shortenHolds is the advice if the write lock changes hands.
func (r result) shortenHolds() string {
	if !r.watched {
		return "The lock changes hands, so no transaction sits on it. WATCH=10s says which " +
			"process holds it for longest."
	}
	longest := slices.MaxFunc(r.watch.usages(), func(a, b usage) int {
		return cmp.Compare(a.longest.length(), b.longest.length())
	})
	return fmt.Sprintf("The lock changes hands, so no transaction sits on it. The longest hold "+
		"was one of pid %s. Do slow work before its transactions begin, and give all others a "+
		"busy timeout that is many times as long.", number(longest.pid))
}

func stopWriter(pid int) string {
	return fmt.Sprintf("Find the open transaction of pid %d: its stack says where it is "+
		"(py-spy dump --pid %d; kill -QUIT %d for Go, which ends it). A transaction must not wait "+
		"for a network or a user. Killing the process is safe for the database: only what it has "+
		"not committed is lost.", pid, pid, pid)
}
