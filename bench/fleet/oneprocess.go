package fleet

import (
	"errors"
	"fmt"
	"os"
	"os/exec"

	"golang.org/x/sys/unix"

	"busybench/bench/protocol"
)

// OneProcess returns a fleet whose participants are all in one process of a program, such as its
// goroutines or threads. Each speaks the line protocol over a socket of its own (see package
// protocol). A fleet that grows starts the program again.
func OneProcess(o Options, name string, args ...string) (*Fleet, error) {
	stderr, err := newStderrFile()
	if err != nil {
		return nil, err
	}
	shared, closeShared, err := newArrivals(o)
	if err != nil {
		stderr.Close()
		return nil, err
	}
	startAll := func(n int) ([]Member, error) {
		cmd, sockets, err := SocketsCommand(name, args, n, shared.File)
		if err != nil {
			return nil, err
		}
		return startMembers(cmd, sockets, stderr)
	}
	return &Fleet{
		options: o, footprint: o.oneProcess(), startAll: startAll, arrivals: shared,
		cleanup: func() { stderr.Close(); closeShared() },
	}, nil
}

// SocketsCommand returns the command of a program of n participants, and this process's ends of
// their sockets. The arrivals may be nil. After the start the caller calls [CloseInherited].
func SocketsCommand(
	name string, args []string, n int, arrivals *os.File,
) (cmd *exec.Cmd, sockets []*os.File, err error) {
	cmd = newCommand(name, args)
	cmd.Env = append(cmd.Env, fmt.Sprintf("%s=%d", protocol.SocketsVariable, n))
	cmd.ExtraFiles = []*os.File{arrivals} // writer.ArrivalsDescriptor
	for range n {
		ours, theirs, err := newSocket()
		if err != nil {
			CloseInherited(cmd)
			closeAll(sockets)
			return nil, nil, err
		}
		sockets = append(sockets, ours)
		cmd.ExtraFiles = append(cmd.ExtraFiles, theirs) // from protocol.FirstSocket on
	}
	return cmd, sockets, nil
}

// CloseInherited closes the sockets that a program of [SocketsCommand] has inherited.
func CloseInherited(cmd *exec.Cmd) { closeAll(cmd.ExtraFiles[1:]) }

func closeAll(files []*os.File) {
	for _, f := range files {
		f.Close()
	}
}

// newSocket returns the two ends of a socket. Reads of this process's end have deadlines.
func newSocket() (ours, theirs *os.File, err error) {
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, nil, fmt.Errorf("socketpair: %w", err)
	}
	err = unix.SetNonblock(pair[0], true)
	ours = os.NewFile(uintptr(pair[0]), "socket of a writer")
	theirs = os.NewFile(uintptr(pair[1]), "socket of the parent process")
	return ours, theirs, err
}

// startMembers starts a program. It closes the sockets if it cannot.
func startMembers(
	cmd *exec.Cmd, sockets []*os.File, stderr stderrFile,
) (members []Member, err error) {
	p, err := startProgram(cmd, stderr)
	CloseInherited(cmd)
	if err != nil {
		closeAll(sockets)
		if errors.Is(err, unix.EMFILE) {
			err = fmt.Errorf("%w; raise the limit of open files (ulimit -n)", err)
		}
		return nil, err
	}
	for _, socket := range sockets {
		members = append(members, newProcess(p, socket, socket))
	}
	return members, nil
}
