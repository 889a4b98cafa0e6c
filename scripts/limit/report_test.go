package main

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"busybench/scripts/internal/benchtest"
	"busybench/scripts/internal/golden"
	"busybench/scripts/internal/runner"
	"busybench/scripts/internal/snapshot"
)

// The sample has a limit from three searches, of which one found none that failed; one above the
// largest number tried; one below 1; one that is not monotone; and one that was cut short.
func TestReport(t *testing.T) { benchtest.CheckReport(t, report) }

// The sample has a limit from two searches, one below 1, one above the largest rate tried, and one
// that is not monotone and was cut short.
func TestReportOnRates(t *testing.T) {
	s, err := snapshot.Read("testdata/rate.txt")
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := writeReport(&out, s); err != nil {
		t.Fatal(err)
	}
	benchtest.RequireWidth(t, out.String())
	golden.Check(t, "rate.golden", out.String())
}

// What a search varies cannot be given.
func TestSettingsByOver(t *testing.T) {
	for _, c := range []struct{ name, over, axes, want string }{
		{"no OVER", "", "", ""},
		{"writers", "writers", "", ""},
		{"writers, with axes of a rate", "writers", "writers=8", "AXES: leave out writers"},
		{"writers and a rate", "writers", "rate=8", "AXES: rate must be closed"},
		{"writers in a closed loop", "writers", "rate=closed", ""},
		{"rate", "rate", "", ""},
		{"rate with several numbers of writers", "rate", "writers=8,64", ""},
		{"rate and a rate", "rate", "rate=closed", "AXES: leave out rate"},
		{"rate and a pause", "rate", "think=1ms", "AXES: leave out think"},
		{"a bad value, which the benchmarks reject", "rates", "writers=8", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := newConfig(c.over).Read(golden.Getenv("OVER", c.over, "AXES", c.axes))
			if c.want == "" && err != nil || c.want != "" && (err == nil ||
				!strings.HasPrefix(err.Error(), c.want)) {
				t.Errorf("error is %v, want %q", err, c.want)
			}
		})
	}
}

func TestReportWithoutProbesIsRejected(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bare.txt")
	text := "limit: 5 bursts, up to 8 writers\nBenchmarkLimit/exec=process-2 1 7 writers\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := snapshot.Read(path)
	if err != nil {
		t.Fatal(err)
	}
	err = report(t.Context(), io.Discard, runner.Output{Snapshot: s})
	want := "bare.txt has 1 result of BenchmarkLimit/exec=process, but comments on 0; "
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("error is %v", err)
	}
}
