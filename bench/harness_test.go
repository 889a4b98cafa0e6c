package bench

import (
	"fmt"
	"os"
	"testing"

	"busybench/bench/scenario"
)

// BenchmarkHarness measures what the harness itself costs with writer processes: how long they take
// to start and say hello and the processor time of that, the private memory of each after a burst,
// how far apart they begin the burst, this process's share of its processor time, and how much
// longer an attempt takes than in a loop of the bare driver without the lock probe.
func BenchmarkHarness(b *testing.B) {
	env.SQL.skip(b)
	axes := env.axesOf("Harness").
		WithDefaults("journal=wal writers=10,100,1000 busy=queue:60s conn=fresh").
		Override("exec=process").
		WithDefaults(scenario.Defaults)
	if err := printSettings(os.Stdout, env, axes); err != nil {
		fatal(b, err)
	}
	lacking, comment := lackingOverhead(axes)
	if comment != "" {
		fmt.Println(comment)
	}
	for _, c := range axes.Cases() {
		if err := env.programs.check(c.Scenario); err != nil {
			fatal(b, err)
		}
		b.Run(c.Name, func(b *testing.B) { measureHarness(b, env, c.Scenario, lacking...) })
	}
}
