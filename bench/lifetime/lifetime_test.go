package lifetime

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// roleVariable makes the test binary one of the processes that the tests start.
const roleVariable = "BUSYBENCH_TEST_LIFETIME"

func TestMain(m *testing.M) {
	role := os.Getenv(roleVariable)
	if role == "" {
		os.Exit(m.Run())
	}
	if child, ok := strings.CutPrefix(role, "parent of "); ok {
		startChild(child)
	}
	roles[role]()
}

// startChild starts a child in another role and waits to be killed.
func startChild(role string) {
	cmd := command(role)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	if strings.HasSuffix(role, "nohup") {
		signal.Ignore(syscall.SIGHUP)
	}
	if err := cmd.Start(); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	for {
		unix.Pause()
	}
}

// roles are what a started process does. Each prints what happened.
var roles = map[string]func(){
	"pidfd": func() { printExit(openParent) },
	"fallback": func() {
		printExit(func(int) (*os.File, error) { return nil, errors.New("no pidfd_open") })
	},
	"nohup": func() {
		fmt.Println("watching:", watch(func() {}, openParent))
		fmt.Println("SIGHUP handled:", slices.Contains(Signals, os.Signal(syscall.SIGHUP)))
	},
	"context": func() {
		ctx, stop := Context()
		defer stop()
		fmt.Println("ready")
		<-ctx.Done()
		fmt.Fprintln(os.Stderr, context.Cause(ctx))
	},
	"writer to a closed output": func() {
		ctx, stop := Context()
		defer stop()
		for ctx.Err() == nil {
			fmt.Println("a line")
		}
		fmt.Fprintln(os.Stderr, context.Cause(ctx))
	},
	"writer to another closed pipe": func() {
		ctx, stop := Context()
		defer stop()
		read, write, err := os.Pipe()
		if err != nil {
			fmt.Println(err)
		}
		read.Close()
		all := make(chan os.Signal, 1)
		signal.Notify(all, syscall.SIGPIPE)
		_, err = io.WriteString(write, "x")
		fmt.Println(errors.Is(err, syscall.EPIPE), <-all, ctx.Err())
	},
}

func printExit(open func(int) (*os.File, error)) {
	exited := make(chan bool)
	watch(func() { close(exited) }, open)
	fmt.Println("ready")
	<-exited
	fmt.Println("the parent exited")
}

func command(role string) *exec.Cmd {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), roleVariable+"="+role)
	return cmd
}

// process is a started process and what it prints.
type process struct {
	*exec.Cmd
	stdout, stderr *bufio.Reader
}

func start(t *testing.T, role string) process {
	t.Helper()
	cmd := command(role)
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	// The only way that a test can hang is that a process does not exit.
	timer := time.AfterFunc(time.Minute, func() { stdout.Close(); stderr.Close() })
	t.Cleanup(func() { timer.Stop() })
	return process{cmd, bufio.NewReader(stdout), bufio.NewReader(stderr)}
}

func requireLine(t *testing.T, out *bufio.Reader, want string) {
	t.Helper()
	if line, err := out.ReadString('\n'); err != nil || line != want+"\n" {
		t.Errorf("printed %q, %v, want %q", line, err, want)
	}
}

func TestWatchCallsBackWhenTheParentIsKilled(t *testing.T) {
	for _, way := range []string{"pidfd", "fallback"} {
		t.Run(way, func(t *testing.T) {
			parent := start(t, "parent of "+way)
			requireLine(t, parent.stdout, "ready")
			parent.Process.Kill()
			requireLine(t, parent.stdout, "the parent exited")
		})
	}
}

func TestWatchDoesNothingUnderNohup(t *testing.T) {
	parent := start(t, "parent of nohup")
	requireLine(t, parent.stdout, "watching: false")
	requireLine(t, parent.stdout, "SIGHUP handled: false")
}

// A process id that belongs to another process by now must not be watched.
func TestOpenParentRejectsAnotherProcess(t *testing.T) {
	if file, err := openParent(os.Getpid()); err == nil {
		file.Close()
		t.Error("opened a process that is not the parent")
	}
}

func TestContextEndsOnEachSignal(t *testing.T) {
	for _, s := range Signals {
		name := unix.SignalName(s.(syscall.Signal))
		if s == syscall.SIGPIPE {
			continue // only with a closed output, see below
		}
		t.Run(name, func(t *testing.T) {
			p := start(t, "context")
			requireLine(t, p.stdout, "ready")
			p.Process.Signal(s)
			requireLine(t, p.stderr, "got "+name)
			if err := p.Wait(); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestContextEndsWithTheParent(t *testing.T) {
	p := start(t, "parent of context")
	requireLine(t, p.stdout, "ready")
	p.Process.Kill()
	requireLine(t, p.stderr, "the parent process exited")
}

func TestContextEndsWhenTheReaderOfTheOutputCloses(t *testing.T) {
	cmd := command("writer to a closed output")
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	var stderr strings.Builder
	cmd.Stdout, cmd.Stderr = write, &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	write.Close()
	read.Close()
	timer := time.AfterFunc(time.Minute, func() { cmd.Process.Kill() })
	defer timer.Stop()
	if err := cmd.Wait(); err != nil || stderr.String() != "got SIGPIPE\n" {
		t.Errorf("ended with %v, printed %q", err, &stderr)
	}
}

// A pipe to a child that exited breaks in the normal course of things.
func TestContextOutlivesAnotherClosedPipe(t *testing.T) {
	p := start(t, "writer to another closed pipe")
	requireLine(t, p.stdout, "true broken pipe <nil>")
}
