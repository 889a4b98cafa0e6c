package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/pprof/profile"
	"golang.org/x/sys/unix"

	"busybench/bench/profiling"
	"busybench/bench/wait"
	"busybench/scripts/internal/benchtest"
	"busybench/scripts/internal/golden"
	"busybench/scripts/internal/runner"
	"busybench/scripts/internal/snapshot"
)

// The sample has two policies, one of them measured three times, and a benchmark without writers.
func TestWall(t *testing.T) {
	s, err := snapshot.Read("testdata/sample.txt")
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := writeWall(&out, s); err != nil {
		t.Fatal(err)
	}
	golden.Check(t, "wall.golden", out.String())
}

func TestTheTableOfACommittedSnapshotFits(t *testing.T) {
	s, err := snapshot.Read("../../results/profile.txt")
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := writeWall(&out, s); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(out.String()) {
		if n := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); n > 100 {
			t.Errorf("%d columns: %s", n, line)
		}
	}
}

func TestNamesInC(t *testing.T) {
	const allocator = "modernc.org/memory.(*Allocator).UintptrMalloc"
	for name, want := range map[string]string{
		"modernc.org/sqlite/lib.Xsqlite3_step": "sqlite.sqlite3_step",
		"modernc.org/sqlite/lib._unixSync":     "sqlite.unixSync",
		"modernc.org/libc.Xfsync":              "libc.fsync",
		allocator:                              allocator,
		"runtime.futex":                        "runtime.futex",
	} {
		t.Run(name, func(t *testing.T) {
			if got := nameInC(name); got != want {
				t.Errorf("it becomes %s, want %s", got, want)
			}
		})
	}
}

// writeProfile writes a profile with one sample of 10 ms in one function.
func writeProfile(t *testing.T, path, function string) {
	t.Helper()
	f := &profile.Function{ID: 1, Name: function}
	l := &profile.Location{ID: 1, Line: []profile.Line{{Function: f}}}
	sample := &profile.Sample{Location: []*profile.Location{l}, Value: []int64{1, 10_000_000}}
	p := &profile.Profile{
		SampleType: []*profile.ValueType{
			{Type: "samples", Unit: "count"}, {Type: "cpu", Unit: "nanoseconds"},
		},
		Sample:   []*profile.Sample{sample},
		Location: []*profile.Location{l}, Function: []*profile.Function{f},
	}
	if err := store(t.Context(), path, p); err != nil {
		t.Fatal(err)
	}
}

func TestProfilesAreMergedWhateverTheDirectoryIsCalled(t *testing.T) {
	for _, name := range []string{"plain", "work[1]*?"} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), name)
			if err := os.Mkdir(dir, 0o700); err != nil {
				t.Fatal(err)
			}
			writeProfile(t, filepath.Join(dir, "parent-1-5.cpu.pb.gz"), "main.main")
			writeProfile(t, filepath.Join(dir, "writer-2-6.cpu.pb.gz"), inWriter)
			writeProfile(t, filepath.Join(dir, "writer-3-7.cpu.pb.gz"), inWriter)
			writeProfile(t, filepath.Join(dir, "writer-3-8.block.pb.gz"), "another kind")
			output := runner.Output{Scratch: dir,
				Snapshot: &snapshot.Snapshot{Path: filepath.Join(dir, "x.txt")}}
			path, all, err := mergeAndStore(t.Context(), output, profiling.CPU)
			if err != nil {
				t.Fatal(err)
			}
			var roles []string
			for _, p := range all {
				roles = append(roles, p.role)
				if p.total != 10_000_000 {
					t.Errorf("the samples are %v", p.total)
				}
			}
			if want := []string{"parent", "writer", "writer"}; !slices.Equal(roles, want) {
				t.Errorf("roles are %v, want %v", roles, want)
			}
			merged := parse(t, path)
			if n := valueIn(merged, inWriter); n != 20_000_000 {
				t.Errorf("%d ns in writers, want 20 ms", n)
			}
			if n := valueIn(merged, "main.main"); n != 10_000_000 {
				t.Errorf("%d ns in the parent, want 10 ms", n)
			}
		})
	}
}

