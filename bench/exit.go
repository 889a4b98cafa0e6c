package bench

import (
	"fmt"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"testing"

	"busybench/bench/fleet"
	"busybench/bench/lifetime"
)

// exitMu is held by whoever exits first: TestMain, a signal, or the end of the parent process. The
// others block, so errors caused by the cleanup are not reported. It is also held while reports get
// their names, since the cleanup would remove them.
var exitMu sync.Mutex

// waitIfExiting blocks forever if the program is exiting. Call it before reporting an error that
// the cleanup may have caused.
func waitIfExiting() {
	exitMu.Lock()
	defer exitMu.Unlock()
}

// fatal fails a benchmark with an error.
func fatal(b *testing.B, err error) {
	b.Helper()
	waitIfExiting()
	b.Fatal(err)
}

// exiter ends the program without leaving anything behind.
type exiter struct {
	signals      chan os.Signal
	parentExited chan struct{}
}

// newExiter catches signals and watches the parent process from now on, and keeps what happens
// until watch is called. It ignores SIGTTOU: a background process may write its status line to a
// terminal set to "tostop".
func newExiter() exiter {
	e := exiter{make(chan os.Signal, 1), make(chan struct{})}
	lifetime.Watch(func() { close(e.parentExited) })
	signal.Ignore(syscall.SIGTTOU)
	lifetime.Notify(e.signals)
	return e
}

// watch exits on a signal or when the parent process has exited, after the cleanup.
func (e exiter) watch(env *environment) {
	go func() {
		select {
		case s := <-e.signals:
			exitOn(env, s.(syscall.Signal), fmt.Sprintf("stopped by a signal (%v)", s))
		case <-e.parentExited:
			exitOn(env, syscall.SIGTERM, "stopped because the parent process exited")
		}
	}()
}

// exitOn kills writers, cleans up, and exits with the status of a death by a signal. It prints the
// reason unless a script does.
func exitOn(env *environment, s syscall.Signal, reason string) {
	exitMu.Lock()
	fleet.KillAll()
	code := cleanUp(env, 128+int(s))
	newStatus(os.Stderr).clear()
	if os.Getenv(lifetime.ScriptVariable) == "" {
		fmt.Fprintf(os.Stderr, "busybench: %s\n", reason)
	}
	os.Exit(code)
}

// exit cleans up and exits. If the output was closed, a failed write can come here before the
// signal is handled. The status is the same.
func exit(env *environment, code int) {
	exitMu.Lock()
	if lifetime.OutputClosed() {
		code = 128 + int(syscall.SIGPIPE)
	}
	os.Exit(cleanUp(env, code))
}

// cleanUp removes what must not be left behind and returns the exit status.
func cleanUp(env *environment, code int) int {
	if err := env.remove(); err != nil {
		fmt.Fprintln(os.Stderr, "busybench: remove database files:", err)
		return max(code, 1)
	}
	return code
}
