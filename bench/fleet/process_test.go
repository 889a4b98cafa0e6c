package fleet

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"

	"busybench/bench/protocol"
	"busybench/bench/scenario"
	"busybench/bench/sqlitedb"
	"busybench/bench/writer"
)

// This test binary is its own writer process, and a number of bad ones.
func TestMain(m *testing.M) {
	if os.Getenv(WriterVariable) == "" {
		os.Exit(m.Run())
	}
	if len(os.Args) < 2 {
		writer.Serve(os.Stdin, os.Stdout, os.Exit)
	}
	misbehave(os.Args[1])
}

const (
	greet = `{"op":"hello","protocol":4,"pid":1}` + "\n"
	ready = `{"op":"ready"}` + "\n"
)

// misbehave is a writer process that breaks the protocol in one way.
func misbehave(how string) {
	switch how {
	case "garbage":
		fmt.Println("I am no writer")
	case "old":
		fmt.Println(`{"op":"hello","protocol":0,"pid":1}`)
	case "rude":
		fmt.Println(`{"op":"ready"}`)
	case "mute":
	case "dead":
		fmt.Fprintln(os.Stderr, "panic: at the disco")
		os.Exit(3)
	case "ill":
		fmt.Print(greet + `{"op":"error","error":"I am ill"}` + "\n")
	case "quitter":
		fmt.Print(greet + ready)
		lines := bufio.NewScanner(os.Stdin)
		lines.Scan() // prepare
		lines.Scan() // start
		os.Exit(3)
	case "deaf":
		fmt.Print(greet + ready)
	case "liar":
		fmt.Print(greet + ready + `{"op":"done","attempts":1}` + "\n")
	case "short":
		fmt.Print(greet + ready + `{"op":"outcome","row_ids":[],"outcome":{"start_ns":1,"end_ns":2,"wait_start_ns":1,"code":0,"phase":"insert"}}` + "\n")
	case "twice":
		one := `{"op":"outcome","row_ids":["f81d4fae-7dec-41d0-a765-00a0c91e6bf6"],"outcome":{"start_ns":1,"end_ns":2,"wait_start_ns":1,"code":0,"phase":"insert"}}` + "\n"
		fmt.Print(greet + ready + one + one + `{"op":"done","attempts":1}` + "\n")
	case "eager":
		fmt.Print(greet + ready + ready)
	case "hollow":
		fmt.Print(greet + ready + `{"op":"outcome"}` + "\n")
	}
	_, _ = io.Copy(io.Discard, os.Stdin) // stays until it is killed, or its parent is
}

