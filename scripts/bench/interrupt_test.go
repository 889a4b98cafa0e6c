package main

import (
	"bytes"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"busybench/scripts/internal/snapshot"
)

var interrupts = flag.Int("interrupts", 6, "TestInterrupts: how often to interrupt a run")

// TestInterrupts interrupts make bench at random moments, in one of five ways: no process is left, no database file, and no half snapshot in
// place of a whole one. What a SIGKILL keeps from being removed, the next run removes.
func TestInterrupts(t *testing.T) {
	work := t.TempDir()
	script := filepath.Join(work, "bench")
	if out, err := exec.Command("go", "build", "-o", script, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	seed := uint64(time.Now().UnixNano())
	random := rand.New(rand.NewPCG(seed, 0))
	for i := range *interrupts {
		way := ways[i%len(ways)]
		after := time.Duration(random.Int64N(int64(3 * time.Second)))
		t.Run(fmt.Sprintf("%s after %v", way.name, after), func(t *testing.T) { interrupt(t, script, way, after) })
	}
	t.Logf("moments were drawn with seed %d", seed)
}

// way is a way to end a run.
type way struct {
	name string
	end  func(script int, mark string)
	// cleans says whether the run can still remove its files.
	cleans bool
}

var ways = []way{
	{"Ctrl-C", func(script int, _ string) { syscall.Kill(-script, syscall.SIGINT) }, true},
	{"SIGTERM", func(script int, _ string) { syscall.Kill(script, syscall.SIGTERM) }, true},
	{"SIGKILL of the script", func(script int, _ string) { syscall.Kill(script, syscall.SIGKILL) }, true},
	{"SIGKILL of the benchmarks", func(script int, mark string) {
		for _, pid := range marked(mark) {
			if parentOf(pid) == script {
				syscall.Kill(pid, syscall.SIGKILL)
			}
		}
	}, false},
	{"SIGKILL of all but the writers", func(script int, mark string) {
		for _, pid := range marked(mark) {
			if pid == script || parentOf(pid) == script {
				syscall.Kill(pid, syscall.SIGKILL)
			}
		}
	}, false},
}

// markVariable marks the processes of one run.
const markVariable = "BUSYBENCH_TEST_RUN"

func interrupt(t *testing.T, script string, w way, after time.Duration) {
	dir, mark := t.TempDir(), fmt.Sprint(rand.Uint64())
	path := filepath.Join(t.TempDir(), "x.txt")
	if err := os.WriteFile(path, []byte("before"), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(script)
	cmd.Dir = "../.."
	cmd.Env = append(os.Environ(), markVariable+"="+mark, "DIR="+dir, "LABEL="+path, "BENCH=Burst|Sustained", "COUNT=1000", "ROUND=100ms",
		"AXES=exec=process,goroutine writers=8 busy=5s,queue")
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(after)
	w.end(cmd.Process.Pid, mark)
	if err := cmd.Wait(); err == nil {
		t.Error("the run ended as if nothing had been")
	}
	waitUntil(t, "all processes are gone", func() bool { return len(marked(mark)) == 0 })
	if text, err := os.ReadFile(path); err != nil || string(text) != "before" {
		t.Errorf("the snapshot that was there holds %q, %v", text, err)
	}
	requirePartial(t, snapshot.Sibling(path, "partial.txt"))
	left, _ := os.ReadDir(dir)
	if len(left) > 0 && w.cleans {
		t.Errorf("left behind: %v", left)
	}
	if len(left) > 0 {
		again := exec.Command("../../.build/busybench", "-test.bench", "^$", "-dir", dir)
		if out, err := again.CombinedOutput(); err != nil {
			t.Errorf("the next run: %v: %s", err, out)
		}
		if still, _ := os.ReadDir(dir); len(still) > 0 {
			t.Errorf("the next run left %v", still)
		}
	}
}

// requirePartial asks that a partial snapshot, if there is one, can be read to its last whole line.
func requirePartial(t *testing.T, path string) {
	t.Helper()
	text, err := os.ReadFile(path)
	if os.IsNotExist(err) {
		return
	}
	whole := text[:bytes.LastIndexByte(text, '\n')+1]
	if err == nil && bytes.Contains(whole, []byte("\nBenchmark")) {
		if err = os.WriteFile(path, whole, 0o600); err == nil {
			_, err = snapshot.Read(path)
		}
	}
	if err != nil {
		t.Errorf("the partial snapshot: %v", err)
	}
}

// marked are the living processes of a run.
func marked(mark string) (pids []int) {
	environments, _ := filepath.Glob("/proc/[0-9]*/environ")
	for _, path := range environments {
		text, err := os.ReadFile(path)
		if err != nil || !strings.Contains(string(text), markVariable+"="+mark+"\x00") {
			continue
		}
		pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(path)))
		pids = append(pids, pid)
	}
	return pids
}

// parentOf reads a process's parent, 0 where it is gone (proc_pid_status(5)).
func parentOf(pid int) (parent int) {
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	for line := range strings.Lines(string(text)) {
		if _, err := fmt.Sscanf(line, "PPid: %d", &parent); err == nil {
			break
		}
	}
	return parent
}

// waitUntil polls for a condition. That it never comes is the only failure.
func waitUntil(t *testing.T, what string, condition func() bool) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); !condition(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited for a minute until %s", what)
		}
	}
}
