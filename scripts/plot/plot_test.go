package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"busybench/scripts/internal/golden"
	"busybench/scripts/internal/snapshot"
)

// files returns the pictures beside a snapshot, by what their names add to its own.
func files(t *testing.T, path string) map[string]string {
	t.Helper()
	contents := map[string]string{}
	base := strings.TrimSuffix(path, "txt")
	files, err := filepath.Glob(base + "*.svg")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		contents[strings.TrimSuffix(strings.TrimPrefix(file, base), ".svg")] = string(text)
	}
	return contents
}

// pictures returns the content of the pictures beside a snapshot.
func pictures(t *testing.T, path string) map[string]string {
	t.Helper()
	contents := files(t, path)
	for name, text := range contents {
		contents[name] = golden.SVGSummary(t, text)
	}
	return contents
}

func TestASnapshotWithABurstAndCeilingsGivesThreePictures(t *testing.T) {
	path := golden.CopyFile(t, "../testdata/sample.txt", "sample.txt")
	var out strings.Builder
	if err := run(t.Context(), &out, golden.Getenv("LABEL", path)); err != nil {
		t.Fatal(err)
	}
	all := pictures(t, path)
	if n := strings.Count(out.String(), " is written"); len(all) != 3 || n != 3 {
		t.Errorf("%d pictures, printed\n%s", len(all), &out)
	}
	for name, content := range all {
		t.Run(name, func(t *testing.T) { golden.Check(t, name+".golden", content) })
	}
}

// Few runs give no intervals.
func TestAnotherAxisThatVariesGivesPanels(t *testing.T) {
	path := golden.CopyFile(t, "testdata/panels.txt", "panels.txt")
	var out strings.Builder
	if err := run(t.Context(), &out, golden.Getenv("LABEL", path)); err != nil {
		t.Fatal(err)
	}
	golden.Check(t, "panels.golden", pictures(t, path)["burst.inserts"])
	if !strings.HasSuffix(out.String(), "\nLines instead of panels: BY=busy.\n") {
		t.Errorf("printed no hint:\n%s", &out)
	}
}

// A line for each policy, and a panel for each journal mode.
func TestByDrawsALineForEachValue(t *testing.T) {
	testBy(t, "policies", "busy", "burst.inserts", "burst.lockerr", "burst.p99")
}

// The number of writers does not vary. Sustained does not vary in txn.
func TestByWithOneNumberOfWritersHasTheValuesOnTheXAxis(t *testing.T) {
	testBy(t, "txn", "txn", "burst.inserts", "burst.lockerr", "burst.p99")
}

// testBy draws testdata/NAME.txt along an axis.
func testBy(t *testing.T, name, by string, figures ...string) {
	t.Helper()
	path := golden.CopyFile(t, filepath.Join("testdata", name+".txt"), name+".txt")
	var out strings.Builder
	if err := run(t.Context(), &out, golden.Getenv("LABEL", path, "BY", by)); err != nil {
		t.Fatal(err)
	}
	all, texts := pictures(t, path), files(t, path)
	if n := strings.Count(out.String(), " is written"); len(all) != len(figures) || n != len(all) {
		t.Errorf("%d pictures, want %d; printed\n%s", len(all), len(figures), &out)
	}
	for _, figure := range figures {
		t.Run(figure, func(t *testing.T) {
			suffix := figure + ".by-" + by
			file := snapshot.Sibling(path, suffix+".svg")
			if !strings.Contains(out.String(), file) {
				t.Errorf("printed no %s:\n%s", file, &out)
			}
			golden.Check(t, name+"."+suffix+".golden", all[suffix])
			golden.CheckText(t, texts[suffix])
		})
	}
}

