package runner

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"busybench/scripts/internal/command"
	"busybench/scripts/internal/snapshot"
)

const result = "BenchmarkBurst/exec=process/journal=wal/writers=8-2 \t 10\t 5 ns/op\n"

// oldSnapshot is a snapshot of make bench that a run may replace.
const oldSnapshot = "# make bench\nBenchmarkOld 1 1 ns/op\n"

// printing is a run that prints a text and ends with an error, or nil.
func printing(text string, err error) runFunc {
	return func(_ context.Context, _ int, _ Step, out io.Writer) error {
		if _, err := io.WriteString(out, text); err != nil {
			return err
		}
		return err
	}
}

// settings are those of a snapshot in a fresh directory.
func settings(t *testing.T, count int) Settings {
	return Settings{bench: ".", schedule: runs(count), label: "x",
		path: filepath.Join(t.TempDir(), "x.txt"), command: "make bench",
		config: Config{Target: command.Bench}}
}

// runAll opens the partial file and makes all runs, as run does.
func runAll(s Settings, run runFunc) error {
	partial, err := s.openPartial()
	if err != nil {
		return err
	}
	defer partial.close()
	partial.header("# %s", s.command)
	_, err = s.runAll(context.Background(), sides(s, run, partial), io.Discard)
	return err
}

// sides returns the one side of a snapshot without AB.
func sides(s Settings, run runFunc, partial *partialFile) []side {
	return []side{{Settings: s, partial: partial, run: run}}
}

func partialPath(s Settings) string { return snapshot.Sibling(s.path, "partial.txt") }

func writeFile(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func requireFile(t *testing.T, path, want string) {
	t.Helper()
	if text, err := os.ReadFile(path); err != nil || string(text) != want {
		t.Errorf("%s holds %.200q, %v, want %.200q", path, text, err, want)
	}
}

func requireNoFile(t *testing.T, path string) {
	t.Helper()
	if _, err := os.Lstat(path); !os.IsNotExist(err) {
		t.Errorf("%s exists, %v", path, err)
	}
}

// requireError asks for an error of one line that contains a text.
func requireError(t *testing.T, err error, want string) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
		t.Errorf("error is %v, want one line with %q", err, want)
	}
}

func TestRunsReplaceTheSnapshotOnlyWhenComplete(t *testing.T) {
	failed := errors.New("the benchmarks failed")
	failure := result + "--- FAIL: BenchmarkX\n    x.go:1: row 5 is lost\nPASS\n"
	for _, c := range []struct {
		name    string
		run     runFunc
		want    string // in the error
		new     bool   // whether there is a new snapshot
		partial bool   // whether there is a partial one
	}{
		{"complete", printing("sqlite: 3\n"+result, nil), "", true, false},
		{"failing after a result", printing(failure, failed), "row 5 is lost", false, true},
		{"failing at once", printing("", failed), "the benchmarks failed", false, false},
		{"matching nothing", printing("sqlite: 3\nPASS\n", nil),
			`no benchmark matches BENCH="."`, false, false},
		{"reporting infinity", printing("BenchmarkX 1 +Inf ns/op\n", nil),
			"is no measurement", false, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := settings(t, 3)
			writeFile(t, s.path, oldSnapshot)
			err := runAll(s, c.run)
			if (err == nil) != (c.want == "") ||
				err != nil && !strings.Contains(err.Error(), c.want) {
				t.Errorf("error is %v, want %q", err, c.want)
			}
			text, err := os.ReadFile(s.path)
			if err != nil {
				t.Fatal(err)
			}
			if got := string(text) != oldSnapshot; got != c.new {
				t.Errorf("the snapshot is new: %v, want %v", got, c.new)
			}
			if n := strings.Count(string(text), "Benchmark"); c.new && n != 3 {
				t.Errorf("%d results of 3 runs", n)
			}
			_, err = os.Stat(partialPath(s))
			if got := err == nil; got != c.partial {
				t.Errorf("a partial snapshot exists: %v, want %v", got, c.partial)
			}
		})
	}
}

func TestRunsMakeTheResultsDirectory(t *testing.T) {
	s := settings(t, 1)
	s.path = filepath.Join(filepath.Dir(s.path), "results", "x.txt")
	if err := runAll(s, printing(result, nil)); err != nil {
		t.Error(err)
	}
}

