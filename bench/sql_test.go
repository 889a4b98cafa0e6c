package bench

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"busybench/bench/protocol"
	"busybench/bench/scenario"
	"busybench/bench/statements"
	"busybench/bench/wait"
)

// library returns the paths of the SQL files of this project.
func library(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("workload/*.sql")
	if err != nil || len(files) != 7 {
		t.Fatalf("the library has %q, %v", files, err)
	}
	return files
}

// Each file begins with the question that it answers.
func TestFilesOfTheLibraryBeginWithAQuestion(t *testing.T) {
	for _, path := range library(t) {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		comment, _, _ := strings.Cut(string(text), "\n\n")
		comment, _, _ = strings.Cut(strings.ReplaceAll(comment, "\n-- ", " "), "\n--")
		if !regexp.MustCompile(`^-- [A-Z].*\?$`).MatchString(comment) {
			t.Errorf("%s begins with %q", path, comment)
		}
	}
}

// Whatever the file, the journal and the participants, no transaction is lost, doubled or torn, and
// the checks of the file hold.
func TestTheLibraryRuns(t *testing.T) {
	skipIfShort(t)
	t.Parallel() // it takes long
	axes := []string{"busy=300ms", "busy=retry:300ms txn=deferred", "busy=300ms batch=3 conn=pool"}
	for i, path := range library(t) {
		t.Run(filepath.Base(path), func(t *testing.T) {
			r := runBenchmark(t, "Burst|Sustained", "-round", "50ms", "-sql", path,
				"-test.benchtime", "1x", "-axes", "writers=3 readers=1 "+axes[i%len(axes)])
			if len(r.lines) != 8 {
				t.Errorf("%d results, want 8:\n%s", len(r.lines), r.text)
			}
			name := "\nsql: " + filepath.Base(path) + " sha256:"
			if strings.Count(r.text, name) != 1 {
				t.Errorf("the header has no %q:\n%s", name, r.text)
			}
			if txn := "\ntxn: immediate\n"; axes[i%len(axes)] == "busy=300ms" &&
				!strings.Contains(r.text, txn) {
				t.Errorf("the header has no %q:\n%s", txn, r.text)
			}
			requireStatements(t, r)
		})
	}
}

// requireStatements requires that each benchmark has comments on the statements that it ran.
func requireStatements(t *testing.T, r results) {
	t.Helper()
	ran := map[string]int{}
	for line := range strings.Lines(r.text) {
		if c, ok := statements.ParseComment(strings.TrimSuffix(line, "\n")); ok {
			ran[c.Benchmark] += c.Runs
		}
	}
	if len(ran) != len(r.lines) {
		t.Errorf("%d of %d benchmarks have comments on statements:\n%s",
			len(ran), len(r.lines), r.text)
	}
}

