package bench

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"busybench/bench/format"
	"busybench/bench/host"
	"busybench/bench/outcome"
	"busybench/bench/pattern"
	"busybench/bench/scenario"
	"busybench/bench/sqlitedb"
	"busybench/bench/workload"
)

// sqlFile is the file of -sql. The zero value is none.
type sqlFile struct {
	path string
	*workload.Workload
	hash string // the start of the SHA-256 of its text
}

// sqlBenchmarks are the benchmarks that run SQL files.
var sqlBenchmarks = []string{"Burst", "Sustained", "Limit", "Faults"}

// read reads and checks the file, if there is one.
func (f *sqlFile) read() error {
	if f.path == "" {
		return nil
	}
	text, err := os.ReadFile(f.path)
	if err != nil {
		return fmt.Errorf("%s: %w; give an SQL file, such as bench/workload/counter.sql",
			f.path, errors.Unwrap(err))
	}
	file, err := workload.Parse(f.path, string(text), sqlitedb.Complete)
	if err != nil {
		return err
	}
	defer showSlowly("setup of " + f.path)()
	if err := sqlitedb.CheckFile(file); err != nil {
		return err
	}
	f.Workload, f.hash = file, fmt.Sprintf("%.4x", sha256.Sum256(text))
	return nil
}

// showSlowly shows on a terminal how long something has taken, from a second on, until the function
// that it returns is called.
func showSlowly(what string) (end func()) {
	return showEvery(newStatus(os.Stderr), time.Second, what)
}

// showEvery is showSlowly with an interval of its own.
func showEvery(s status, interval time.Duration, what string) (end func()) {
	begun, ended, shown := time.Now(), make(chan struct{}), make(chan bool)
	go func() {
		ticks, any := time.NewTicker(interval), false
		defer ticks.Stop()
		for {
			select {
			case <-ticks.C:
				any = true
				s.show(fmt.Sprintf("%s: %v", what, time.Since(begun).Round(interval)))
			case <-ended:
				shown <- any
				return
			}
		}
	}()
	return func() {
		if close(ended); <-shown {
			s.clear()
		}
	}
}

// checkBenchmarks rejects a value of -bench that selects no benchmark with SQL files. The pattern
// of an empty name is fine.
func (f sqlFile) checkBenchmarks(bench string) error {
	selected, err := pattern.Parse(bench)
	if err != nil || f.Workload == nil || bench == "^$" ||
		slices.ContainsFunc(sqlBenchmarks, selected.MatchesSome) {
		return err
	}
	return fmt.Errorf("-sql: %s run SQL files, which %q does not select; select %s",
		format.List(sqlBenchmarks), bench, sqlBenchmarks[0])
}

// check rejects cases that the file or a driver cannot run.
func (f sqlFile) check(axes scenario.Axes, drivers programs) error {
	if f.Workload == nil {
		return nil
	}
	for _, name := range axes.OtherDrivers() {
		if !drivers[name].Capabilities.SQL {
			return fmt.Errorf("-sql: driver %s runs no SQL files; leave out driver=%s",
				name, name)
		}
	}
	for _, c := range axes.WithDefaults("conn=held").WithDefaults(scenario.Defaults).Cases() {
		if f.Read != nil && c.Read.Kind == scenario.Scan {
			return fmt.Errorf("-axes: read=scan reads the built-in table, but %s has a -- read "+
				"section; leave read out, or give read=hold:D", f.Name)
		}
	}
	return nil
}

// scenario returns a scenario as it is for the file.
func (f sqlFile) scenario(s scenario.Scenario) scenario.Scenario {
	if f.Workload == nil {
		return s
	}
	return s.ForSQL()
}

// headerLines returns a line with the name of the file and the start of its hash. Results of
// another text are not comparable.
func (f sqlFile) headerLines() []host.Line {
	if f.Workload == nil {
		return nil
	}
	return []host.Line{{Key: "sql", Value: filepath.Base(f.Name) + " sha256:" + f.hash}}
}

// skip skips a benchmark that runs no SQL files if there is one.
func (f sqlFile) skip(b *testing.B) {
	if f.Workload != nil {
		b.SkipNow()
	}
}

// checkRound runs the checks of the file on a database with a number of rows after a round. Rows
// that were there before and those of an intruder are no runs of the file. In a round with kills a
// run counts if it is in the file, reported or not.
func (f sqlFile) checkRound(db database, s scenario.Scenario, rows int, r outcome.Round) error {
	if f.Workload == nil {
		return nil
	}
	runs := rows - s.Rows
	for _, series := range r.Intruders {
		for i, o := range series.Outcomes {
			if o.Acknowledged() {
				runs -= len(series.Rows(i))
			}
		}
	}
	return sqlitedb.RunChecks(db.path, s, f.Workload, runs)
}
