package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"busybench/scripts/internal/golden"
	"busybench/scripts/internal/snapshot"
)

func read(t *testing.T, text string) *snapshot.Snapshot {
	t.Helper()
	path := filepath.Join(t.TempDir(), "x.txt")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := snapshot.Read(path)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Four axes vary, attempts are refused, and there are three kinds of quantiles.
func TestATableLeavesOutFiguresThatDoNotFit(t *testing.T) {
	var text strings.Builder
	for _, row := range []string{"exec=process/journal=delete/writers=12/busy=5s",
		"exec=goroutine/journal=wal/writers=8/busy=none"} {
		for range snapshot.MinSamples {
			fmt.Fprintf(&text, "BenchmarkSustained/%s-2 1 1234 inserts/s 12345 attempts "+
				"1234 lockerrs 1234567 p50-ns 1234567 p99-ns 1234567 acked-p50-ns "+
				"1234567 acked-p99-ns 1234567 arrival-p99-ns\n", row)
		}
	}
	var out strings.Builder
	if err := writeTables(&out, read(t, text.String())); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(out.String()) {
		if n := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); n > 100 {
			t.Errorf("a line has %d columns: %s", n, line)
		}
	}
	printed := strings.Join(strings.Fields(out.String()), " ")
	if !strings.Contains(printed, "lock errors all acked arrival exec") {
		t.Errorf("the medians are not what is left out:\n%s", &out)
	}
}

// Participants that only start have no rate, and when the last of them has started instead.
func TestATableOfStartsHasTheLastAcknowledgement(t *testing.T) {
	const row = "BenchmarkOpen/exec=process/journal=wal/writers=16-2 1 16 attempts 0 lockerrs " +
		"2e6 p50-ns 3e6 p99-ns 2e6 acked-p50-ns 3e6 acked-p99-ns 4e6 last-ack-ns\n"
	var out strings.Builder
	if err := writeTables(&out, read(t, strings.Repeat(row, snapshot.MinSamples))); err != nil {
		t.Fatal(err)
	}
	printed := strings.Join(strings.Fields(out.String()), " ")
	if strings.Contains(printed, "inserts/s") || !strings.Contains(printed, "last-ack % ") ||
		!strings.Contains(printed, "4ms 0 ") {
		t.Errorf("printed %s", printed)
	}
}

func TestTables(t *testing.T) {
	for name, path := range map[string]string{
		"table.golden":      "../testdata/sample.txt",
		"lockerrors.golden": "testdata/lockerrors.txt",
	} {
		t.Run(name, func(t *testing.T) {
			s, err := snapshot.Read(path)
			if err != nil {
				t.Fatal(err)
			}
			var out strings.Builder
			if err := writeTables(&out, s); err != nil {
				t.Fatal(err)
			}
			for line := range strings.Lines(out.String()) {
				if n := utf8.RuneCountInString(line); n > 101 {
					t.Errorf("a line has %d columns: %s", n-1, line)
				}
			}
			golden.Check(t, name, out.String())
		})
	}
}

// A snapshot with blame names the holders, below the lock errors and the long waits of each row.
// What other participants did comes last.
func TestTablesNameTheHolders(t *testing.T) {
	text, err := os.ReadFile("testdata/lockerrors.txt")
	if err != nil {
		t.Fatal(err)
	}
	const (
		blamed = "#     meanwhile: 41 holders (median; max 60), longest 312ms: writer 12, " +
			"commit; lock held 23 %, idle 77 % of 10s\n"
		name  = "# BenchmarkBurst/exec=process/journal=delete/writers=12/busy=5s/txn=immediate: "
		waits = name + "12 of 84 attempts acknowledged after over 1s of waiting " +
			"(median 2s, max 4s)\n" + blamed
		others = name + "intruder=vacuum was done in 1 of 1 round (median 40ms, max 40ms, after " +
			"waiting for 1ms, max 1ms)\n" +
			name + "the write-ahead log grew to 41.0 MB, 10 times its size: why\n"
	)
	var lines strings.Builder
	for line := range strings.Lines(string(text)) {
		lines.WriteString(line)
		if strings.HasPrefix(line, "#   ") {
			lines.WriteString(blamed)
		}
	}
	path := filepath.Join(t.TempDir(), "blamed.txt")
	if err := os.WriteFile(path, []byte(lines.String()+waits+others+others), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := snapshot.Read(path)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := writeTables(&out, s); err != nil {
		t.Fatal(err)
	}
	const meanwhile = "\n  meanwhile: 41 holders (median; max 60), longest 312ms: writer 12, " +
		"commit; lock\n    held 23 %, idle 77 % of "
	for _, want := range []string{
		"\ndelete 5s upgrade: 64 of 64 lock errors, after 16.6µs" + meanwhile + "1m10s\n" +
			"wal 5s upgrade: ",
		"\ndelete 5s immediate: 12 of 84 attempts were acknowledged after over 1s of\n" +
			"  waiting (median 2s, max 4s)" + meanwhile + "10s\n\n",
		"\ndelete 5s immediate: intruder=vacuum was done in 2 of 2 rounds (median 40ms, max\n" +
			"  40ms, after waiting for 1ms, max 1ms)\n" +
			"delete 5s immediate: the write-ahead log grew to 41.0 MB, 10 times its size: why\n\n",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, &out)
		}
	}
}
