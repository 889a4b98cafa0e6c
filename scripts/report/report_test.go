package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"busybench/scripts/internal/golden"
	"busybench/scripts/internal/snapshot"
)

// always are the sections that each page has.
var always = []string{
	"question", "answer", "tables", "curves", "locked", "machine", "warnings", "again",
}

// write stores files in a fresh directory, and returns the path of the first.
func write(t *testing.T, files ...snapshot.File) string {
	t.Helper()
	dir := t.TempDir()
	for _, f := range files {
		if err := os.WriteFile(filepath.Join(dir, f.Path), []byte(f.Text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(dir, files[0].Path)
}

// copied returns the path of a copy of a snapshot, with the files that belong to it.
func copied(t *testing.T, path string) string {
	t.Helper()
	var files []snapshot.File
	for _, name := range []string{
		path, snapshot.Sibling(path, "trace.json"), snapshot.Sibling(path, "report.txt"),
	} {
		text, err := os.ReadFile(name)
		if err == nil {
			files = append(files, snapshot.File{Path: filepath.Base(name), Text: string(text)})
		}
	}
	return write(t, files...)
}

// newHTML returns the page of a snapshot.
func newHTML(t *testing.T, path string) string {
	t.Helper()
	var out strings.Builder
	if err := run(t.Context(), &out, golden.Getenv("LABEL", path)); err != nil {
		t.Fatal(err)
	}
	file := snapshot.Sibling(path, "html")
	if want := file + " is written.\n"; out.String() != want {
		t.Errorf("printed %q, want %q", &out, want)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// section returns the text of a section of a page, without its elements.
func section(t *testing.T, page, id string) string {
	t.Helper()
	_, rest, ok := strings.Cut(page, `<section id="`+id+`">`)
	text, _, closed := strings.Cut(rest, "</section>")
	if !ok || !closed {
		t.Fatalf("there is no section %s", id)
	}
	text = regexp.MustCompile(`<[^>]*>`).ReplaceAllString(text, " ")
	return strings.Join(strings.Fields(text), " ")
}

func TestEachCommittedSnapshotHasAPage(t *testing.T) {
	committed, err := filepath.Glob("../../results/*.txt")
	if err != nil || len(committed) == 0 {
		t.Fatalf("snapshots are %v, %v", committed, err)
	}
	pages := 0
	for _, path := range committed {
		if strings.Contains(snapshot.Label(path), ".") {
			continue // tables or a report
		}
		if _, err := snapshot.Read(path); err != nil {
			continue // of another program
		}
		pages++
		t.Run(snapshot.Label(path), func(t *testing.T) {
			page := newHTML(t, copied(t, path))
			for _, id := range always {
				if text := section(t, page, id); len(strings.Fields(text)) < 2 {
					t.Errorf("section %s is %q", id, text)
				}
			}
			if strings.Contains(page, "Inf") || strings.Contains(page, "NaN") ||
				strings.Contains(page, "%!") {
				t.Error("a number is none")
			}
		})
	}
	if pages < 10 {
		t.Errorf("%d pages", pages)
	}
}

func TestTheAnswerIsInWords(t *testing.T) {
	for _, c := range []struct {
		name, path string
		want       []string
	}{
		{"no lock errors", "../testdata/sample.txt", []string{
			"None of 11,106 attempts ended in a lock error.",
			"the fastest is exec=goroutine journal=wal writers=8 (852 ±16% inserts/s",
			"and the slowest exec=process journal=delete writers=8 (172 ±14% inserts/s",
			"exec=process instead of goroutine: inserts/s lower in",
		}},
		{"lock errors", "../../results/txn.txt", []string{
			"The largest share is 89.8 %, with journal=wal txn=upgrade.", "8 of 10 rows met none.",
			"txn=immediate instead of auto: ",
		}},
		{"a report of the command", "../../results/limit.txt", []string{"176 writers pass"}},
		{"kills", "../../results/faults.txt",
			[]string{"0 of 29,985,700 acknowledged rows are missing after 6,000 kills."}},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := section(t, newHTML(t, copied(t, c.path)), "answer")
			for _, want := range c.want {
				if !strings.Contains(text, want) {
					t.Errorf("no %q in %s", want, text)
				}
			}
		})
	}
}

func TestTheTimelineIsDrawnIfThereIsATrace(t *testing.T) {
	page := newHTML(t, copied(t, "../../results/timeline.txt"))
	_, rest, _ := strings.Cut(page, `<section id="timeline">`)
	text, _, _ := strings.Cut(rest, "</section>")
	if n := strings.Count(text, "<svg "); n != 2 {
		t.Errorf("%d pictures, want 2", n)
	}
	if page := newHTML(t, copied(t, "../testdata/sample.txt")); strings.Contains(page,
		`id="timeline"`) {
		t.Error("a snapshot without a trace has a timeline")
	}
}

// What a row of the table lacks must not look like 0.
func TestAFigureThatIsMissingIsEmpty(t *testing.T) {
	path := write(t, snapshot.File{Path: "x.txt", Text: "BenchmarkBurst/writers=1 1 5 inserts/s\n"})
	text := newHTML(t, path)
	if strings.Contains(section(t, text, "tables"), "0") {
		t.Errorf("a 0 in %s", section(t, text, "tables"))
	}
}

const blamed = `# make bench LABEL='x'
# begun 2026-11-22T18:00:00Z
# revision abc1234
filesystem: ext4
# warning: it is a warning
# disk before: 3272 appends of a frame with fsync per second
BenchmarkBurst/exec=process/journal=wal/writers=16 3 5 inserts/s 12 lockerrs 100 attempts
# BenchmarkBurst/exec=process/journal=wal/writers=16: 12 of 100 attempts ended in a lock error
#   12 x SQLITE_BUSY in insert, waited the whole timeout (median 5.02s, max 5.03s): Cause: remedy.
#     meanwhile: 50 holders, longest 6.74ms: writer 52, commit; lock held 95 %, idle 5 % of 2m
# machine: quota=none throttled=0s steal=0.0% others=1.3% stopped=0s disk-drift=1.08
`

func TestLockErrorsHaveTheirCauseAndWhomToBlame(t *testing.T) {
	page := newHTML(t, write(t, snapshot.File{Path: "x.txt", Text: blamed}))
	for id, wants := range map[string][]string{
		"locked": {
			"12 of 100 attempts ended in a lock error.",
			"12 × SQLITE_BUSY in insert, waited the whole timeout (median 5.02s, max 5.03s).",
			"Meanwhile: 50 holders, longest 6.74ms: writer 52, commit; " +
				"lock held 95 %, idle 5 % of 2m0s.",
			"Cause: remedy.",
		},
		"machine":  {"filesystem ext4", "1 3,272 1.3 % 0 % 0s 0s 1.08x"},
		"warnings": {"it is a warning."},
		"again":    {"make bench LABEL=&#39;x&#39; make report LABEL=x"},
	} {
		for _, want := range wants {
			if text := section(t, page, id); !strings.Contains(text, want) {
				t.Errorf("%s: no %q in %s", id, want, text)
			}
		}
	}
	if !strings.Contains(page, "Measured on 2026-11-22T18:00:00Z, revision abc1234.") {
		t.Error("it does not say when it was measured, and which revision")
	}
}

// Snapshots of older revisions count lock errors without saying of which kind they were.
func TestASnapshotWithoutKindsOfLockErrorsSaysSo(t *testing.T) {
	for name, want := range map[string]string{
		"12 lockerrs": "This snapshot does not say of which kind its lock errors were.",
		"0 lockerrs":  "No lock error was met.",
	} {
		t.Run(name, func(t *testing.T) {
			page := newHTML(t, write(t, snapshot.File{Path: "x.txt", Text: "BenchmarkBurst/" +
				"exec=process/journal=wal/writers=16 3 5 inserts/s " + name + " 100 attempts\n"}))
			if text := section(t, page, "locked"); !strings.Contains(text, want) {
				t.Errorf("no %q in %s", want, text)
			}
		})
	}
}

// Whatever a snapshot holds, it is shown as text.
func TestEverythingIsEscaped(t *testing.T) {
	const script = "<script>alert(1)</script><img/src=x/onerror=alert(1)>"
	text := blamed
	for _, word := range []string{
		"LABEL='x'", "2026-11-22T18:00:00Z", "abc1234", "ext4", "it is a warning", "Cause: remedy.",
		"writers=16/", "longest 6.74ms",
	} {
		text = strings.ReplaceAll(text, word, word+script)
	}
	text = strings.ReplaceAll(text, "/writers=16", "/busy="+script+"/writers=16")
	hostile := []snapshot.File{
		{Path: `a"><script>alert(1).txt`, Text: text},
		{Path: `a"><script>alert(1).report.txt`, Text: "</pre>" + script},
	}
	page := newHTML(t, write(t, hostile...))
	for _, bad := range []string{"<script", "<img", `a"><`} {
		if i := strings.Index(page, bad); i >= 0 {
			t.Errorf("%s in %s", bad, page[max(0, i-100):i+100])
		}
	}
	if n := strings.Count(page, "&lt;script"); n < 8 {
		t.Errorf("%d texts are there and escaped", n)
	}
}

// No part of the page needs another file.
func TestThePageStandsAlone(t *testing.T) {
	page := newHTML(t, copied(t, "../../results/timeline.txt"))
	const policy = `<meta http-equiv="Content-Security-Policy" ` +
		`content="default-src 'none'; style-src 'unsafe-inline'">`
	if !strings.Contains(page, policy) {
		t.Error("it has no policy against requests")
	}
	elsewhere := regexp.MustCompile(`(?i)\s(src|href|srcset|data|action)=|url\(|@import|<script`)
	if found := elsewhere.FindString(page); found != "" {
		t.Errorf("it has %q", found)
	}
}

func TestReportRejects(t *testing.T) {
	bad := write(t, snapshot.File{Path: "x.txt", Text: blamed},
		snapshot.File{Path: "x.trace.json", Text: "{"})
	taken := write(t, snapshot.File{Path: "x.txt", Text: blamed})
	if err := os.Mkdir(snapshot.Sibling(taken, "html"), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, path, want string }{
		{"a snapshot that does not exist", "nope.txt", "does not exist"},
		{"a bad label", "a b", "bad label"},
		{"a damaged trace", bad, "x.trace.json"},
		{"a directory in the way", taken, "x.html is a directory"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var out strings.Builder
			err := run(t.Context(), &out, golden.Getenv("LABEL", c.path))
			if err == nil || !strings.Contains(err.Error(), c.want) || out.Len() > 0 ||
				strings.Contains(err.Error(), "\n") {
				t.Errorf("printed %q, error is %v, want %s", &out, err, c.want)
			}
		})
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(bad), "*.html")); left != nil {
		t.Errorf("left behind: %v", left)
	}
}
