package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/pprof/profile"

	"busybench/bench/profiling"
	"busybench/scripts/internal/benchtest"
	"busybench/scripts/internal/golden"
	"busybench/scripts/internal/runner"
	"busybench/scripts/internal/snapshot"
)

func TestMain(m *testing.M) { benchtest.Main(m) }

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

func TestReadable(t *testing.T) {
	for name, want := range map[string]string{
		"modernc.org/sqlite/lib.Xsqlite3_step":          "sqlite.sqlite3_step",
		"modernc.org/sqlite/lib._unixSync":              "sqlite.unixSync",
		"modernc.org/libc.Xfsync":                       "libc.fsync",
		"modernc.org/memory.(*Allocator).UintptrMalloc": "modernc.org/memory.(*Allocator).UintptrMalloc",
		"runtime.futex":                                 "runtime.futex",
	} {
		if got := readable(name); got != want {
			t.Errorf("%s becomes %s, want %s", name, got, want)
		}
	}
}

// inWriter is in the stack of all that a writer does.
const inWriter = "busybench/bench/writer.(*Writer).Run"

// stacksWith counts the samples of a profile in whose stack a function is.
func stacksWith(p *profile.Profile, function string) (n int) {
	for _, sample := range p.Sample {
		if slices.ContainsFunc(sample.Location, func(l *profile.Location) bool {
			return slices.ContainsFunc(l.Line, func(line profile.Line) bool { return line.Function.Name == function })
		}) {
			n++
		}
	}
	return n
}

// measured runs benchmarks with -profile and returns what they left.
func measured(t *testing.T, axes string) runner.Run {
	t.Helper()
	dir := t.TempDir()
	m := runner.Run{Scratch: filepath.Join(dir, "profiles")}
	cmd := benchtest.Command(benchtest.Binary(t), "-test.bench", "Sustained", "-test.benchtime", "1x",
		"-round", "500ms", "-dir", dir, "-axes", axes, "-profile", m.Scratch)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	path := filepath.Join(dir, "x.txt")
	if err := os.WriteFile(path, out, 0o600); err != nil {
		t.Fatal(err)
	}
	if m.Snapshot, err = snapshot.Read(path); err != nil {
		t.Fatal(err)
	}
	return m
}

// What a profile of the parent alone misses, all that the writer processes do, is in the merged one.
func TestTheMergedProfileHoldsTheChildrensSamples(t *testing.T) {
	m := measured(t, "exec=process journal=wal writers=2 sync=off")
	parents, err := filepath.Glob(filepath.Join(m.Scratch, "parent-*.cpu.pb.gz"))
	if err != nil || len(parents) != 1 {
		t.Fatalf("profiles of the parent are %v, %v", parents, err)
	}
	alone, err := load(parents[0])
	if err != nil {
		t.Fatal(err)
	}
	if n := stacksWith(alone, inWriter); n != 0 {
		t.Errorf("the parent did %d samples of a writer's work", n)
	}
	path, err := merge(m.Scratch, profiling.CPU, m.Path)
	if err != nil {
		t.Fatal(err)
	}
	all, err := load(path)
	if err != nil {
		t.Fatal(err)
	}
	if stacksWith(all, inWriter) == 0 || stacksWith(all, "sqlite.sqlite3_step") == 0 {
		t.Errorf("no sample of a writer, or of SQLite, among %d in the merged profile", len(all.Sample))
	}
	for _, f := range all.Function {
		if strings.HasPrefix(f.Name, "modernc.org/sqlite/lib.") {
			t.Errorf("a function is called %s", f.Name)
		}
	}
	files, _ := filepath.Glob(filepath.Join(m.Scratch, "writer-*.cpu.pb.gz"))
	if rest, _ := filepath.Glob(filepath.Join(m.Scratch, "*.partial")); len(files) != 2 || rest != nil {
		t.Errorf("profiles of the writers are %v, beside %v", files, rest)
	}
	var out strings.Builder
	if err := answer(&out, m); err != nil {
		t.Fatal(err)
	}
	stored, err := os.ReadFile(snapshot.Sibling(m.Path, "profile.txt"))
	if err != nil || !strings.HasSuffix(out.String(), string(stored)) {
		t.Errorf("printed %q, stored %q, %v", &out, stored, err)
	}
	for _, want := range []string{"in 2 writer processes", "  sqlite.", "Sustained exec=process journal=wal writers=2", "nothing was sampled"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the report has no %q:\n%s", want, &out)
		}
	}
}

// Goroutines that share a connection wait for each other in Go, which a profile of blocking shows.
func TestGoroutinesThatWaitForAPoolAreInTheBlockProfile(t *testing.T) {
	m := measured(t, "exec=goroutine journal=wal writers=4 sync=off conn=pool")
	path, err := merge(m.Scratch, profiling.Block, m.Path)
	if err != nil {
		t.Fatal(err)
	}
	p, err := load(path)
	if err != nil {
		t.Fatal(err)
	}
	if stacksWith(p, "busybench/bench/sqlitedb.(*Pool).Take")+stacksWith(p, "zombiezen.com/go/sqlite/sqlitex.(*Pool).Take") == 0 {
		t.Error("nobody waited for the pool")
	}
	if _, err := merge(m.Scratch, profiling.Mutex, m.Path); err != nil {
		t.Error(err)
	}
}

func TestNoProfile(t *testing.T) {
	if _, err := merge(t.TempDir(), profiling.CPU, "x.txt"); err == nil || !strings.Contains(err.Error(), "no cpu profile") {
		t.Errorf("error is %v", err)
	}
}

func TestBadTimes(t *testing.T) {
	for _, good := range []string{"3s", "250ms", "1x", "10x"} {
		if err := checkTime(good); err != nil {
			t.Errorf("%s: %v", good, err)
		}
	}
	for _, bad := range []string{"3", "x", "0x", "-1x", "0s", "-1s", "soon"} {
		if err := checkTime(bad); err == nil || !strings.Contains(err.Error(), `"`+bad+`"`) {
			t.Errorf("%s: %v", bad, err)
		}
	}
}