func parse(t *testing.T, path string) *profile.Profile {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	p, err := profile.ParseData(data)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// valueIn sums the second values, such as nanoseconds, of the samples whose stacks contain a
// function.
func valueIn(p *profile.Profile, function string) (sum int64) {
	isFunction := func(line profile.Line) bool { return line.Function.Name == function }
	for _, sample := range p.Sample {
		if slices.ContainsFunc(sample.Location, func(l *profile.Location) bool {
			return slices.ContainsFunc(l.Line, isFunction)
		}) {
			sum += sample.Value[1]
		}
	}
	return sum
}

func TestProfilesOfBenchmarks(t *testing.T) {
	t.Run("the merged profile has the samples of the writers", func(t *testing.T) {
		requireWriterSamples(t)
	})
	t.Run("goroutines that wait for a pool are in the block profile", func(t *testing.T) {
		requirePoolWaits(t)
	})
}

// repeat calls try with longer and longer rounds until it returns true. Samples are certain to be
// taken sooner or later.
func repeat(t *testing.T, what string, try func(round time.Duration) bool) {
	t.Helper()
	for round := 500 * time.Millisecond; round < time.Minute; round *= 4 {
		if try(round) {
			return
		}
	}
	t.Fatalf("there is no sample of %s", what)
}

// runBenchmarks runs benchmarks with -profile and returns what they wrote.
func runBenchmarks(t *testing.T, axes string, round time.Duration) runner.Output {
	t.Helper()
	dir := t.TempDir()
	output := runner.Output{Scratch: filepath.Join(dir, "profiles")}
	cmd := benchtest.Command(benchtest.Binary(t),
		"-test.bench", "Sustained", "-test.benchtime", "1x",
		"-round", round.String(), "-dir", dir, "-axes", axes, "-profile", output.Scratch)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	path := filepath.Join(dir, "x.txt")
	if err := os.WriteFile(path, out, 0o600); err != nil {
		t.Fatal(err)
	}
	if output.Snapshot, err = snapshot.Read(path); err != nil {
		t.Fatal(err)
	}
	return output
}

// requireWriterSamples asks for the samples of the writer processes, none of which are in the
// profile of the parent.
func requireWriterSamples(t *testing.T) {
	var output runner.Output
	var all []processProfile
	var merged *profile.Profile
	repeat(t, "a writer and of SQLite", func(round time.Duration) bool {
		output = runBenchmarks(t, "exec=process journal=wal writers=2 sync=off", round)
		var path string
		var err error
		if path, all, err = mergeAndStore(t.Context(), output, profiling.CPU); err != nil {
			t.Fatal(err)
		}
		merged = parse(t, path)
		return valueIn(merged, inWriter) > 0 && valueIn(merged, "sqlite.sqlite3_step") > 0
	})
	var parents, writers int
	for _, p := range all {
		if p.role == profiling.Writer {
			writers++
			continue
		}
		parents++
		if n := valueIn(p.Profile, inWriter); n != 0 {
			t.Errorf("the parent did %d ns of a writer's work", n)
		}
	}
	if parents != 1 || writers != 2 {
		t.Errorf("profiles of %d parents and %d writers", parents, writers)
	}
	for _, f := range merged.Function {
		if strings.HasPrefix(f.Name, "modernc.org/sqlite/lib.") {
			t.Errorf("a function is called %s", f.Name)
		}
	}
	files, err := os.ReadDir(output.Scratch)
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if !strings.HasSuffix(file.Name(), ".pb.gz") {
			t.Errorf("left behind: %s", file.Name())
		}
	}
	requireReport(t, output)
}

// requireReport asks for a report on what writers did, on the screen and beside the snapshot.
func requireReport(t *testing.T, output runner.Output) {
	t.Helper()
	var out strings.Builder
	if err := report(t.Context(), &out, output); err != nil {
		t.Fatal(err)
	}
	stored, err := os.ReadFile(snapshot.Sibling(output.Path, "report.txt"))
	if err != nil || !strings.HasPrefix(out.String(), string(stored)) {
		t.Errorf("printed %q, stored %q, %v", &out, stored, err)
	}
	for _, want := range []string{
		" in 2 writer processes", " sqlite.", " with exec=process journal=wal writers=2 ",
		" Sustained ", " nothing was sampled ",
	} {
		if !strings.Contains(strings.Join(strings.Fields(out.String()), " "), want) {
			t.Errorf("the report has no %q:\n%s", want, &out)
		}
	}
}

// requirePoolWaits asks for waits of goroutines that share a connection.
func requirePoolWaits(t *testing.T) {
	var output runner.Output
	repeat(t, "a goroutine that waits for the pool", func(round time.Duration) bool {
		axes := "exec=goroutine journal=wal writers=4 sync=off conn=pool"
		output = runBenchmarks(t, axes, round)
		path, _, err := mergeAndStore(t.Context(), output, profiling.Block)
		if err != nil {
			t.Fatal(err)
		}
		p := parse(t, path)
		return valueIn(p, "busybench/bench/sqlitedb.(*Pool).Take")+
			valueIn(p, "zombiezen.com/go/sqlite/sqlitex.(*Pool).Take") > 0
	})
	if _, _, err := mergeAndStore(t.Context(), output, profiling.Mutex); err != nil {
		t.Error(err)
	}
}

// pprof waits for the profile, which is a named pipe that is never written to.
func TestAnInterruptEndsPprof(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.pb.gz")
	if err := unix.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		_, err := top(ctx, path)
		ended <- err
	}()
	pipe, err := os.OpenFile(path, os.O_WRONLY, 0) // it waits until pprof opens it, too
	if err != nil {
		t.Fatal(err)
	}
	defer pipe.Close()
	cancel()
	if err := <-ended; err == nil || err.Error() != "interrupted" {
		t.Errorf("error is %v, want interrupted", err)
	}
	wait.Until(t, "pprof no longer reads the profile", func() bool {
		_, err := pipe.WriteString("x")
		return errors.Is(err, unix.EPIPE)
	})
}

func TestAMissingProfileIsAnError(t *testing.T) {
	_, err := load(t.TempDir(), profiling.CPU)
	if err == nil || !strings.Contains(err.Error(), "no cpu profile") {
		t.Errorf("error is %v", err)
	}
}

func TestTimes(t *testing.T) {
	for _, good := range []string{"3s", "250ms", "1x", "10x"} {
		t.Run(good, func(t *testing.T) {
			if err := checkTime(good); err != nil {
				t.Error(err)
			}
		})
	}
	for _, bad := range []string{"3", "x", "0x", "-1x", "0s", "-1s", "soon"} {
		t.Run(bad, func(t *testing.T) {
			if err := checkTime(bad); err == nil || !strings.Contains(err.Error(), `"`+bad+`"`) {
				t.Errorf("error is %v", err)
			}
		})
	}
}

func TestMain(m *testing.M) { benchtest.Main(m) }
