package bench

import (
	"os"
	"testing"

	"busybench/bench/scenario"
)

// BenchmarkThreads counts the operating-system threads that waiting goroutines use: it holds the
// write lock for a round's length while writers wait for it.
func BenchmarkThreads(b *testing.B) {
	env.SQL.skip(b)
	axes := env.axesOf("Threads").
		WithDefaults("journal=wal writers=100 busy=none,5s,block,retry,queue conn=held").
		Override("exec=goroutine").
		WithDefaults(scenario.Defaults)
	if err := printSettings(os.Stdout, env, axes); err != nil {
		fatal(b, err)
	}
	for _, c := range axes.Cases() {
		b.Run(c.Name, func(b *testing.B) { measureThreads(b, env, c.Scenario) })
	}
}