// A ceiling is measured with a goroutine, for all kinds of writers.
func TestByExecHasOneCeilingInEachPanel(t *testing.T) {
	path := golden.CopyFile(t, "../testdata/sample.txt", "sample.txt")
	err := run(t.Context(), &strings.Builder{}, golden.Getenv("LABEL", path, "BY", "exec"))
	if err != nil {
		t.Fatal(err)
	}
	content := pictures(t, path)["burst.inserts.by-exec"]
	for _, want := range []string{
		"journal=delete\nexec=goroutine: ", "journal=wal\nexec=goroutine: ",
		"\nceiling: a lone writer: 1,256\n", "\nceiling: a lone writer: 3,933\n",
	} {
		if !strings.Contains(content, want) {
			t.Errorf("no %q in\n%s", want, content)
		}
	}
}

func TestPointsOfRowsWithLockErrorsAreHollow(t *testing.T) {
	path := golden.CopyFile(t, "testdata/policies.txt", "policies.txt")
	if err := run(t.Context(), &strings.Builder{}, golden.Getenv("LABEL", path)); err != nil {
		t.Fatal(err)
	}
	for figure, want := range map[string]int{
		"inserts": 5, // busy=none, and 7 of 640 with busy=5s
		"p99":     5,
		"lockerr": 0,
	} {
		t.Run(figure, func(t *testing.T) {
			content := pictures(t, path)["burst."+figure]
			if n := strings.Count(content, "hollow"); n != want {
				t.Errorf("%d points are hollow, want %d:\n%s", n, want, content)
			}
			if strings.Contains(content, "Hollow: over 1\u00a0%") != (want > 0) {
				t.Errorf("with %d hollow points, the note is in\n%s", want, content)
			}
		})
	}
}

func TestTwoSnapshotsAreDrawnIntoTheSamePictures(t *testing.T) {
	older := golden.CopyFile(t, "../testdata/sample.txt", "before.txt")
	newer := golden.CopyFile(t, "../testdata/sample.txt", "after.txt")
	err := run(t.Context(), &strings.Builder{}, golden.Getenv("OLD", older, "NEW", newer))
	if err != nil {
		t.Fatal(err)
	}
	all := pictures(t, newer)
	if len(all) != 3 || len(pictures(t, older)) != 0 {
		t.Errorf("pictures are %v", all)
	}
	golden.Check(t, "overlay.golden", all["vs-before.burst.p99"])
}

