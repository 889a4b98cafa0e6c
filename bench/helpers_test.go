package bench

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"busybench/bench/fleet"
	"busybench/bench/outcome"
	"busybench/bench/scenario"
)

// command returns this test binary as a user would run it: benchmarks only, with the given flags,
// database files below dir.
func command(dir string, args ...string) *exec.Cmd {
	cmd := exec.Command(os.Args[0], append([]string{"-test.run", "^$", "-dir", dir}, args...)...)
	cmd.Stderr = &bytes.Buffer{}
	return cmd
}

// output runs a command, which must succeed, and returns its standard output.
func output(t *testing.T, cmd *exec.Cmd) string {
	t.Helper()
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %v: %s%s", cmd.Args, err, out, cmd.Stderr)
	}
	return string(out)
}

func requireEmpty(t *testing.T, dir string) {
	t.Helper()
	if left, err := os.ReadDir(dir); err != nil || len(left) != 0 {
		t.Errorf("left behind in %s: %v, %v", dir, left, err)
	}
}

// inserting reports whether a write-ahead log below dir has any content.
func inserting(dir string) bool {
	logs, _ := filepath.Glob(filepath.Join(dir, ".busybench-*", "round-*", "*-wal"))
	return slices.ContainsFunc(logs, func(path string) bool {
		info, err := os.Stat(path)
		return err == nil && info.Size() > 0
	})
}

// scenarioFor returns the only scenario that the axes span.
func scenarioFor(t *testing.T, axes string) scenario.Scenario {
	t.Helper()
	s, err := scenario.Single(axes, "conn=fresh")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// setup makes a fleet and a fresh file for one burst of a scenario.
func setup(t *testing.T, s scenario.Scenario) (*rounds, database) {
	t.Helper()
	r, err := newRounds(env, s, outcome.Burst)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.fleet.Close() })
	db, err := newDatabase(env.work.Path, s, env.Seed)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.remove)
	return r, db
}

// runBurst makes one burst on a fresh file, after it has called prepare, and audits the file. It
// returns the round and the number of rows.
func runBurst(
	t *testing.T, s scenario.Scenario, prepare func(database),
) (round fleet.Round, rows int) {
	t.Helper()
	r, db := setup(t, s)
	prepare(db)
	round, err := runOn(r.fleet, db, r.plan(env.Seed))
	if err != nil {
		t.Fatal(err)
	}
	if rows, err = db.audit(); err != nil {
		t.Error(err)
	}
	requireWholeAnatomy(t, s, round.Round)
	return round, rows
}

func lockErrors(r outcome.Round) (n int) {
	for _, w := range r.Writers {
		for _, o := range w.Outcomes {
			if o.LockError() {
				n++
			}
		}
	}
	return n
}

// requireDistinctProcesses asks that every writer ran in a process of its own.
func requireDistinctProcesses(t *testing.T, round fleet.Round) {
	t.Helper()
	seen := map[int]bool{os.Getpid(): true}
	for number, usage := range round.Usages {
		if seen[usage.PID] {
			t.Errorf("writer %d ran in process %d, which is not its own", number, usage.PID)
		}
		seen[usage.PID] = true
	}
}

// skipIfShort skips a test that starts hundreds of processes or takes long.
func skipIfShort(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("starts hundreds of processes or takes long; run without -short")
	}
}
