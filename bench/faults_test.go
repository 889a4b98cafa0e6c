package bench

import (
	"fmt"
	"os"
	"testing"

	"busybench/bench/scenario"
)

// BenchmarkFaults asks whether what SQLite has acknowledged survives the writers: processes insert,
// are killed with SIGKILL at moments that follow from the seed, and are replaced. After each round
// the file is compared with every acknowledgement. It runs only with -faults.
func BenchmarkFaults(b *testing.B) {
	if !env.Faults.Run {
		b.SkipNow()
	}
	axes := env.axesOf("Faults").Override("exec=process").
		WithDefaults("journal=delete,truncate,persist,memory,wal,off writers=8 batch=50 conn=held").
		WithDefaults(scenario.Defaults)
	if err := printSettings(os.Stdout, env, axes); err != nil {
		fatal(b, err)
	}
	for _, c := range axes.Cases() {
		var violations []string // of all repetitions by -count
		b.Run(c.Name, func(b *testing.B) {
			f, err := runFaults(env, c.Scenario)
			if err != nil {
				fatal(b, err)
			}
			reportMetrics(b, f.metrics())
			violations = append(violations, f.violations...)
		})
		for _, v := range violations {
			fmt.Printf("# %s/%s: %s\n", b.Name(), c.Name, v)
		}
	}
}