// change changes a snapshot in place.
func change(t *testing.T, path, from, to string) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	changed := strings.ReplaceAll(string(text), from, to)
	if changed == string(text) {
		t.Fatalf("%s has no %q", path, from)
	}
	if err := os.WriteFile(path, []byte(changed), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestSnapshotsFromDifferentEnvironmentsGiveAWarning(t *testing.T) {
	older := golden.CopyFile(t, "../testdata/sample.txt", "before.txt")
	newer := golden.CopyFile(t, "../testdata/sample.txt", "after.txt")
	change(t, older, "# begun", "# revision abc1234\n# begun")
	change(t, newer, "# begun", "# revision def5678-dirty\n# begun")
	change(t, newer, "cores: 2\n", "cores: 64\n")
	change(t, newer, "round: 50ms\n", "round: 1s\n")
	var out strings.Builder
	if err := run(t.Context(), &out, golden.Getenv("OLD", older, "NEW", newer)); err != nil {
		t.Fatal(err)
	}
	want := older + " was measured with revision abc1234 of this project.\n" +
		newer + " was measured with revision def5678-dirty of this project.\n" +
		"Warning: the snapshots differ in cores: \"2\", then \"64\".\n"
	if !strings.HasPrefix(out.String(), want) {
		t.Errorf("printed %s\nwant it to begin with %s", &out, want)
	}
	for name, content := range pictures(t, newer) {
		t.Run(name, func(t *testing.T) {
			// The note is broken into lines, and the description has it in one.
			note := `Warning: the snapshots differ in cores: "2", then "64".`
			if !strings.Contains(content, note) || !strings.Contains(content, "text: Warning: ") {
				t.Errorf("no %s in\n%s", note, content)
			}
		})
	}
}

func TestTheRevisionIsPrinted(t *testing.T) {
	path := golden.CopyFile(t, "../testdata/sample.txt", "sample.txt")
	change(t, path, "# begun", "# revision abc1234\n# begun")
	var out strings.Builder
	if err := run(t.Context(), &out, golden.Getenv("LABEL", path)); err != nil {
		t.Fatal(err)
	}
	want := path + " was measured with revision abc1234 of this project.\n"
	if !strings.HasPrefix(out.String(), want) {
		t.Errorf("printed %s\nwant it to begin with %s", &out, want)
	}
}

// combinations returns the results of nine combinations of journal and busy, in each of which txn
// varies.
func combinations() string {
	var text strings.Builder
	for _, journal := range []string{"delete", "wal", "off"} {
		for _, busy := range []string{"none", "5s", "queue"} {
			for _, rest := range []string{"writers=1/txn=auto", "writers=2/txn=upgrade"} {
				axes := []string{"exec=process", "journal=" + journal, "busy=" + busy, rest}
				text.WriteString("BenchmarkBurst/" + strings.Join(axes, "/") + " 1 5 inserts/s\n")
			}
		}
	}
	return text.String()
}

func TestPlotRejects(t *testing.T) {
	dir := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	const header = "BenchmarkBurst/exec=x/journal=wal/writers=1-2 1 5 inserts/s\n"
	missing := filepath.Join(dir, "none.txt")
	sample := golden.CopyFile(t, "../testdata/sample.txt", "sample.txt")
	policies := "testdata/policies.txt"
	for _, c := range []struct {
		name     string
		settings []string
		want     []string
	}{
		{"missing", []string{"LABEL", missing}, []string{"none.txt does not exist", "make bench"}},
		{"empty", []string{"LABEL", file("empty.txt", "")},
			[]string{"empty.txt", "holds no benchmark results"}},
		{"binary", []string{"LABEL", file("binary.txt", "\x7fELF\x00\x01\n\x00")},
			[]string{"binary.txt", "holds no benchmark results"}},
		{"damaged",
			[]string{"LABEL", file("damaged.txt", "BenchmarkBurst/writers=1-2 10 12x ns/op\n")},
			[]string{"damaged.txt:1", "make bench"}},
		{"foreign", []string{"LABEL", file("foreign.txt", "BenchmarkFib-8 100 5 ns/op\n")},
			[]string{"foreign.txt", "it holds Fib"}},
		{"namesake", []string{"LABEL", file("namesake.txt",
			"BenchmarkBurst/writers=many/exec=x/journal=wal-8 100 5 ns/op\n"+
				"BenchmarkBurst-8 3 4 inserts/s\n")},
			[]string{"namesake.txt", "writers=N", "inserts/s, lockerr-%, p99-ns"}},
		{"mixed", []string{"LABEL", file("mixed.txt", "go: 1\n"+header+"go: 2\n"+header)},
			[]string{"mixed.txt", "different header lines"}},
		{"directory", []string{"LABEL", dir}, []string{dir}},
		{"bad label", []string{"LABEL", "a b"}, []string{`"a b"`, "letters"}},
		{"bad BENCH", []string{"LABEL", sample, "BENCH", "("}, []string{`bad BENCH "("`}},
		{"no such benchmark", []string{"LABEL", sample, "BENCH", "Limit"},
			[]string{"Limit", "it holds Burst, Ceiling"}},
		{"OLD alone", []string{"OLD", sample}, []string{"OLD and NEW go together"}},
		{"BY and OLD", []string{"OLD", sample, "NEW", sample, "BY", "exec"},
			[]string{"LABEL and BY are for one snapshot"}},
		{"BY=writers", []string{"LABEL", sample, "BY", "writers"},
			[]string{"X axis already", "BY=exec (goroutine, process), BY=journal (delete, wal)"}},
		{"BY of no axis", []string{"LABEL", sample, "BY", "txm"},
			[]string{"BY=txm: there is no such axis", "BY=exec (goroutine, process)"}},
		{"BY of an axis with one value", []string{"LABEL", sample, "BY", "busy"},
			[]string{"sample.txt has only busy=5s", "BY=exec (goroutine, process)"}},
		{"BY of an axis without a value", []string{"LABEL", policies, "BY", "conn"},
			[]string{"policies.txt has no values of it", "BY=busy (none, 5s, queue)"}},
		{"BY with values", []string{"LABEL", policies, "BY", "busy=5s,none"},
			[]string{"give the name of one axis, without values"}},
		{"BY of an axis that varies between benchmarks only", []string{"BY", "txn",
			"LABEL", file("between.txt", "BenchmarkBurst/writers=1/txn=auto 1 5 inserts/s\n"+
				"BenchmarkSustained/writers=1/txn=upgrade 1 5 inserts/s\n")},
			[]string{"between.txt has only txn=auto", "no other axis with several values"}},
		{"BY with many panels", []string{"LABEL", file("many.txt", combinations()), "BY", "txn"},
			[]string{"gives 9 panels of Burst, for all combinations of journal, busy",
				"choose at most 8", "BENCH='Burst/exec=process/journal=delete'"}},
		{"OLD, NEW and LABEL", []string{"OLD", sample, "NEW", sample, "LABEL", sample},
			[]string{"give either"}},
		{"OLD missing", []string{"OLD", missing, "NEW", sample},
			[]string{"none.txt does not exist"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var out strings.Builder
			err := run(t.Context(), &out, golden.Getenv(c.settings...))
			if err == nil || strings.Contains(err.Error(), "\n") {
				t.Fatalf("%v, want one line", err)
			}
			for _, want := range c.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%q does not say %q", err, want)
				}
			}
			if out.Len() > 0 {
				t.Errorf("printed %s", &out)
			}
		})
	}
	if all, _ := filepath.Glob(filepath.Join(dir, "*.svg*")); all != nil {
		t.Errorf("left behind: %v", all)
	}
}

