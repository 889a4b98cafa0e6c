package protocol

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"sync"
	"sync/atomic"

	"golang.org/x/sys/unix"
)

// SocketsVariable is the environment variable with the number of participants of a program that has
// several, each with a socket.
const SocketsVariable = "BUSYBENCH_SOCKETS"

// FirstSocket is the file descriptor of the first participant's socket. The others follow.
const FirstSocket = 4

// Serve calls serve for each participant of this program: for one that uses standard input and
// output, or in a goroutine for each socket that the program has inherited. serve calls the exit
// that it gets when its input has ended. The program exits with the last participant, or with the
// first one whose status is not 0.
func Serve(serve func(in io.Reader, out io.Writer, exit func(status int)), exit func(status int)) {
	n, err := countSockets()
	if err != nil {
		fmt.Fprintln(os.Stderr, "writer:", err)
		exit(1)
	}
	if n == 0 {
		serve(os.Stdin, os.Stdout, exit)
		return
	}
	var left atomic.Int64
	left.Store(int64(n))
	for i := range n {
		socket := newSocket(FirstSocket + i)
		var once sync.Once
		end := func(status int) {
			once.Do(func() {
				if left.Add(-1) == 0 || status != 0 {
					exit(status)
				}
			})
		}
		go serve(socket, socket, end)
	}
	select {} // until exit
}

// countSockets returns the number of participants with a socket.
func countSockets() (int, error) {
	text, ok := os.LookupEnv(SocketsVariable)
	if !ok {
		return 0, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		return 0, fmt.Errorf("%s=%s is not a number of sockets, 1 or more", SocketsVariable, text)
	}
	return n, nil
}

// newSocket returns an inherited socket. A read that waits takes no thread.
func newSocket(fd int) *os.File {
	_ = unix.SetNonblock(fd, true) // without it reads take a thread each
	return os.NewFile(uintptr(fd), fmt.Sprintf("socket %d", fd))
}
