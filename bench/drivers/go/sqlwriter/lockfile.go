package sqlwriter

import (
	"errors"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// errQueueTimeout ends an attempt that waited in the queue for too long.
var errQueueTimeout = errors.New("timed out in the queue")

// lockFile is the file beside the database for whose lock writers queue.
type lockFile struct {
	path string
	file *os.File
}

func (l *lockFile) open(database string) (err error) {
	l.path = database + "-queue"
	l.file, err = os.OpenFile(l.path, os.O_CREATE|os.O_RDWR, 0o600)
	return err
}

// acquire waits for the lock until the timeout. It reports whether the lock was refused at first.
// A wait cannot be cancelled: if it is granted too late, closing the file releases the lock.
func (l *lockFile) acquire(timeout time.Duration) (waited bool, err error) {
	if unix.Flock(int(l.file.Fd()), unix.LOCK_EX|unix.LOCK_NB) == nil {
		return false, nil
	}
	granted, file := make(chan error, 1), l.file
	go func() {
		for {
			if err := unix.Flock(int(file.Fd()), unix.LOCK_EX); err != unix.EINTR {
				granted <- err
				return
			}
		}
	}()
	select {
	case err := <-granted:
		return true, err
	case <-time.After(timeout):
		go func() {
			<-granted
			file.Close()
		}()
		l.file, err = os.OpenFile(l.path, os.O_RDWR, 0)
		return true, errors.Join(errQueueTimeout, err)
	}
}

func (l *lockFile) release() error { return unix.Flock(int(l.file.Fd()), unix.LOCK_UN) }

func (l *lockFile) close() error {
	if l.file == nil {
		return nil
	}
	return l.file.Close()
}
