// Package lifetime ends a program when its parent exits or a signal arrives. A program that starts
// other processes and creates scratch files must clean up when it is interrupted, when its terminal
// closes, when the reader of its output exits, and when its parent is killed. A parent that is
// killed with SIGKILL sends nothing, so without a watch its children go on and are adopted by init.
//
// [Context] covers all of these cases, for programs that check a context. Programs that handle the
// signals themselves use [Notify] and [Watch]:
//
//	signals := make(chan os.Signal, 1)
//	lifetime.Notify(signals)
//	lifetime.Watch(func() { signals <- syscall.SIGTERM })
//	cleanUpAndExit(<-signals)
//
// A program that is started with SIGHUP ignored, as by nohup(1), is meant to survive its terminal
// and its parent: SIGHUP is then not one of Signals, and Watch does nothing.
package lifetime

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"
)

// ScriptVariable is the environment variable of a program that a script started and ends. It prints
// nothing when a signal ends it, because the script says why.
const ScriptVariable = "BUSYBENCH_SCRIPT"

// nohup is true if this program was started with SIGHUP ignored.
var nohup = signal.Ignored(syscall.SIGHUP)

// Signals lists the signals that end a program and can be caught. SIGPIPE is among them because a
// write to a closed standard output or standard error otherwise ends the program before it can
// clean up. Once a program has asked for SIGPIPE, it also gets it for every other broken pipe, such
// as the standard input of a child that exited: see [Notify].
var Signals = endingSignals()

func endingSignals() []os.Signal {
	all := []os.Signal{
		syscall.SIGINT, syscall.SIGQUIT, syscall.SIGABRT, syscall.SIGPIPE, syscall.SIGTERM,
	}
	if nohup {
		return all
	}
	return append(all, syscall.SIGHUP)
}

// OutputClosed reports whether the standard output or the standard error is a pipe or a socket
// whose reader has closed it. Only then does SIGPIPE mean that the program is to end.
func OutputClosed() bool {
	fds := []unix.PollFd{{Fd: int32(syscall.Stdout)}, {Fd: int32(syscall.Stderr)}}
	if err := pollNow(fds); err != nil {
		return false
	}
	return (fds[0].Revents|fds[1].Revents)&unix.POLLERR != 0
}

// Notify sends the signals that end the program to c: [Signals], except a SIGPIPE that neither
// standard output nor standard error caused. Like [signal.Notify], it does not wait for a
// receiver, so c needs a buffer. After stop, which may be called again, the signals have their
// default effect.
func Notify(c chan<- os.Signal) (stop func()) {
	signals := make(chan os.Signal, len(Signals))
	signal.Notify(signals, Signals...)
	go func() {
		for s := range signals {
			if s == syscall.SIGPIPE && !OutputClosed() {
				continue
			}
			select {
			case c <- s:
			default:
			}
		}
	}()
	return sync.OnceFunc(func() {
		signal.Stop(signals)
		close(signals)
	})
}

// errParentExited is the cause of a context that ends with the parent process.
var errParentExited = errors.New("the parent process exited")

// Context returns a context that is canceled when the program is to end: on a signal and when the
// parent process exits. Its cause says which. After stop, which may be called again, the signals
// have their default effect.
func Context() (ctx context.Context, stop func()) {
	ctx, cancel := context.WithCancelCause(context.Background())
	signals := make(chan os.Signal, 1)
	stopSignals := Notify(signals)
	Watch(func() { cancel(errParentExited) })
	go func() {
		select {
		case s := <-signals:
			cancel(fmt.Errorf("got %s", unix.SignalName(s.(syscall.Signal))))
		case <-ctx.Done():
		}
	}()
	return ctx, func() {
		stopSignals()
		cancel(nil)
	}
}
