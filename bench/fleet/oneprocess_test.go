package fleet

import (
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"busybench/bench/host"
	"busybench/bench/wait"
)

// oneProcess returns a fleet in one process, which is this test binary.
func oneProcess(t *testing.T, o Options, args ...string) *Fleet {
	t.Helper()
	f, err := OneProcess(o, os.Args[0], args...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// findProgram returns the process of all members.
func findProgram(t *testing.T, f *Fleet) *program {
	t.Helper()
	p := f.members[0].(*process).program
	for number, m := range f.members {
		if m.(*process).program != p {
			t.Fatalf("member %d is in another process", number)
		}
	}
	return p
}

// A fleet that grows starts the program again, so that it is one process all the time.
func TestOneProcessMakesManyRoundsWhileTheFleetGrows(t *testing.T) {
	f := oneProcess(t, Options{})
	before := 0
	for _, n := range []int{2, 2, 5, 1} {
		round, err := f.Round(plan(n, newTask(t, "exec=goroutine conn=held")))
		if err != nil {
			t.Fatal(err)
		}
		pid := findProgram(t, f).pid
		if before != 0 && (pid == before) != (n != 5) {
			t.Errorf("%d participants: process %d became %d", n, before, pid)
		}
		if before != 0 && pid != before && exists(before) {
			t.Errorf("process %d exists beside %d", before, pid)
		}
		before = pid
		for number, u := range round.Usages {
			w := round.Writers[number]
			if len(w.Outcomes) != 1 || !w.Outcomes[0].Acknowledged() || u.PID != pid {
				t.Errorf("writer %d of %d reports %+v, %+v", number, n, u, w)
			}
		}
	}
	f.Close()
	if exists(before) {
		t.Errorf("process %d exists after the fleet was closed", before)
	}
}

// Each participant reports the processor time of the process, which counts once.
func TestTheProcessorTimeOfOneProcessCountsOnce(t *testing.T) {
	f := oneProcess(t, Options{})
	round, err := f.Round(sustained(plan(8, newTask(t, "exec=goroutine conn=held sync=off")),
		20*time.Millisecond))
	if err != nil {
		t.Fatal(err)
	}
	used, err := f.CPUTime()
	if err != nil || round.CPU <= 0 || round.CPU > used {
		t.Errorf("the round took %v of %v, %v", round.CPU, used, err)
	}
	one, err := host.ProcessCPUTime(findProgram(t, f).pid)
	if err != nil || used > one {
		t.Errorf("the fleet has used %v, its process %v, %v", used, one, err)
	}
}

func TestADeadProgramIsNamedOnce(t *testing.T) {
	task := newTask(t, "exec=goroutine conn=held")
	f := oneProcess(t, Options{})
	if _, err := f.Round(plan(3, task)); err != nil {
		t.Fatal(err)
	}
	p := findProgram(t, f)
	if err := syscall.Kill(p.pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	p.wait()
	_, err := f.Round(plan(3, task))
	want := fmt.Sprintf(
		"3 of 3 writers failed: writer 0: process %d exited unexpectedly (signal: killed)", p.pid)
	if err == nil || err.Error() != want {
		t.Errorf("error is %v, want %s", err, want)
	}
}

func TestAMisbehavingProgramIsNamed(t *testing.T) {
	for misbehavior, want := range map[string]string{
		"no-json":    "invalid character",
		"early-exit": "exited unexpectedly (exit status 3); standard error of the writers: panic:",
		"exit-in-round": "2 of 2 writers failed: writer 0: process PID exited unexpectedly " +
			"(exit status 3)",
		"error":         ": no disk ",
		"never-counted": "did not end its last counted attempt within",
		"extra-outcome": "reports 1 attempts but handed over 2 outcomes",
	} {
		t.Run(misbehavior, func(t *testing.T) {
			task := newTask(t, "exec=process") // which it declares
			f := oneProcess(t, Options{}, misbehavior)
			p := plan(2, task)
			p.Timeout = time.Millisecond
			_, err := f.Round(p)
			if err == nil {
				t.Fatal("no error")
			}
			program := findProgram(t, f)
			want := strings.ReplaceAll(want, "PID", fmt.Sprint(program.pid))
			if !strings.Contains(err.Error(), want) || strings.Count(err.Error(), "exited") > 1 {
				t.Errorf("error is %v, want %s", err, want)
			}
			f.Close()
			if exists(program.pid) {
				t.Errorf("process %d exists", program.pid)
			}
		})
	}
}

func TestAStoppedProgramExitsByItself(t *testing.T) {
	f := oneProcess(t, Options{Graceful: true})
	if err := f.Grow(3); err != nil {
		t.Fatal(err)
	}
	p := findProgram(t, f)
	if err := f.Close(); err != nil {
		t.Error(err)
	}
	if state := p.cmd.ProcessState; !state.Exited() || state.ExitCode() != 0 {
		t.Errorf("the stopped program exited with %v", state)
	}
}

func TestCloseOfAGracefulFleetNamesAKilledProgramOnce(t *testing.T) {
	f := oneProcess(t, Options{Graceful: true})
	if err := f.Grow(3); err != nil {
		t.Fatal(err)
	}
	p := findProgram(t, f)
	p.Kill()
	want := fmt.Sprintf("3 of 3 writers failed: writer 0: process %d was stopped and exited with "+
		"signal: killed", p.pid)
	if err := f.Close(); err == nil || err.Error() != want {
		t.Errorf("error is %v, want %s", err, want)
	}
}

// The end of one socket ends its participant, and that of the last one the program.
func TestAProgramExitsWhenAllOfItsSocketsHaveEnded(t *testing.T) {
	f := oneProcess(t, Options{})
	if err := f.Grow(3); err != nil {
		t.Fatal(err)
	}
	p := findProgram(t, f)
	f.members[0].(*process).stdin.Close()
	f.members[2].(*process).stdin.Close()
	f.members = f.members[1:2]
	if _, err := f.Round(plan(1, newTask(t, "exec=goroutine"))); err != nil {
		t.Errorf("after the end of two of three sockets: %v", err)
	}
	f.members[0].(*process).stdin.Close()
	wait.Until(t, "the program has exited", func() bool { return !host.IsAlive(p.pid) })
}

func TestAMissingProgramOfSeveralWritersIsNamed(t *testing.T) {
	f, err := OneProcess(Options{}, "/nonexistent/program")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err = f.Grow(3); err == nil ||
		!strings.HasPrefix(err.Error(), "start 3 writers in one process: ") ||
		!strings.Contains(err.Error(), "/nonexistent/program") {
		t.Errorf("error is %v", err)
	}
}
