package bench

import (
	"errors"
	"strings"
	"testing"
	"time"

	"busybench/bench/scenario"
)

// The short pass of BenchmarkFaults: 20 kills in each journal mode that promises something, with transactions of one statement and of several.
func TestKilledWritersLoseNothing(t *testing.T) {
	for _, axes := range []string{"journal=delete,truncate,persist,wal", "journal=delete,wal txn=immediate", "journal=delete,wal conn=fresh sync=off"} {
		all, err := scenario.Parse("exec=process writers=8 batch=5 busy=30s " + axes)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range all.WithDefaults("conn=held").WithDefaults(scenario.Defaults).Cases() {
			f, err := faultsFor(c.Scenario, FaultOptions{Kills: 20, Rows: 1}, 300*time.Millisecond)
			if errors.Is(err, errNothingWritten) { // on a slow disk
				f, err = faultsFor(c.Scenario, FaultOptions{Kills: 20, Rows: 1}, 20*time.Second)
			}
			if err != nil {
				t.Fatalf("%s: %v", c.Name, err)
			}
			if f.kills != 20 || f.rows == 0 || f.lost != 0 || f.torn != 0 || len(f.violations) != 0 || f.unacked > f.kills || len(f.reopenings) != 1 {
				t.Errorf("%s: %+v", c.Name, f)
			}
		}
	}
}

// Without a journal nothing is promised: what is found is told, and the benchmark goes on.
func TestFaultsAsAUserRunsThem(t *testing.T) {
	dir := t.TempDir()
	cmd := command(dir, "-test.bench", "Faults", "-test.benchtime", "1x", "-faults", "-faults.kills", "20", "-faults.rows", "0", "-round", "100ms",
		"-axes", "journal=off,delete writers=4")
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %s%s", err, out, cmd.Stderr)
	}
	requireEmpty(t, dir)
	for _, want := range []string{"# seed 1\n", "BenchmarkFaults/exec=process/journal=off/writers=4", "BenchmarkFaults/exec=process/journal=delete/writers=4", "32.00 kills", "acked-rows", " 0 lost-rows", "torn-rows", "damaged-files", "hot-files", "kept-txns", "lockerrs", "recover-ns", "recover-max-ns", "reopen-max-ns"} {
		if !strings.Contains(string(out), want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
	if out, err := command(dir, "-test.bench", "Faults").Output(); err != nil || strings.Contains(string(out), "BenchmarkFaults") {
		t.Errorf("without -faults: %v, %s", err, out)
	}
}

// faultsFor runs a campaign with options of its own.
func faultsFor(
	s scenario.Scenario, o FaultOptions, length time.Duration,
) (*campaign, error) {
	local := *env
	local.Faults, local.Round = o, length
	return runFaults(&local, s)
}

// A round that is too short to write in would go on for ever.
func TestARoundInWhichNobodyWrites(t *testing.T) {
	s := scenarioFor(t, "exec=process journal=delete writers=1 conn=held")
	if _, err := faultsFor(s, FaultOptions{Kills: 1, Rows: 1 << 40}, time.Nanosecond); !errors.Is(err, errNothingWritten) {
		t.Errorf("error is %v", err)
	}
}