func processes(t *testing.T, args ...string) *Fleet {
	t.Helper()
	f, err := Commands(Options{}, os.Args[0], args...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func newTask(t *testing.T, axes string) protocol.Task {
	t.Helper()
	a, err := scenario.Parse(axes)
	if err != nil {
		t.Fatal(err)
	}
	s := a.WithDefaults("exec=process journal=wal writers=1 conn=fresh busy=30s").WithDefaults(scenario.Defaults).Cases()[0].Scenario
	path := filepath.Join(t.TempDir(), "messages.db")
	if err := sqlitedb.Create(path, s, slices.Values([]uuid.UUID(nil))); err != nil {
		t.Fatal(err)
	}
	return protocol.Task{Scenario: s, Database: path}
}

func alive(pid int) bool { return syscall.Kill(pid, 0) == nil }

func TestProcessesServeManyRoundsAndGrow(t *testing.T) {
	f := processes(t)
	var before []int
	for _, n := range []int{2, 2, 5} {
		round, err := f.Round(plan(n, newTask(t, "")))
		if err != nil {
			t.Fatal(err)
		}
		var pids []int
		for number, r := range round.Usages {
			w := round.Writers[number]
			if len(w.Outcomes) != 1 || !w.Outcomes[0].Acknowledged() || r.CPU <= 0 {
				t.Errorf("writer %d of %d reports %+v, %+v", number, n, r, w)
			}
			if r.PID == os.Getpid() || slices.Contains(pids, r.PID) {
				t.Errorf("writer %d of %d is process %d, which is not its own", number, n, r.PID)
			}
			pids = append(pids, r.PID)
		}
		if !slices.Equal(pids[:len(before)], before) {
			t.Errorf("processes %v became %v", before, pids)
		}
		before = pids
	}
	if private, err := f.PrivateBytes(); err != nil || private < 5*100_000 {
		t.Errorf("5 processes hold %d private bytes, %v", private, err)
	}
	if used, err := f.CPUTime(); err != nil || used < 5*100*time.Microsecond {
		t.Errorf("5 processes have used %v of processor time, %v", used, err)
	}
	f.Close()
	for _, pid := range before {
		if alive(pid) {
			t.Errorf("process %d is alive after the fleet was closed", pid)
		}
	}
}

// A fleet that has grown is there: what its start cost lies behind it, and can be measured so.
func TestGrowWaitsForTheHello(t *testing.T) {
	f := processes(t, "old")
	if err := f.Grow(1); err == nil || !strings.Contains(err.Error(), "speaks protocol 0, not 4") {
		t.Errorf("growing by a writer with another greeting: %v", err)
	}
}

func TestGoroutinesAndProcessesDoTheSame(t *testing.T) {
	for name, f := range map[string]*Fleet{"goroutines": Goroutines(Options{}), "processes": processes(t)} {
		task := newTask(t, "conn=held sync=off")
		task.Seed = 7
		round, err := f.Round(sustained(plan(3, task), 20*time.Millisecond))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for number, r := range round.Writers {
			// Who got to work at all was released on time, and draws the ids of its seed and number.
			if len(r.Outcomes) > 0 {
				if r.Outcomes[0].Start < round.Release-1e6 {
					t.Errorf("%s: writer %d began %d ns early", name, number, round.Release-r.Outcomes[0].Start)
				}
				if want := writer.NewIDs(7, number).Next(); r.IDs[0] != want {
					t.Errorf("%s: the first id of writer %d is %v, want %v", name, number, r.IDs[0], want)
				}
			}
		}
	}
}

func TestAWriterThatDiesIsNamed(t *testing.T) {
	task := newTask(t, "conn=held") // before the fleet, which must be gone before the directory is
	f := processes(t)
	if _, err := f.Round(plan(3, task)); err != nil {
		t.Fatal(err)
	}
	victim := f.members[1].(*process)
	if err := syscall.Kill(victim.pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	victim.wait()
	_, err := f.Round(plan(3, task))
	want := fmt.Sprintf("1 of 3 writers failed: writer 1: process %d exited unexpectedly (signal: killed)", victim.pid)
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("error is %v, want %s", err, want)
	}
}

func TestBadWritersAreNamedAndKilled(t *testing.T) {
	for how, want := range map[string]string{
		"garbage": "invalid character",
		"old":     "speaks protocol 0, not 4",
		"rude":    `sent "ready", expected one of ["hello"]`,
		"dead":    "exited unexpectedly (exit status 3); standard error of the writers: panic: at the disco",
		"ill":     "I am ill",
		"deaf":    "did not hand over its outcomes within",
		"liar":    "reports 1 attempts but handed over 0 outcomes",
		"short":   "reports an outcome of 0 rows, not 1",
		"hollow":  `sent "outcome"`,
		"twice":   "reports 1 attempts but handed over 2 outcomes",
		"eager":   `sent "ready", expected one of ["outcome" "done"]`,
	} {
		f := processes(t, how)
		p := plan(1, newTask(t, ""))
		p.Timeout = 0
		_, err := f.Round(p)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error is %v, want %s", how, err, want)
		}
		pid := f.members[0].(*process).pid
		f.Close()
		if alive(pid) {
			t.Errorf("%s: process %d is alive", how, pid)
		}
	}
}

func TestGreetGivesUpOnAMuteWriter(t *testing.T) {
	m, err := processes(t, "mute").start(0)
	if err != nil {
		t.Fatal(err)
	}
	defer end([]Member{m}, Member.Kill)
	err = m.Handshake(time.Now())
	if err == nil || !strings.Contains(err.Error(), os.ErrDeadlineExceeded.Error()) {
		t.Errorf("error is %v", err)
	}
}

func TestAProgramThatIsNotThere(t *testing.T) {
	f, err := Commands(Options{}, "/nonexistent/program")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.Round(plan(1)); err == nil || !strings.Contains(err.Error(), "/nonexistent/program") {
		t.Errorf("error is %v", err)
	}
}

func TestKillAllEndsAndForbids(t *testing.T) {
	old := children
	children = newRegistry()
	t.Cleanup(func() { children = old })
	f := processes(t)
	if err := f.Grow(3); err != nil {
		t.Fatal(err)
	}
	KillAll()
	for _, m := range f.members {
		if pid := m.(*process).pid; alive(pid) {
			t.Errorf("process %d is alive", pid)
		}
	}
	if err := f.Grow(4); err == nil {
		t.Error("a process started after KillAll")
	}
}

// A process that is dismissed ends by itself, with an exit status of its own.
func TestADismissedProcessEndsByItself(t *testing.T) {
	f := processes(t)
	f.options.Graceful = true
	if err := f.Grow(2); err != nil {
		t.Fatal(err)
	}
	members := f.members
	if err := f.Close(); err != nil {
		t.Error(err)
	}
	for _, m := range members {
		if state := m.(*process).cmd.ProcessState; !state.Exited() || state.ExitCode() != 0 {
			t.Errorf("a dismissed writer ended with %v", state)
		}
	}
}

// One that ends badly is named: what it had to write down is missing.
func TestADismissedProcessThatEndsBadly(t *testing.T) {
	f := processes(t)
	f.options.Graceful = true
	if err := f.Grow(2); err != nil {
		t.Fatal(err)
	}
	f.members[1].Kill()
	if err := f.Close(); err == nil || !strings.Contains(err.Error(), "1 of 2 writers failed: writer 1: process") || !strings.Contains(err.Error(), "exited with signal: killed") {
		t.Errorf("error is %v", err)
	}
}
