package bench

import (
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"busybench/bench/outcome"
	"busybench/bench/scenario"
)

// A short campaign: 20 kills in each journal mode that survives them, with transactions of one
// statement and of several, and of readers and a checkpointer.
func TestKilledParticipantsLoseNothing(t *testing.T) {
	for _, axes := range []string{
		"journal=delete,truncate,persist,wal",
		"journal=delete,wal txn=immediate",
		"journal=delete,wal conn=fresh sync=off",
		"journal=wal readers=4 read=scan checkpoint=truncate:5ms",
	} {
		all, err := scenario.Parse("exec=process writers=8 batch=5 busy=30s " + axes)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range all.WithDefaults("conn=held").WithDefaults(scenario.Defaults).Cases() {
			t.Run(axes+"/"+c.Name, func(t *testing.T) { killSome(t, c.Scenario) })
		}
	}
}

func killSome(t *testing.T, s scenario.Scenario) {
	enough := FaultOptions{Kills: 20, Rows: 1}
	f, err := runCampaign(s, enough, 300*time.Millisecond)
	if errors.Is(err, errNothingWritten) { // on a slow disk
		f, err = runCampaign(s, enough, 20*time.Second)
	}
	if err != nil {
		t.Fatal(err)
	}
	if f.kills != killsPerRound+s.Participants() || f.rows == 0 || f.lost != 0 || f.torn != 0 ||
		len(f.violations) != 0 || f.unacked > f.kills || len(f.reopenings) != 1 {
		t.Errorf("%+v", f)
	}
}

// runCampaign runs a campaign with options of its own.
func runCampaign(
	s scenario.Scenario, o FaultOptions, length time.Duration,
) (*campaign, error) {
	local := *env
	local.Faults, local.Round = o, length
	return runFaults(&local, s)
}

// Without a journal SQLite promises nothing: violations are reported, and the benchmark goes on.
func TestFaultsAsAUserRunsThem(t *testing.T) {
	skipIfShort(t)
	dir := t.TempDir()
	out := output(t, command(dir, "-test.bench", "Faults", "-test.benchtime", "1x", "-faults",
		"-faults.kills", "20", "-faults.rows", "0", "-round", "100ms",
		"-axes", "journal=off,delete writers=4"))
	requireEmpty(t, dir)
	for _, want := range []string{
		"# seed 1\n",
		"BenchmarkFaults/exec=process/journal=off/writers=4",
		"BenchmarkFaults/exec=process/journal=delete/writers=4",
		"32.00 kills", "acked-rows", " 0 lost-rows", "torn-rows", "damaged-files", "hot-files",
		"kept-txns", "lockerrs", "recover-ns", "recover-max-ns", "reopen-max-ns",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
	out = output(t, command(dir, "-test.bench", "Ceiling/disk=append|Faults",
		"-test.benchtime", "1x", "-round", "1ms"))
	if strings.Contains(out, "BenchmarkFaults") || !strings.Contains(out, "BenchmarkCeiling") {
		t.Errorf("without -faults: %s", out)
	}
}

// Without a journal a killed writer can leave a damaged file. The writer that replaces it then
// cannot connect.
func TestWritersThatFindADamagedFile(t *testing.T) {
	for journal, promised := range map[string]bool{"off": false, "delete": true} {
		t.Run("journal="+journal, func(t *testing.T) {
			s := scenarioFor(t, "exec=process writers=2 conn=held journal="+journal)
			r, err := newRounds(env, s, outcome.Sustained)
			if err != nil {
				t.Fatal(err)
			}
			defer r.fleet.Close()
			c := &campaign{rounds: r}
			err = r.withFreshFile(func(db database, seed uint64) error {
				if err := os.WriteFile(db.path, []byte("not a database"), 0o600); err != nil {
					t.Fatal(err)
				}
				return c.roundOn(db, seed)
			})
			if (err != nil) != promised || (len(c.violations) == 1) == promised {
				t.Errorf("error is %v, violations are %q", err, c.violations)
			}
		})
	}
}

// Rounds that are too short to write in would go on forever.
func TestACampaignWithoutRowsFails(t *testing.T) {
	s := scenarioFor(t, "exec=process journal=delete writers=1 conn=held")
	_, err := runCampaign(s, FaultOptions{Kills: 1, Rows: 1 << 40}, time.Nanosecond)
	if !errors.Is(err, errNothingWritten) {
		t.Errorf("error is %v", err)
	}
}