// counterWithout returns a counter whose retries do not read again.
func counterWithout(t *testing.T) (path string) {
	t.Helper()
	text, err := os.ReadFile("workload/counter.sql")
	if err != nil {
		t.Fatal(err)
	}
	lossy := strings.Replace(string(text), "\n-- write\n", "\n-- write retry=writes\n", 1)
	path = filepath.Join(t.TempDir(), "counter.sql")
	if err := os.WriteFile(path, []byte(lossy), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// The audit of the ledger finds nothing wrong with a lost update. The check of the file does.
func TestARetryThatDoesNotReadAgainFails(t *testing.T) {
	skipIfShort(t)
	path := counterWithout(t)
	for _, exec := range []string{"goroutine", "process"} {
		for _, journal := range []string{"delete", "wal"} {
			t.Run(exec+"/"+journal, func(t *testing.T) {
				axes := fmt.Sprintf("exec=%s journal=%s writers=8 txn=deferred busy=retry:5s",
					exec, journal)
				lost := regexp.MustCompile(`counter\.sql:18: check: n is \d+, want \d+ ` +
					`\(after \d+ acknowledged runs\)`)
				for rounds := 4; rounds < 10_000; rounds *= 4 {
					dir := t.TempDir()
					cmd := command(dir, "-test.bench", "Sustained", "-round", "50ms", "-axes", axes,
						"-sql", path, "-test.benchtime", fmt.Sprintf("%dx", rounds))
					out, err := cmd.Output()
					requireEmpty(t, dir)
					if err != nil && lost.Match(out) {
						return
					}
					if err != nil {
						t.Fatalf("%v: %s%s", err, out, cmd.Stderr.(*bytes.Buffer))
					}
				}
				t.Error("no update was lost")
			})
		}
	}
}

// A setup that takes long shows how long it has taken. The line is cleared at the end, and a short
// one shows nothing.
func TestASlowSetupShowsItsTime(t *testing.T) {
	file, err := os.Create(filepath.Join(t.TempDir(), "terminal"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	text := func() string {
		written, err := os.ReadFile(file.Name())
		if err != nil {
			t.Fatal(err)
		}
		return string(written)
	}
	terminal := status{out: file, width: 80}
	if showEvery(terminal, time.Hour, "setup of a.sql")(); text() != "" {
		t.Errorf("a short setup shows %q", text())
	}
	end := showEvery(terminal, time.Millisecond, "setup of a.sql")
	wait.Until(t, "a line", func() bool { return strings.Count(text(), "setup of a.sql: ") > 1 })
	end()
	if after := text(); !strings.HasSuffix(after, "\r\x1b[K") {
		t.Errorf("the line is not cleared in %q", after)
	}
}

// What a file cannot run, alone or with a driver, is rejected before anything starts.
func TestAxesThatDoNotFitAnSQLFileAreRejected(t *testing.T) {
	f := sqlFile{path: "workload/counter.sql"}
	if err := f.read(); err != nil {
		t.Fatal(err)
	}
	none := programs{"other": {Driver: protocol.Driver{}}}
	for axes, want := range map[string]string{
		"readers=1 read=point":        "",
		"readers=1 read=hold:1s":      "",
		"readers=1 read=scan":         "-axes: read=scan reads the built-in table, but workload/",
		"exec=process driver=other":   "-sql: driver other runs no SQL files; leave out driver",
		"exec=goroutine readers=0":    "",
		"readers=1 read=hold:1s,scan": "-axes: read=scan",
	} {
		t.Run(axes, func(t *testing.T) {
			given, err := scenario.Parse(axes)
			if err != nil {
				t.Fatal(err)
			}
			err = f.check(given, none)
			if want == "" && err != nil || want != "" &&
				(err == nil || !strings.HasPrefix(err.Error(), want)) {
				t.Errorf("error is %v, want %s", err, want)
			}
		})
	}
}

func TestLimitOfAnSQLFile(t *testing.T) {
	out := runLimit(t, "-limit", "-limit.max", "3", "-limit.rounds", "2",
		"-sql", "workload/django.sql", "-axes", "exec=process journal=wal busy=30s")
	requireMetrics(t, out, "3.000 writers", "0 writers-fail")
}

func TestFaultsOfAnSQLFile(t *testing.T) {
	skipIfShort(t)
	r := runBenchmark(t, "Faults", "-test.benchtime", "1x", "-faults",
		"-faults.kills", "20", "-faults.rows", "50", "-round", "200ms", "-sql",
		"workload/counter.sql", "-axes", "journal=delete,wal writers=3 batch=2")
	if len(r.lines) != 2 {
		t.Errorf("%d results, want 2:\n%s", len(r.lines), r.text)
	}
	for _, line := range r.lines {
		for _, unit := range []string{"lost-rows", "torn-rows", "damaged-files"} {
			if n, ok := line.Value(unit); !ok || n != 0 {
				t.Errorf("%v %s of %s", n, unit, line.Name)
			}
		}
	}
}

func TestBenchmarksThatRunNoSQLFilesAreSkipped(t *testing.T) {
	dir := t.TempDir()
	out := output(t, command(dir, "-test.bench", "Burst|Ceiling|Harness|Threads|Open",
		"-test.benchtime", "1x", "-sql", "workload/counter.sql", "-axes",
		"exec=goroutine journal=wal writers=1"))
	n := strings.Count(out, "\nBenchmark")
	if n != 1 || !strings.Contains(out, "\nBenchmarkBurst") {
		t.Errorf("%d results:\n%s", n, out)
	}
	requireEmpty(t, dir)
}

// Rows that were there before, and those of an intruder, are no runs of the file.
func TestOnlyRunsOfTheFileAreAcknowledged(t *testing.T) {
	skipIfShort(t)
	r := runBenchmark(t, "Sustained", "-test.benchtime", "1x", "-round", "100ms", "-sql",
		"workload/counter.sql", "-axes", "exec=process journal=wal writers=2 rows=10 payload=5 "+
			"intruder=bulk:20 readers=1 read=hold:1ms hold=1ms txn=immediate")
	if len(r.lines) != 1 {
		t.Errorf("%d results:\n%s", len(r.lines), r.text)
	}
}