// The first of these lines made the runner hang, each of them made the snapshot unreadable.
func TestLongLinesAreShortened(t *testing.T) {
	for name, length := range map[string]int{
		"over the limit": maxComment + 1, "over 64 KiB": 64 << 10, "2 MiB": 2 << 20,
	} {
		t.Run(name, func(t *testing.T) {
			s := settings(t, 1)
			text := strings.Repeat("é", (length+1)/2) + "\n" + result
			if err := runAll(s, printing(text, nil)); err != nil {
				t.Fatal(err)
			}
			stored, err := os.ReadFile(s.path)
			if err != nil {
				t.Fatal(err)
			}
			for line := range bytes.Lines(stored) {
				if len(line) > maxComment+1 {
					t.Errorf("a line has %d bytes", len(line))
				}
			}
			if want := "é... (cut from "; !bytes.Contains(stored, []byte(want)) {
				t.Errorf("there is no %q", want)
			}
			if snap, err := snapshot.Read(s.path); err != nil || len(snap.Results) != 1 {
				t.Errorf("read %v, %v", snap, err)
			}
		})
	}
}

func TestLongResults(t *testing.T) {
	long := func(length int) string {
		start, end := "BenchmarkX/", " 1 5 ns/op"
		return start + strings.Repeat("x", length-len(start)-len(end)) + end + "\n"
	}
	t.Run("as long as can be read", func(t *testing.T) {
		s := settings(t, 1)
		if err := runAll(s, printing(long(snapshot.MaxLine), nil)); err != nil {
			t.Fatal(err)
		}
		if snap, err := snapshot.Read(s.path); err != nil || len(snap.Results) != 1 {
			t.Errorf("read %v, %v", snap, err)
		}
	})
	t.Run("with values beyond what can be read", func(t *testing.T) {
		s := settings(t, 1)
		line := "BenchmarkX 1 5 ns/op " + strings.Repeat("1 unit ", 10_000) + "\n"
		requireError(t, runAll(s, printing(result+line, nil)), "a result of 70021 bytes")
		requireFile(t, partialPath(s), "# make bench\n"+result)
	})
}

func TestAnErrorRepeatsFewLines(t *testing.T) {
	text := result + "--- FAIL: BenchmarkX\n" + strings.Repeat("    a line\n", 1000)
	err := runAll(settings(t, 1), printing(text, errors.New("failed")))
	if err == nil || strings.Count(err.Error(), "\n") > maxFailures+1 {
		t.Errorf("the error has %d lines", strings.Count(err.Error(), "\n")+1)
	}
}

// After a write error the run can exit cleanly: its own writes do not fail, and its context is
// canceled.
func TestAWriteErrorNamesPathAndCause(t *testing.T) {
	s := settings(t, 1)
	partial, err := s.openPartial()
	if err != nil {
		t.Fatal(err)
	}
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip(err)
	}
	defer full.Close()
	partial.close()
	partial.file, partial.begun = full, true
	run := func(ctx context.Context, _ int, _ Step, out io.Writer) error {
		for range 3 {
			if _, err := io.WriteString(out, result); err != nil {
				t.Error(err)
			}
		}
		<-ctx.Done()
		return errInterrupted
	}
	_, err = s.runAll(context.Background(), sides(s, run, partial), io.Discard)
	requireError(t, err, "/dev/full: no space left on device")
}

func TestALastLineWithoutNewlineIsStored(t *testing.T) {
	s := settings(t, 1)
	err := runAll(s, printing(result+"no newline at the end", nil))
	if err != nil {
		t.Error(err)
	}
	requireFile(t, s.path, "# make bench\n"+result+"no newline at the end\n")
}

func TestAStepThatIsAFunctionWritesIntoTheSnapshot(t *testing.T) {
	s := settings(t, 1)
	t.Chdir(filepath.Dir(s.path))
	s.config.build = func(_ context.Context, dir string, _ io.Writer) (string, error) {
		path := filepath.Join(dir, "only-checks-flags")
		script := "#!/bin/sh\ncase $* in *-test.list=*) exit 0 ;; esac\nexit 1\n"
		return path, os.WriteFile(path, []byte(script), 0o700)
	}
	s.schedule = func(state State) (Step, bool) {
		return Step{Run: func(_ context.Context, out io.Writer) error {
			_, err := io.WriteString(out, result)
			return err
		}}, state.Steps < 2
	}
	report := func(_ context.Context, _ io.Writer, output Output) error {
		if n := len(output.Results); n != 2 {
			t.Errorf("the snapshot has %d results", n)
		}
		return nil
	}
	if err := s.run(t.Context(), io.Discard, io.Discard, report); err != nil {
		t.Error(err)
	}
}
