package bench

import (
	"slices"
	"strings"
	"testing"
)

// searched runs BenchmarkLimit as a user would and returns what it prints.
func searched(t *testing.T, args ...string) string {
	t.Helper()
	dir := t.TempDir()
	cmd := command(dir, append([]string{"-test.bench", "Limit", "-test.benchtime", "1x"}, args...)...)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %v; %s", args, err, cmd.Stderr)
	}
	requireEmpty(t, dir)
	return string(out)
}

func TestLimitRunsOnlyWhereItIsAskedFor(t *testing.T) {
	if out := searched(t, "-axes", "exec=goroutine journal=wal"); strings.Contains(out, "BenchmarkLimit") {
		t.Errorf("printed %s", out)
	}
}

// Who waits in a queue is never refused, so that the limit is at least as many as are tried.
func TestLimitIsAtLeastTheMaximum(t *testing.T) {
	out := searched(t, "-limit", "-limit.max", "6", "-limit.rounds", "2", "-axes", "exec=process journal=wal busy=queue:300s writers=77")
	requireFigures(t, out, "6.000 writers", "0 writers-fail", "0 writers-above")
	for _, want := range []string{
		"limit: 2 bursts each with up to 0 lock errors and any p99, up to 6 writers\n",
		"# BenchmarkLimit/exec=process/journal=wal: limit at least 6 writers, the most that were tried",
		"#   4 writers: 2 rounds, 0 failed; 0 lock errors in 8 attempts; chance of a lock error at most 31.2 % for an attempt, of failing at most 77.6 % for a burst (95 %, Clopper-Pearson)",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("output has no %q:\n%s", want, out)
		}
	}
}

func TestLimitByP99(t *testing.T) {
	out := searched(t, "-limit", "-limit.p99", "1ns", "-axes", "exec=goroutine journal=wal")
	requireFigures(t, out, "0 writers", "1.000 writers-fail")
}

// A hundred may be refused where they do not wait: the allowance makes them pass.
func TestLimitAllowsErrors(t *testing.T) {
	out := searched(t, "-limit", "-limit.errors", "100", "-limit.max", "100", "-limit.rounds", "1", "-axes", "exec=goroutine journal=delete busy=none")
	requireFigures(t, out, "100.0 writers", "0 writers-fail")
}

func TestLimitThatDoesNotFitIsRefused(t *testing.T) {
	dir := t.TempDir()
	cmd := command(dir, "-test.bench", "Limit", "-limit", "-limit.max", "1000000", "-axes", "exec=process")
	out, err := cmd.Output()
	if err == nil || !strings.Contains(string(out), "-limit.max=1000000: 1000000 writers (exec=process) need about ") {
		t.Errorf("ended with %v: %s", err, out)
	}
	requireEmpty(t, dir)
}

// requireFigures asks for figures with their units in the only result line of an output.
func requireFigures(t *testing.T, out string, figures ...string) {
	t.Helper()
	for _, line := range strings.Split(out, "\n") {
		if !strings.HasPrefix(line, "BenchmarkLimit/") {
			continue
		}
		columns := strings.Split(line, "\t")
		for i := range columns {
			columns[i] = strings.TrimSpace(columns[i])
		}
		for _, want := range figures {
			if !slices.Contains(columns, want) {
				t.Errorf("no %q in %q", want, line)
			}
		}
		return
	}
	t.Errorf("no result in %s", out)
}
