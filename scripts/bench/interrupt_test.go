package main

import (
	"bytes"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
	"time"

	"busybench/bench/fleet"
	"busybench/bench/host"
	"busybench/bench/wait"
	"busybench/scripts/internal/benchtest"
	"busybench/scripts/internal/runner"
	"busybench/scripts/internal/snapshot"
)

var (
	interrupts = flag.Int("interrupts", len(ways),
		"TestInterrupts: `number` of runs to interrupt")
	interruptsSeed = flag.Uint64("interrupts.seed", uint64(time.Now().UnixNano()),
		"TestInterrupts: `seed` of the moments")
)

// TestInterrupts interrupts make bench at random moments, in turn in each way. No process may be
// left, no database file, and the old snapshot must be as it was. What a SIGKILL keeps from being
// removed, the next run removes.
func TestInterrupts(t *testing.T) {
	if testing.Short() {
		t.Skip("takes 3 seconds for each interrupt")
	}
	script := filepath.Join(t.TempDir(), "bench")
	build := benchtest.Command("go", "build", "-o", script, ".")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	random := rand.New(rand.NewPCG(*interruptsSeed, 0))
	for i := range *interrupts {
		way := ways[i%len(ways)]
		after := time.Duration(random.Int64N(int64(2 * time.Second)))
		t.Run(fmt.Sprintf("%s %v after the first writer", way.name, after.Round(time.Millisecond)),
			func(t *testing.T) { interrupt(t, script, way, after) })
	}
	if t.Failed() {
		t.Logf("repeat with -interrupts %d -interrupts.seed %d", *interrupts, *interruptsSeed)
	}
}

// way is a way to end a run.
type way struct {
	name string
	// end ends the run of a started process, which is make or the script.
	end func(started int, mark string)
	// underMake is true if the script is started by make.
	underMake bool
	// cleans is true if the run can still remove its files.
	cleans bool
}

var ways = []way{
	{"SIGINT of the group", signalGroup(syscall.SIGINT), false, true},
	{"SIGTERM of the script", signal(syscall.SIGTERM), false, true},
	{"SIGHUP of the group", signalGroup(syscall.SIGHUP), false, true},
	{"SIGQUIT of the script", signal(syscall.SIGQUIT), false, true},
	{"SIGKILL of the script", signal(syscall.SIGKILL), false, true},
	{"SIGKILL of make", signal(syscall.SIGKILL), true, true},
	{"SIGKILL of the benchmarks", func(script int, mark string) {
		for _, pid := range marked(mark) {
			if host.Parent(pid) == script {
				_ = syscall.Kill(pid, syscall.SIGKILL)
			}
		}
	}, false, false},
	{"SIGKILL of all but the writers", func(script int, mark string) {
		for _, pid := range marked(mark) {
			if pid == script || host.Parent(pid) == script {
				_ = syscall.Kill(pid, syscall.SIGKILL)
			}
		}
	}, false, false},
}

func signal(s syscall.Signal) func(int, string) {
	return func(pid int, _ string) { _ = syscall.Kill(pid, s) }
}

func signalGroup(s syscall.Signal) func(int, string) {
	return func(pid int, _ string) { _ = syscall.Kill(-pid, s) }
}

// markVariable marks the processes of one run.
const markVariable = "BUSYBENCH_TEST_RUN"

// marked returns the processes of a run.
func marked(mark string) []int { return host.WithVariable(markVariable + "=" + mark) }

// oldSnapshot is a snapshot that is there before the run.
const oldSnapshot = "# make bench\nbefore\n"

func interrupt(t *testing.T, script string, w way, after time.Duration) {
	dir, results, mark := t.TempDir(), t.TempDir(), fmt.Sprint(rand.Uint64())
	path := filepath.Join(results, "x.txt")
	if err := os.WriteFile(path, []byte(oldSnapshot), 0o600); err != nil {
		t.Fatal(err)
	}
	// The run ends by itself, after a minute, if nothing else ends it.
	cmd := benchtest.Command(script)
	cmd.Dir = t.TempDir() // for the script's own files
	if w.underMake {
		cmd = benchtest.Command("make", "build="+filepath.Dir(script), "bench")
		cmd.Dir = "../.."
	}
	cmd.Env = append(os.Environ(), markVariable+"="+mark,
		runner.BinaryVariable+"="+benchtest.Binary(t), "DIR="+dir, "LABEL="+path,
		"BENCH=Burst|Sustained", "COUNT=3", "ROUND=100ms",
		"AXES=exec=process,goroutine writers=8 busy=5s,queue")
	cmd.SysProcAttr.Setpgid = true
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	wait.Until(t, "the run has writers", func() bool { return hasWriters(mark) })
	time.Sleep(after)
	w.end(cmd.Process.Pid, mark)
	if err := cmd.Wait(); err == nil {
		t.Error("the run was interrupted and exited with status 0")
	}
	wait.Until(t, "all processes are gone", func() bool { return len(marked(mark)) == 0 })
	if text, err := os.ReadFile(path); err != nil || string(text) != oldSnapshot {
		t.Errorf("the old snapshot holds %q, %v", text, err)
	}
	requirePartial(t, snapshot.Sibling(path, "partial.txt"))
	requireClean(t, dir, w.cleans)
}

// requireClean requires that a run has left nothing in its directory, or that the next run cleans
// it.
func requireClean(t *testing.T, dir string, cleans bool) {
	t.Helper()
	left, _ := os.ReadDir(dir)
	if len(left) > 0 && cleans {
		t.Errorf("left behind: %v", left)
	}
	if len(left) > 0 {
		next := benchtest.Command(benchtest.Binary(t), "-test.bench", "^$", "-dir", dir)
		if out, err := next.CombinedOutput(); err != nil {
			t.Errorf("the next run: %v: %s", err, out)
		}
		if still, _ := os.ReadDir(dir); len(still) > 0 {
			t.Errorf("the next run left %v", still)
		}
	}
}

// hasWriters reports whether a writer process of a run exists.
func hasWriters(mark string) bool {
	writers := host.WithVariable(fleet.WriterVariable + "=1")
	return slices.ContainsFunc(marked(mark), func(pid int) bool {
		return slices.Contains(writers, pid)
	})
}

// requirePartial requires that a partial snapshot, if there is one, can be read to its last
// complete line.
func requirePartial(t *testing.T, path string) {
	t.Helper()
	text, err := os.ReadFile(path)
	if os.IsNotExist(err) {
		return
	}
	complete := text[:bytes.LastIndexByte(text, '\n')+1]
	if err == nil && bytes.Contains(complete, []byte("\nBenchmark")) {
		if err = os.WriteFile(path, complete, 0o600); err == nil {
			_, err = snapshot.Read(path)
		}
	}
	if err != nil {
		t.Errorf("the partial snapshot: %v", err)
	}
}
