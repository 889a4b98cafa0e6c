package runner

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"busybench/scripts/internal/snapshot"
)

// newTurns is a script with AB. Its binaries, old and new, are this test binary under two names.
func newTurns(t *testing.T, bench string, settings ...string) script {
	t.Helper()
	s := newScript(t, "script", bench)
	for _, name := range sideNames {
		if err := os.Symlink(s.Path, filepath.Join(s.dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	s.Env = append(append(s.Env, "AB=old new"), settings...)
	return s
}

func TestABMakesTwoSnapshotsInTurns(t *testing.T) {
	s := newTurns(t, "turns", "COUNT=3", "SEED=7")
	out, err := s.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for _, want := range []string{
		"run 1/3 old", "run 3/3 new", "compares with results/x-old.txt\nreports results/x-new.txt",
	} {
		if !strings.Contains(string(out), want) {
			t.Errorf("no %q in %s", want, out)
		}
	}
	requireFile(t, filepath.Join(s.dir, "turns"),
		"old -seed=7\nnew -seed=7\nnew -seed=8\nold -seed=8\nold -seed=9\nnew -seed=9\n")
	older := requireTurns(t, s.dir, "old", "x-new")
	newer := requireTurns(t, s.dir, "new", "x-old")
	if !snapshot.Interleaved(older, newer) {
		t.Error("the snapshots are not interleaved")
	}
	if names, err := filepath.Glob(filepath.Join(s.dir, "results", "*")); err != nil ||
		len(names) != 2 {
		t.Errorf("in results: %v, %v", names, err)
	}
}

// requireTurns asks for a complete snapshot of one side, and returns it.
func requireTurns(t *testing.T, dir, side, other string) *snapshot.Snapshot {
	t.Helper()
	path := filepath.Join(dir, "results", "x-"+side+".txt")
	snap, err := snapshot.Read(path)
	if err != nil {
		t.Fatal(err)
	}
	if len(snap.Results) != 3 {
		t.Errorf("%s has %d results", path, len(snap.Results))
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(text), "\n")
	if lines[0] != "# make bench BENCH='turns' COUNT='3' DIR='disk' SEED='7' AB='old new'" ||
		!strings.HasPrefix(lines[1], "# begun 20") ||
		lines[2] != "# interleaved with "+other ||
		lines[3] != "# binary "+filepath.Join(dir, side) {
		t.Errorf("%s begins with %q", path, lines[:4])
	}
	return snap
}

// The first run of the old binary is under way.
func TestInterruptedTurnsKeepWhatWasMeasured(t *testing.T) {
	s := newTurns(t, "wait")
	s.start(t)
	s.waitFor(t, "run 1/1 old")
	s.Process.Signal(os.Interrupt)
	s.waitFor(t, "what was measured until then is in results/x-old.partial.txt\n")
	if err := s.Wait(); err == nil || s.ProcessState.ExitCode() != 1 {
		t.Errorf("ended with %v", err)
	}
	requireNoFile(t, filepath.Join(s.dir, "disk", "left"))
	for _, name := range []string{"x-old.txt", "x-new.txt", "x-new.partial.txt"} {
		requireNoFile(t, filepath.Join(s.dir, "results", name))
	}
}

func TestAWrongFileInABIsRejectedBeforeTheRuns(t *testing.T) {
	for name, c := range map[string]struct{ ab, want string }{
		"one path":       {"old", `AB="old" has 1 path; give two binaries`},
		"missing":        {"old nonesuch", "AB: nonesuch does not exist; make it in its checkout"},
		"a directory":    {"old .", "AB: . is not a binary of these benchmarks; "},
		"not executable": {"old text", "AB: text is not a binary of these benchmarks; "},
		"an executable without a format": {"old executable",
			"/executable is not a binary of these benchmarks; "},
		"another program": {"/bin/true new", "AB: /bin/true is not a binary of these benchmarks; "},
		"a program that prints its arguments": {"old /bin/echo",
			"AB: /bin/echo is not a binary of these benchmarks; "},
	} {
		t.Run(name, func(t *testing.T) {
			s := newTurns(t, "turns", "AB="+c.ab)
			writeFile(t, filepath.Join(s.dir, "text"), "text")
			writeFile(t, filepath.Join(s.dir, "executable"), "text")
			if err := os.Chmod(filepath.Join(s.dir, "executable"), 0o700); err != nil {
				t.Fatal(err)
			}
			out, err := s.CombinedOutput()
			if err == nil || strings.Count(string(out), "\n") != 1 ||
				!strings.HasPrefix(string(out), "bench: AB") ||
				!strings.Contains(string(out), c.want) {
				t.Errorf("printed %q, %v, want one line with %q", out, err, c.want)
			}
			requireNoFile(t, filepath.Join(s.dir, "turns"))
			if left, _ := filepath.Glob(filepath.Join(s.dir, "results", "*")); left != nil {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}

func TestABinaryOfABThatRejectsAFlagIsNamed(t *testing.T) {
	s := newTurns(t, "busybench: -axes: unknown axis")
	out, err := s.CombinedOutput()
	want := "bench: AXES: unknown axis (by " + filepath.Join(s.dir, "old") + " of AB)\n"
	if err == nil || string(out) != want {
		t.Errorf("printed %q, %v, want %q", out, err, want)
	}
}

func TestNeitherLabelOfABMayBeInUse(t *testing.T) {
	s := newTurns(t, "turns")
	if err := os.Mkdir(filepath.Join(s.dir, "results"), 0o700); err != nil {
		t.Fatal(err)
	}
	writeFile(t, filepath.Join(s.dir, "results", "x-new.txt"), "not a snapshot")
	out, err := s.CombinedOutput()
	want := "bench: LABEL=x: results/x-new.txt exists and is not a snapshot; give another LABEL\n"
	if err == nil || string(out) != want {
		t.Errorf("printed %q, %v, want %q", out, err, want)
	}
	requireNoFile(t, filepath.Join(s.dir, "results", "x-old.partial.txt"))
}