func TestNoPictureIsStoredIfOneCannotBe(t *testing.T) {
	path := golden.CopyFile(t, "../testdata/sample.txt", "sample.txt")
	taken := strings.TrimSuffix(path, "txt") + "burst.p99.svg"
	if err := os.Mkdir(taken, 0o700); err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	err := run(t.Context(), &out, golden.Getenv("LABEL", path))
	if err == nil || !strings.Contains(err.Error(), taken) || out.Len() > 0 {
		t.Errorf("%v, printed %q, want an error that names %s", err, &out, taken)
	}
	if left, err := os.ReadDir(filepath.Dir(path)); err != nil || len(left) != 2 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestConcurrentPlotsOfOneSnapshotSucceed(t *testing.T) {
	path := golden.CopyFile(t, "../testdata/sample.txt", "sample.txt")
	errs := make(chan error)
	const plots = 6
	for range plots {
		go func() {
			errs <- run(t.Context(), &strings.Builder{}, golden.Getenv("LABEL", path))
		}()
	}
	for range plots {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
	if all := pictures(t, path); len(all) != 3 {
		t.Errorf("%d pictures, want 3", len(all))
	}
}

// The committed pictures are those of the committed snapshots.
func TestCommittedPicturesAreCurrent(t *testing.T) {
	committed, err := filepath.Glob("../../results/*.inserts.svg")
	if err != nil || len(committed) == 0 {
		t.Fatalf("pictures are %v, %v", committed, err)
	}
	drawn := map[string]bool{}
	for _, picture := range committed {
		label, _, _ := strings.Cut(filepath.Base(picture), ".")
		if drawn[label] {
			continue
		}
		drawn[label] = true
		t.Run(label, func(t *testing.T) {
			original := filepath.Join("../../results", label+".txt")
			path := golden.CopyFile(t, original, label+".txt")
			err := run(t.Context(), &strings.Builder{}, golden.Getenv("LABEL", path))
			if err != nil {
				t.Fatal(err)
			}
			for _, text := range files(t, path) {
				golden.CheckText(t, text)
			}
			current := pictures(t, original)
			for name, content := range pictures(t, path) {
				if diff := cmp.Diff(content, current[name]); diff != "" {
					t.Errorf("results/%s.%s.svg is not what make plot LABEL=%s draws "+
						"(-want +got):\n%s", label, name, label, diff)
				}
			}
		})
	}
}
