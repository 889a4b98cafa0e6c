package bench

import (
	"strings"
	"testing"
	"time"

	"busybench/bench/powerloss/mount"
)

// A short pass over settings of which one loses nothing, one the newest rows, and one anything.
func TestPowerLossAsAUserRunsIt(t *testing.T) {
	skipIfShort(t)
	t.Parallel() // it takes long
	if err := mount.Check(); err != nil {
		t.Skip(err)
	}
	dir := t.TempDir()
	out := output(t, command(dir, "-test.bench", "PowerLoss", "-test.benchtime", "1x", "-powerloss",
		"-powerloss.cuts", "5", "-powerloss.rows", "100", "-round", "100ms",
		"-axes", "journal=wal sync=off,normal,full"))
	requireEmpty(t, dir)
	for _, want := range []string{
		"busy: 5ms\n", "BenchmarkPowerLoss/exec=process/journal=wal/writers=4/sync=off",
		"/sync=normal", "/sync=full", " cuts", "acked-rows", "lost-cuts", "lost-p50-rows",
		"lost-max-rows", "lost-p50-ns", "lost-max-ns", "damaged-cuts", "damaged-all",
		"damaged-random", "damaged-torn", "damaged-metadata", "returned-rows", "inserts/s",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
}

// The moments of the cuts follow from the seed, and lie within the round.
func TestMomentsOfCuts(t *testing.T) {
	const length = time.Second
	seen := map[time.Duration]bool{}
	for seed := range uint64(100) {
		m := moment(seed, length)
		if m <= 0 || m > length || m != moment(seed, length) {
			t.Errorf("seed %d: %v", seed, m)
		}
		seen[m] = true
	}
	if len(seen) < 90 {
		t.Errorf("100 seeds give %d moments", len(seen))
	}
}
