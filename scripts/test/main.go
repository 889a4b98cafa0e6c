// Test runs every check of this repository. "make test" builds it and calls it from the top of the
// repository. It stops at the first step that fails:
//
//	source       every Go file is formatted as by gofmt and has no line over 100 columns (a tab
//	             counts 4)
//	vet          go vet ./...
//	staticcheck  go tool staticcheck ./...
//	build        go test -c ./bench: the binary that tests run as a command (BUSYBENCH_BINARY)
//	test         go test -count=1 ./...
//	race         go test -count=1 -race -short, for every package whose own files or tests start
//	             goroutines. The race detector needs cgo and a C compiler ($CC, or gcc). Without
//	             one the step is skipped.
//
// go test runs without its own vet, which the second step includes.
//
// However it ends, no process and no file outlives it. Its temporary directory is the one of every
// process below it, so that the go command's build directories and the tests' files are in there.
// It is the subreaper of its descendants (PR_SET_CHILD_SUBREAPER in prctl(2)): a process whose
// parent exits becomes its child, so it can find and end all of them. This holds for every signal
// that can be caught and for the end of its parent. SIGKILL of this program cannot be caught: it
// ends the running step, but not the step's children, and leaves the temporary directory.
//
// Flags, for make:
//
//	-temp DIRECTORY  use this temporary directory and remove it at the end (default: a new one)
//	-parent PID      exit at once if the parent is another process by now
package main

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"syscall"

	"busybench/bench/lifetime"
	"busybench/scripts/internal/command"
)

func main() { os.Exit(execute(runSteps)) }

// execute runs steps as the package comment says and returns the exit status.
func execute(steps func(s supervisor, temp string) error) int {
	// The kernel sends a step its death signal when the thread that started it exits. This is the
	// main thread, which exits with the process.
	runtime.LockOSThread()
	signals := make(chan os.Signal, 1)
	lifetime.Notify(signals)
	lifetime.Watch(func() { signals <- syscall.SIGHUP })
	if signal.Ignored(syscall.SIGHUP) {
		// Tests send SIGHUP. Under nohup(1) their children would inherit that it is ignored. The
		// children of a program that catches a signal start with its default effect.
		signal.Notify(make(chan os.Signal, 1), syscall.SIGHUP)
	}
	// Steps are in process groups of their own, and a terminal may be set to "tostop". Without
	// this, their first write to it would stop them. Ignored signals are inherited.
	signal.Ignore(syscall.SIGTTOU)
	temp := flag.String("temp", "", "temporary `directory` to use and to remove")
	parent := flag.Int("parent", os.Getppid(), "process `id` of the parent")
	flag.Usage = func() { fmt.Print(command.Test.Help()) }
	flag.Parse()
	if _, err := command.Test.ReadArguments(flag.Args()); err != nil {
		command.PrintError("test", err)
		return 2
	}
	err := run(steps, *temp, *parent, signals)
	if err == nil {
		return 0
	}
	command.PrintError("test", err)
	var s interrupted
	if errors.As(err, &s) {
		return 128 + int(s)
	}
	return 1
}

func run(
	steps func(supervisor, string) error, temp string, parent int, signals <-chan os.Signal,
) (err error) {
	if temp == "" {
		if temp, err = os.MkdirTemp("", "busybench-test-"); err != nil {
			return err
		}
	}
	// Tests of permissions work as other users in directories below it.
	if err := os.Chmod(temp, 0o711); err != nil {
		return err
	}
	defer func() { err = cmp.Or(err, os.RemoveAll(temp)) }()
	if parent != os.Getppid() && !signal.Ignored(syscall.SIGHUP) {
		return interrupted(syscall.SIGHUP)
	}
	if err := command.Test.Check(os.Getenv); err != nil {
		return err
	}
	s, err := newSupervisor(signals)
	if err != nil {
		return err
	}
	return steps(s, temp)
}
