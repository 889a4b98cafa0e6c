package bench

import (
	"fmt"
	"os"
	"testing"

	"busybench/bench/fleet"
	"busybench/bench/protocol"
	"busybench/bench/writer"
)

// env is what the benchmarks of this run share. Benchmarks and tests pass it on.
var env *environment

// TestMain makes this program a writer if it was started as one. Otherwise it reads the flags,
// runs, and leaves nothing behind, however it ends.
func TestMain(m *testing.M) {
	if os.Getenv(fleet.WriterVariable) != "" {
		protocol.Serve(writer.Serve, profiledExit())
		return
	}
	options := parseFlags()
	exiter := newExiter() // before there is anything to leave behind
	var err error
	if env, err = newEnvironment(*options); err != nil {
		fmt.Fprintln(os.Stderr, "busybench:", err)
		os.Exit(2)
	}
	exiter.watch(env)
	exit(env, run(env, m))
}
