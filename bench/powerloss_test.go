package bench

import (
	"fmt"
	"os"
	"testing"

	"busybench/bench/scenario"
)

// BenchmarkPowerLoss asks what is lost when the power goes: processes insert into a file on a disk
// in memory, whose power is cut at moments that follow from the seed. Whatever was not synced may
// be lost. SQLite recovers what is left, which is compared with every acknowledgement. It runs only
// with -powerloss.
func BenchmarkPowerLoss(b *testing.B) {
	if !env.PowerLoss.Run {
		b.SkipNow()
	}
	axes := env.axesOf("PowerLoss").Override("exec=process").
		WithDefaults("journal=delete,truncate,persist,wal sync=off,normal,full,extra " +
			"writers=4 busy=5ms batch=10 payload=800 conn=held").
		WithDefaults(scenario.Defaults)
	if err := printSettings(os.Stdout, env, axes); err != nil {
		fatal(b, err)
	}
	for _, c := range axes.Cases() {
		var examples []string // of all repetitions by -count
		b.Run(c.Name, func(b *testing.B) {
			p, err := runPowerLoss(env, c.Scenario)
			if err != nil {
				fatal(b, err)
			}
			reportMetrics(b, p.metrics())
			if p.example != "" {
				examples = append(examples, p.example)
			}
		})
		for _, example := range examples {
			fmt.Printf("# %s/%s: %s\n", b.Name(), c.Name, example)
		}
	}
}
