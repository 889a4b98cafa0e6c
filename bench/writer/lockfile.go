package writer

import (
	"os"
	"time"

	"golang.org/x/sys/unix"

	"busybench/bench/scratch"
)

// lockFileName returns the name of the file whose lock writers queue for. It is never the database
// file, which SQLite locks in its own ways.
func lockFileName(database string) string { return database + "-queue" }

// lockFile is one writer's handle of a lock (flock(2)) that all writers of a database share. Each
// writer has an open file description of its own. It sleeps in the kernel, which wakes one waiter
// as soon as the lock is free.
type lockFile struct {
	path string
	file *os.File
}

func openLockFile(path string) (*lockFile, error) {
	l := &lockFile{path: path}
	return l, l.open()
}

func (l *lockFile) open() (err error) {
	l.file, err = os.OpenFile(l.path, os.O_CREATE|os.O_RDWR, 0o600)
	return err
}

// tryAcquire takes the lock if it is free.
func (l *lockFile) tryAcquire() (acquired bool, err error) {
	switch err := scratch.Flock(l.file, unix.LOCK_EX|unix.LOCK_NB); err {
	case nil:
		return true, nil
	case unix.EWOULDBLOCK:
		return false, nil
	default:
		return false, os.NewSyscallError("flock", err)
	}
}

// acquire waits for the lock until the timeout.
func (l *lockFile) acquire(timeout time.Duration) (acquired bool, err error) {
	granted := make(chan error, 1)
	file := l.file
	go func() { granted <- scratch.Flock(file, unix.LOCK_EX) }()
	timer := time.NewTimer(timeout)
	defer timer.Stop()
	select {
	case err := <-granted:
		return err == nil, os.NewSyscallError("flock", err)
	case <-timer.C:
		// A waiting flock cannot be cancelled. If it is granted later, closing the file releases
		// it at once. The next attempt uses a new file description.
		go func() {
			<-granted
			file.Close()
		}()
		return false, l.open()
	}
}

// release releases the lock, so that the kernel wakes the next writer.
func (l *lockFile) release() error {
	return os.NewSyscallError("flock", scratch.Flock(l.file, unix.LOCK_UN))
}

func (l *lockFile) close() error { return l.file.Close() }
