package bench

import (
	"bytes"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"busybench/bench/wait"
)

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
	for _, want := range []string{
		`\n# machine: .* stopped=[3-9]`,
		`\n# disturbed: .*\bstopped=[3-9]`,
		`\n# warning: do not compare this run: .*this process did not run for [3-9]`,
	} {
		if !regexp.MustCompile(want).MatchString(out.String()) {
			t.Errorf("no line matches %s in %s", want, out)
		}
	}
	requireEmpty(t, dir)
}
