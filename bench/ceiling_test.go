package bench

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"busybench/bench/host"
	"busybench/bench/scenario"
)

// BenchmarkCeiling measures what the disk and the driver allow, in the same run as the rest: how
// often a frame can be appended, or rewritten in place, and synced; and how fast a lone writer
// inserts over a held connection with none of the harness around it. In the rows with probe=off it
// has no lock probe either, which shows what the probe costs.
func BenchmarkCeiling(b *testing.B) {
	env.SQL.skip(b)
	axes := env.axesOf("Ceiling").Override("exec=goroutine journal=delete,wal writers=1 conn=held").
		WithDefaults(scenario.Defaults)
	if err := printSettings(os.Stdout, env, axes); err != nil {
		fatal(b, err)
	}
	for _, kind := range []host.SyncKind{host.Append, host.Rewrite} {
		b.Run(fmt.Sprintf("disk=%s", kind), func(b *testing.B) { diskCeiling(b, env, kind) })
	}
	for _, c := range axes.Cases() {
		b.Run(c.Name, func(b *testing.B) { writerCeiling(b, env, c.Scenario, connectProbed) })
		b.Run(c.Name+"/probe=off", func(b *testing.B) {
			writerCeiling(b, env, c.Scenario, connectBare)
		})
	}
}

func TestCeilingIsMeasuredWithAndWithoutTheProbe(t *testing.T) {
	cmd := command(t.TempDir(), "-test.bench", "Ceiling", "-test.benchtime", "1x", "-round", "1ns",
		"-axes", "journal=wal txn=immediate batch=3")
	out := output(t, cmd)
	for _, row := range []string{"", "/probe=off"} {
		name := "BenchmarkCeiling/exec=goroutine/journal=wal/writers=1" + row
		if !regexp.MustCompile(`(?m)^` + name + `(-\d+)?\s+1\s.* inserts/s`).MatchString(out) {
			t.Errorf("no row %s in %s", name, out)
		}
	}
}

func TestRatesAreFiniteInTheShortestRound(t *testing.T) {
	cmd := command(t.TempDir(), "-test.bench", "Ceiling", "-test.benchtime", "1x", "-round", "1ns")
	out := output(t, cmd)
	if strings.Contains(out, "Inf") || strings.Contains(out, "NaN") ||
		strings.Count(out, "\nBenchmarkCeiling/") != 6 {
		t.Errorf("printed %s", out)
	}
}
