package lifetime

import (
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// Watch calls exited once, in a goroutine of its own, when the parent process exits. It does nothing
// if this program was started with SIGHUP ignored. It cannot notice a parent that exited before the
// call: call it first thing.
func Watch(exited func()) { watch(exited, openParent) }

// watch reports whether there is a watch. Open opens a file that becomes readable when the process
// with the given id exits, as [openParent] does.
func watch(exited func(), open func(pid int) (*os.File, error)) bool {
	if nohup {
		return false
	}
	parent := os.Getppid()
	file, err := open(parent)
	go func() {
		if err != nil || waitReadable(file) != nil {
			pollParent(parent)
		}
		exited()
	}()
	return true
}

// openParent opens a pidfd of this process's parent. The runtime's poller waits for it, so that the
// watch takes no thread.
func openParent(pid int) (*os.File, error) {
	fd, err := unix.PidfdOpen(pid, unix.PIDFD_NONBLOCK)
	if err != nil {
		return nil, os.NewSyscallError("pidfd_open", err)
	}
	// If the parent exited before pidfd_open, its id may be that of another process by then. While
	// getppid still returns it, the parent is alive and the id is its own.
	if os.Getppid() != pid {
		unix.Close(fd)
		return nil, os.ErrProcessDone
	}
	return os.NewFile(uintptr(fd), "pidfd"), nil
}

// waitReadable waits until a file is readable. A pidfd is when its process has exited.
func waitReadable(file *os.File) error {
	defer file.Close()
	conn, err := file.SyscallConn()
	if err != nil {
		return err
	}
	var pollErr error
	err = conn.Read(func(fd uintptr) bool {
		fds := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}
		pollErr = pollNow(fds)
		return pollErr != nil || fds[0].Revents != 0
	})
	if err == nil {
		err = pollErr
	}
	return err
}

// pollNow is poll(2) without waiting. A signal to the process can interrupt it.
func pollNow(fds []unix.PollFd) error {
	for {
		if _, err := unix.Poll(fds, 0); err != unix.EINTR {
			return err
		}
	}
}

// interval is how often pollParent looks.
const interval = 500 * time.Millisecond

// pollParent waits until this process has another parent than the given one, for kernels without
// pidfd_open (before Linux 5.3) and sandboxes that forbid it.
func pollParent(parent int) {
	for os.Getppid() == parent {
		time.Sleep(interval)
	}
}
