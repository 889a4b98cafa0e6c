package bench

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"busybench/bench/outcome"
	"busybench/bench/sqlitedb"
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

func TestRatesAreFiniteInTheShortestRound(t *testing.T) {
	cmd := command(t.TempDir(), "-test.bench", "Ceiling", "-test.benchtime", "1x", "-round", "1ns")
	out := output(t, cmd)
	if strings.Contains(out, "Inf") || strings.Contains(out, "NaN") ||
		strings.Count(out, "\nBenchmarkCeiling/") != 4 {
		t.Errorf("printed %s", out)
	}
}

func TestRowsThatDoNotFitAreRejected(t *testing.T) {
	for _, c := range []struct{ name, axes, want string }{
		{"memory", "rows=1000000000", "of memory"},
		{"disk", "rows=10000000 payload=999999000", "of disk space"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := scenarioFor(t, "exec=process journal=wal writers=1 "+c.axes)
			_, err := newDatabase(env.work.Path, s, 1)
			if err == nil || !strings.Contains(err.Error(), c.want) ||
				strings.Contains(err.Error(), "\n") {
				t.Errorf("error is %v", err)
			}
		})
	}
}

func TestRoundTimeoutGrowsWithTheLoad(t *testing.T) {
	const base = "exec=process journal=wal writers=10"
	small := roundTimeout(scenarioFor(t, base+" busy=none"))
	for name, axes := range map[string]string{
		"busy timeout": base + " busy=5s",
		"block":        base + " busy=block",
		"writers":      "exec=process journal=wal writers=20 busy=none",
		"payload":      base + " busy=none payload=10000000",
		"batch":        base + " busy=none payload=1000000 batch=10",
	} {
		t.Run(name, func(t *testing.T) {
			if got := roundTimeout(scenarioFor(t, axes)); got <= small {
				t.Errorf("%s: %v, not more than %v", axes, got, small)
			}
		})
	}
}

func TestRecord(t *testing.T) {
	id := func(n byte) uuid.UUID { return uuid.UUID{n} }
	round := outcome.Round{Writers: []outcome.Series{{
		Outcomes: []outcome.Outcome{
			{Code: 0},
			{Code: outcome.Busy},
			{Code: 10, Trace: outcome.Trace{Phase: outcome.Commit}},
		},
		IDs:      []uuid.UUID{id(1), id(2), id(3)},
		Messages: map[int]string{2: "disk I/O error"},
	}}}
	db := database{ledger: sqlitedb.Ledger{}}
	err := db.record(round)
	if want := "writer 0: commit: SQLITE_IOERR: disk I/O error"; err == nil || err.Error() != want {
		t.Errorf("error is %v, want %s", err, want)
	}
	if !db.ledger[id(1)] || db.ledger[id(2)] || db.ledger[id(3)] || len(db.ledger) != 3 {
		t.Errorf("ledger is %v", db.ledger)
	}
}

func TestTimelineName(t *testing.T) {
	s := scenarioFor(t, "exec=process journal=wal writers=1 busy=queue:60s")
	for name, want := range map[string]string{
		"BenchmarkBurst/exec=process":                "Burst/exec=process/busy=queue:1m0s",
		"BenchmarkBurst/exec=process/busy=queue:60s": "Burst/exec=process/busy=queue:60s",
	} {
		if got := timelineName(name, s); got != want {
			t.Errorf("%s is named %s, want %s", name, got, want)
		}
	}
}
