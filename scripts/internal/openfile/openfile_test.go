package openfile

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// roleVariable makes the test binary a process that has a file open, or that sleeps.
const roleVariable = "BUSYBENCH_TEST_OPENFILE"

func TestMain(m *testing.M) {
	if role := os.Getenv(roleVariable); role != "" {
		play(role)
	}
	os.Exit(m.Run())
}

func play(role string) {
	if role == "nap" {
		fmt.Println("ready")
		for {
			unix.ClockNanosleep(unix.CLOCK_MONOTONIC, 0, &unix.Timespec{Nsec: 5e6}, nil)
		}
	}
	file, err := os.Open(role)
	fmt.Println("ready", err)
	io.Copy(io.Discard, os.Stdin) // until the test closes it, or ends
	file.Close()
	os.Exit(0)
}

// start starts a process in a role.
func start(t *testing.T, role string) (pid int) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), roleVariable+"="+role)
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	timer := time.AfterFunc(time.Minute, func() { cmd.Process.Kill() })
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait(); timer.Stop() })
	if line, err := bufio.NewReader(stdout).ReadString('\n'); err != nil {
		t.Fatalf("printed %q, %v", line, err)
	}
	return cmd.Process.Pid
}

func TestFindFindsAFileUnderEachOfItsNames(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(path string) error
	}{
		{"under its name", func(string) error { return nil }},
		{"renamed since", func(path string) error { return os.Rename(path, path+"2") }},
		{"deleted since", os.Remove},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "a file\n")
			file, err := os.Create(path)
			if err != nil {
				t.Fatal(err)
			}
			defer file.Close()
			id, err := Identify(file)
			if err != nil {
				t.Fatal(err)
			}
			pid := start(t, path)
			if err := c.change(path); err != nil {
				t.Fatal(err)
			}
			open, err := Find(func(d Descriptor) bool { return d.File == id })
			if err != nil || len(open.Found) != 1 || open.Found[0].PID != pid {
				t.Fatalf("found %v, %v, want process %d", open.Found, err, pid)
			}
			again, err := os.Stat(open.Found[0].Path())
			if mine, mineErr := file.Stat(); mineErr != nil || !os.SameFile(again, mine) {
				t.Errorf("%s is another file, %v", open.Found[0].Path(), err)
			}
		})
	}
}

func TestCommandIsTheCommandLine(t *testing.T) {
	pid := start(t, "nap")
	if got := Command(pid); got != os.Args[0] {
		t.Errorf("is %q, want %q", got, os.Args[0])
	}
	if got := printable("sh\x00-c\x00a\x1b[31m\nb\x00"); got != "sh -c a [31m b" {
		t.Errorf("with control characters it is %q", got)
	}
}

// A process that naps again and again is found in a nap sooner or later.
func TestNapsAreCounted(t *testing.T) {
	pid := start(t, "nap")
	var first, last int
	for last <= first+2 {
		for _, n := range Naps(pid) {
			if last = n; first == 0 {
				first = n
			}
		}
		if t.Context().Err() != nil {
			t.Fatal("no naps")
		}
	}
}
