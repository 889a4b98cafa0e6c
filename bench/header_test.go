package bench

import (
	"busybench/bench/wait"
	"bytes"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestWarnings(t *testing.T) {
	for _, c := range []struct {
		name          string
		before, after float64
		stalled       time.Duration
		want          []string
	}{
		{"steady", 1000, 1000, 0, nil},
		{"a little slower", 1400, 1000, 0, nil},
		{"much slower", 1600, 1000, 0, []string{"factor of 1.60"}},
		{"much faster", 1000, 2000, 0, []string{"factor of 2.00"}},
		{"stopped", 1000, 1000, 10 * time.Second, []string{"did not run for 10s"}},
		{"both", 1000, 2000, 10 * time.Second, []string{"factor of 2.00", "did not run for 10s"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := warnings(c.before, c.after, c.stalled)
			if len(got) != len(c.want) {
				t.Fatalf("warnings are %q", got)
			}
			for i, want := range c.want {
				if !strings.Contains(got[i], want) {
					t.Errorf("warning %d is %q, want %q", i, got[i], want)
				}
			}
		})
	}
}

// Go's environment variables change how fast writers are.
func TestHeaderShowsGoEnvironment(t *testing.T) {
	dir := t.TempDir()
	cmd := command(dir, "-test.bench", "^$")
	cmd.Env = append(cmd.Environ(), "GOMEMLIMIT=3GiB", "GOGC=77")
	if out := output(t, cmd); !strings.Contains(out, "\ngoenv: GOGC=77 GOMEMLIMIT=3GiB\n") {
		t.Errorf("header is %s", out)
	}
	requireEmpty(t, dir)
}

// While a run is stopped, no writer makes progress, but the clock of its rounds goes on.
func TestAStoppedRunGetsAWarning(t *testing.T) {
	skipIfShort(t)
	dir := t.TempDir()
	cmd := command(dir, "-test.bench", "Sustained", "-test.benchtime", "1x", "-round", "5s",
		"-axes", "exec=goroutine journal=wal writers=1")
	out := &bytes.Buffer{}
	cmd.Stdout = out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill() })
	wait.Until(t, "writers insert", func() bool { return inserting(dir) })
	for _, signal := range []syscall.Signal{syscall.SIGSTOP, syscall.SIGCONT} {
		if err := cmd.Process.Signal(signal); err != nil {
			t.Fatal(err)
		}
		if signal == syscall.SIGSTOP {
			time.Sleep(3 * time.Second) // longer than a stall has to last to be one
		}
	}
	if err := cmd.Wait(); err != nil {
		t.Fatalf("%v: %s%s", err, out, cmd.Stderr)
	}
	if !strings.Contains(out.String(), "\n# warning: this process did not run for ") {
		t.Errorf("no warning in %s", out)
	}
	requireEmpty(t, dir)
}
