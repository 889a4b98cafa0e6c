package bench

import (
	"slices"
	"strings"
	"testing"

	"busybench/bench/limit"
)

// runLimit runs BenchmarkLimit as a user would and returns what it prints.
func runLimit(t *testing.T, args ...string) string {
	t.Helper()
	dir := t.TempDir()
	args = append([]string{"-test.bench", "Limit", "-test.benchtime", "1x"}, args...)
	out := output(t, command(dir, args...))
	requireEmpty(t, dir)
	return out
}

func TestLimitIsSkippedBesideOthersWithoutItsFlag(t *testing.T) {
	dir := t.TempDir()
	out := output(t, command(dir, "-test.bench", "Ceiling/disk=append|Limit",
		"-test.benchtime", "1x", "-round", "1ms"))
	if strings.Contains(out, "BenchmarkLimit") || !strings.Contains(out, "BenchmarkCeiling") {
		t.Errorf("printed %s", out)
	}
}

// Writers in a queue meet no lock error, so the limit is at least the maximum.
func TestLimitIsAtLeastTheMaximum(t *testing.T) {
	out := runLimit(t, "-limit", "-limit.max", "6", "-limit.rounds", "2",
		"-axes", "exec=process journal=wal busy=queue:300s writers=77")
	requireMetrics(t, out, "6.000 writers", "0 writers-fail", "0 writers-above", "0 writers-cut")
	for _, want := range []string{
		"limit: 2 bursts each with up to 0 lock errors and any p99, up to 6 writers\n",
		"# BenchmarkLimit/exec=process/journal=wal: " +
			"At least 6 writers pass, the largest number tried; ",
		"#   4 writers: 2 rounds, 0 failed; 0 lock errors in 8 attempts; " +
			"a burst fails with a probability of at most 77.6 % (95 %, Clopper-Pearson, ",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("output has no %q:\n%s", want, out)
		}
	}
}

func TestLimitByP99(t *testing.T) {
	out := runLimit(t, "-limit", "-limit.p99", "1ns", "-axes", "exec=goroutine journal=wal")
	requireMetrics(t, out, "0 writers", "1.000 writers-fail")
}

// A hundred may meet lock errors without a timeout. The allowance makes them pass.
func TestLimitAllowsErrors(t *testing.T) {
	out := runLimit(t, "-limit", "-limit.errors", "100", "-limit.max", "100", "-limit.rounds", "1",
		"-axes", "exec=goroutine journal=delete busy=none")
	requireMetrics(t, out, "100.0 writers", "0 writers-fail")
}

// A few arrivals per second are below what any machine can take in time. Each number of writers has
// a search of its own.
func TestLimitOfARate(t *testing.T) {
	skipIfShort(t)
	out := runLimit(t, "-limit", "-limit.over", "rate", "-limit.max", "4", "-limit.rounds", "2",
		"-limit.errors", "50%", "-limit.p99", "10s", "-round", "200ms",
		"-axes", "exec=process journal=wal writers=2,3")
	requireMetrics(t, out, "4.000 rate", "0 rate-fail", "0 rate-above", "0 rate-cut")
	if strings.Contains(out, "0 writers-fail") {
		t.Errorf("output has units of a search for writers:\n%s", out)
	}
	for _, want := range []string{
		"\nconn: held\n",
		"\nlimit: 2 rounds of 200ms each with at most 50 % lock errors and p99 of at most 10s, " +
			"up to 4 arrivals per second\n",
		"# BenchmarkLimit/exec=process/journal=wal/writers=2: 2 writers can take at least " +
			"4 arrivals per second, the largest rate tried (95 % prediction interval ",
		"# BenchmarkLimit/exec=process/journal=wal/writers=3: 3 writers can take at least ",
		"#   1 arrival per second: 2 rounds, 0 failed; 0 lock errors in ",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("output has no %q:\n%s", want, out)
		}
	}
	searches, err := limit.ReadSearches(strings.NewReader(out))
	if err != nil || len(searches) != 2 {
		t.Errorf("read %d searches, %v", len(searches), err)
	}
}

func TestLimitOfARateByP99(t *testing.T) {
	skipIfShort(t)
	out := runLimit(t, "-limit", "-limit.over", "rate", "-limit.p99", "1ns", "-limit.rounds", "9",
		"-round", "500ms", "-axes", "exec=goroutine journal=wal writers=2")
	requireMetrics(t, out, "0 rate", "1.000 rate-fail")
}

func TestLimitThatDoesNotFitIsRejected(t *testing.T) {
	dir := t.TempDir()
	cmd := command(dir, "-test.bench", "Limit", "-limit", "-limit.max", "1000000",
		"-axes", "exec=process")
	out, err := cmd.Output()
	want := "-limit.max=1000000: 1000000 writers (exec=process) need about "
	if err == nil || !strings.Contains(string(out), want) {
		t.Errorf("ended with %v: %s", err, out)
	}
	requireEmpty(t, dir)
}

// requireMetrics asks for metrics with their units in the only result line of an output.
func requireMetrics(t *testing.T, out string, metrics ...string) {
	t.Helper()
	for _, line := range strings.Split(out, "\n") {
		if !strings.HasPrefix(line, "BenchmarkLimit/") {
			continue
		}
		columns := strings.Split(line, "\t")
		for i := range columns {
			columns[i] = strings.TrimSpace(columns[i])
		}
		for _, want := range metrics {
			if !slices.Contains(columns, want) {
				t.Errorf("no %q in %q", want, line)
			}
		}
		return
	}
	t.Errorf("no result in %s", out)
}
