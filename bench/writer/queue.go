package writer

import (
	"os"
	"time"

	"golang.org/x/sys/unix"

	"busybench/bench/host"
)

// sidecar is the name of the file whose lock writers queue for, beside the database. It never is
// the database file, which SQLite locks in ways of its own.
func sidecar(database string) string { return database + "-queue" }

// queue is a writer's place in the queue of all writers to one database: a kernel lock
// (flock(2)) on a file of which each writer has a description of its own. Waiting for it is sleeping in the
// kernel, which wakes one waiter as soon as the lock is free.
type queue struct {
	path string
	file *os.File
}

func newQueue(database string) (*queue, error) {
	q := &queue{path: sidecar(database)}
	return q, q.open()
}

func (q *queue) open() (err error) {
	q.file, err = os.OpenFile(q.path, os.O_CREATE|os.O_RDWR, 0o600)
	return err
}

// enter waits until the lock is ours, or the bound is over: ok says which. at once says whether there
// was nothing to wait for.
func (q *queue) enter(bound time.Duration) (ok, atOnce bool, err error) {
	switch err := host.Flock(q.file, unix.LOCK_EX|unix.LOCK_NB); err {
	case nil:
		return true, true, nil
	case unix.EWOULDBLOCK:
	default:
		return false, false, os.NewSyscallError("flock", err)
	}
	granted := make(chan error, 1)
	file := q.file
	go func() { granted <- host.Flock(file, unix.LOCK_EX) }()
	timer := time.NewTimer(bound)
	defer timer.Stop()
	select {
	case err := <-granted:
		return err == nil, false, os.NewSyscallError("flock", err)
	case <-timer.C:
		// Nothing ends a wait for a flock. When the lock is granted after all, closing the file lets
		// it go at once; the next attempt uses another description.
		go func() {
			<-granted
			file.Close()
		}()
		return false, false, q.open()
	}
}

// leave lets the next writer in.
func (q *queue) leave() error { return os.NewSyscallError("flock", host.Flock(q.file, unix.LOCK_UN)) }

func (q *queue) close() error { return q.file.Close() }
