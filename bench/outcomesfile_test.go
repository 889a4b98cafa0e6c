package bench

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/perf/benchfmt"

	"busybench/bench/metrics"
	"busybench/bench/wait"
)

// csvRow is a row of a file that -outcomes wrote, by the names of the columns.
type csvRow map[string]string

func readOutcomes(t *testing.T, file string) (rows []csvRow) {
	t.Helper()
	in, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	all, err := csv.NewReader(in).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, cells := range all[1:] {
		row := csvRow{}
		for i, name := range all[0] {
			row[name] = cells[i]
		}
		rows = append(rows, row)
	}
	return rows
}

// ns returns an instant or a duration, 0 if it is empty.
func (r csvRow) ns(column string) int64 {
	n, _ := strconv.ParseInt(r[column], 10, 64)
	return n
}

// The rows of each result are its attempts, and those with a lock error its lock errors, of which
// each has a blame that adds up to its wait.
func TestOutcomesAgreeWithTheResults(t *testing.T) {
	dir, file := t.TempDir(), filepath.Join(t.TempDir(), "outcomes.csv")
	text := output(t, command(dir, "-test.bench", "Burst|Sustained", "-test.benchtime", "2x",
		"-test.count", "2", "-round", "20ms", "-outcomes", file,
		"-axes", "exec=goroutine,process journal=delete writers=4 busy=2ms txn=immediate"))
	requireEmpty(t, dir)
	type result struct{ benchmark, number string }
	attempts, errors, rounds := map[result]int{}, map[result]int{}, map[result]int64{}
	for _, row := range readOutcomes(t, file) {
		key := result{row["benchmark"], row["result"]}
		requirePlausible(t, row)
		rounds[key] = max(rounds[key], row.ns("round"))
		if row["counted"] != "true" {
			continue
		}
		attempts[key]++
		if row["code"] != "0" {
			errors[key]++
		}
	}
	seen := map[string]int{}
	for reader := benchfmt.NewReader(strings.NewReader(text), "out"); reader.Scan(); {
		line, ok := reader.Result().(*benchfmt.Result)
		if !ok {
			continue
		}
		name := "Benchmark" + line.Name.String()
		name = name[:strings.LastIndex(name, "-")] // the number of processors
		seen[name]++
		key := result{name, strconv.Itoa(seen[name])}
		all, _ := line.Value(metrics.Attempts)
		locked, _ := line.Value(metrics.LockErrors)
		if float64(attempts[key]) != all || float64(errors[key]) != locked || rounds[key] != 2 {
			t.Errorf("%v has %v attempts, %v lock errors, %v rounds in CSV; want %v, %v, 2",
				key, attempts[key], errors[key], rounds[key], all, locked)
		}
		delete(attempts, key)
	}
	if len(seen) != 4 || len(attempts) != 0 {
		t.Errorf("there are results of %v, and other rows of %v", seen, attempts)
	}
}

// requirePlausible asks that the instants of an attempt are in order, and that its blame adds up.
func requirePlausible(t *testing.T, row csvRow) {
	t.Helper()
	last := row.ns("intended_ns")
	for _, column := range []string{
		"start_ns", "wait_start_ns", "lock_acquired_ns", "commit_start_ns", "lock_released_ns",
		"end_ns",
	} {
		if row[column] == "" {
			continue
		}
		if at := row.ns(column); at < last {
			t.Errorf("%s is before the instant left of it: %v", column, row)
		} else {
			last = at
		}
	}
	if row["code"] == "0" || row["lock_acquired_ns"] != "" {
		return
	}
	sum := row.ns("held_ns") + row.ns("own_ns") + row.ns("unknown_ns") + row.ns("idle_ns")
	if waited := row.ns("end_ns") - row.ns("wait_start_ns"); row["holders"] == "" || sum != waited {
		t.Errorf("the blame adds up to %d of %d ns: %v", sum, waited, row)
	}
}

// An interrupted run leaves no part of the file.
func TestInterruptedOutcomesAreRemoved(t *testing.T) {
	dir := t.TempDir()
	cmd := command(dir, "-test.bench", "Sustained", "-round", "10m",
		"-outcomes", filepath.Join(dir, "outcomes.csv"), "-axes", "journal=wal writers=2")
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	wait.Until(t, "writers insert", func() bool { return inserting(dir) })
	cmd.Process.Signal(syscall.SIGTERM)
	if err := cmd.Wait(); err == nil {
		t.Error("the run ended well")
	}
	requireEmpty(t, dir)
}
