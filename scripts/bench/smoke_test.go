package main

import (
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"busybench/scripts/internal/benchtest"
	"busybench/scripts/internal/snapshot"
)

func TestMain(m *testing.M) { benchtest.Main(m) }

// TestSmoke makes a snapshot of every benchmark with tiny axes, with real processes and real files,
// and reads it as compare and benchstat do.
func TestSmoke(t *testing.T) {
	if testing.Short() {
		t.Skip("runs every benchmark twice")
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "smoke.txt")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for range 2 {
		cmd := benchtest.Command(benchtest.Binary(t), "-test.bench", ".", "-test.benchtime", "1x",
			"-axes", "writers=3 busy=none,queue:30s", "-dir", dir, "-round", "20ms",
			"-limit", "-limit.max", "3", "-limit.rounds", "2")
		cmd.Stdout = file
		if err := cmd.Run(); err != nil {
			t.Fatal(err)
		}
	}
	snap, err := snapshot.Read(path)
	if err != nil {
		t.Fatal(err)
	}
	requireHeader(t, snap)
	requireUnits(t, snap)
	requireAnatomy(t, snap)
	out, err := exec.Command("go", "tool", "benchstat", path).CombinedOutput()
	if err != nil || len(out) == 0 {
		t.Errorf("benchstat: %v: %s", err, out)
	}
	var table strings.Builder
	err = writeTables(&table, snap)
	if err != nil || !strings.Contains(table.String(), "busy=none") {
		t.Errorf("table: %v:\n%s", err, &table)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, ".busybench-*")); left != nil {
		t.Errorf("left behind: %v", left)
	}
}

func requireHeader(t *testing.T, snap *snapshot.Snapshot) {
	t.Helper()
	keys := []string{"sqlite", "driver", "filesystem", "kernel", "cores", "go", "round",
		"txn", "sync", "conn", "rows", "batch", "payload"}
	for _, r := range snap.Results {
		for _, key := range keys {
			if r.GetConfig(key) == "" {
				t.Fatalf("%s has no header line %s", r.Name, key)
			}
		}
		conn := map[string]string{"Burst": "fresh", "Sustained": "held"}[string(r.Name.Base())]
		if got := r.GetConfig("conn"); conn != "" && got != conn {
			t.Errorf("%s has conn: %s", r.Name, got)
		}
	}
}

// requiredUnits returns the units that the benchmark of a row always reports, zeros included.
func requiredUnits(row snapshot.Row) []string {
	common := []string{"inserts/s", "lockerr-%", "attempts", "lockerrs", "lost-rows",
		"p50-ns", "p99-ns", "max-ns", "lockidle-%", "lockheld-%",
		"open-%", "wait-%", "begin-%", "insert-%", "commit-%", "close-%"}
	switch name := row.Benchmark(); {
	case name == "Burst":
		return append(common, "ns/op", "skew-ns", "overlap")
	case name == "Sustained":
		return append(common, "jain", "starve-ns")
	case name == "Open":
		return []string{"ns/op", "lockerr-%", "attempts", "lockerrs", "p50-ns", "p99-ns", "max-ns",
			"journalerr-%", "schemaerr-%", "firstreaderr-%", "last-ack-ns"}
	case name == "Harness":
		return []string{"ready-ns/writer", "startcpu-ns/writer", "private-B/writer", "parentcpu-%",
			"skew-ns", "overhead-ns"}
	case name == "Limit":
		return []string{"writers", "writers-fail", "writers-low", "writers-high", "writers-above"}
	case name == "Threads":
		return []string{"threads"}
	case strings.Contains(row.Name, "disk="):
		return []string{"ns/op", "syncs/s"}
	}
	return []string{"ns/op", "inserts/s"}
}

func requireUnits(t *testing.T, snap *snapshot.Snapshot) {
	t.Helper()
	seen := map[string]int{}
	for _, row := range snap.Rows() {
		seen[row.Benchmark()]++
		for _, unit := range requiredUnits(row) {
			samples := row.Samples(unit)
			if len(samples) != 2 || slices.ContainsFunc(samples, isNotFinite) {
				t.Errorf("%s: %s is %v", row.Name, unit, samples)
			}
			if snap.Units.Get(unit, "better") == nil {
				t.Errorf("%s has no Unit line", unit)
			}
		}
		for i, attempts := range row.Samples("attempts") {
			lost := row.Samples("lost-rows")
			if attempts == 0 || lost != nil && lost[i] != 0 {
				t.Errorf("%s: %v attempts, %v rows lost", row.Name, attempts, lost)
			}
		}
	}
	// exec x journal x busy for the first two and the limit, busy for the next two, disk and
	// journal x busy x probe for the ceiling, busy x file x order for cold starts.
	want := map[string]int{"Burst": 8, "Sustained": 8, "Harness": 2, "Threads": 2,
		"Ceiling": 2 + 8, "Limit": 8, "Open": 20}
	for name, n := range want {
		if seen[name] != n {
			t.Errorf("%d rows of %s, want %d", seen[name], name, n)
		}
	}
}

func isNotFinite(v float64) bool { return math.IsNaN(v) || math.IsInf(v, 0) }

// requireAnatomy requires that the comments on lock errors count as many as the results do.
func requireAnatomy(t *testing.T, snap *snapshot.Snapshot) {
	t.Helper()
	text, err := os.ReadFile(snap.Path)
	if err != nil {
		t.Fatal(err)
	}
	commented, counted := 0.0, 0.0
	for _, line := range strings.Split(string(text), "\n") {
		var n float64
		if _, err := fmt.Sscanf(line, "#   %g x ", &n); err == nil {
			commented += n
		}
	}
	for _, row := range snap.Rows() {
		counted += row.Sum("lockerrs")
	}
	if commented != counted {
		t.Errorf("comments on %v lock errors, results with %v", commented, counted)
	}
}
