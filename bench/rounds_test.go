package bench

import (
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/uuid"

	"busybench/bench/fleet"
	"busybench/bench/scenario"
	"busybench/bench/sqlitedb"
	"busybench/bench/tally"
	"busybench/bench/writer"
)

// rounds makes rounds of one scenario with one fleet.
type rounds struct {
	scenario scenario.Scenario
	length   time.Duration // of a sustained round, 0 for bursts
	fleet    *fleet.Fleet
	made     int
}

func newRounds(s scenario.Scenario, length time.Duration) (*rounds, error) {
	r := &rounds{scenario: s, length: length}
	if s.Exec == scenario.Goroutine {
		r.fleet = fleet.Goroutines()
		return r, nil
	}
	var err error
	r.fleet, err = fleet.Processes()
	return r, err
}

// next makes one round on a fresh file and audits it. An error says what went wrong beyond lock
// errors, which are data.
func (r *rounds) next() (fleet.Round, error) {
	dir, err := os.MkdirTemp(given.work.Path, "round-")
	if err != nil {
		return fleet.Round{}, err
	}
	defer os.RemoveAll(dir)
	r.made++
	seed := given.seed + uint64(r.made)<<32 // so that no two rounds of a benchmark share ids
	path := filepath.Join(dir, "messages.db")
	if err := sqlitedb.Create(path, r.scenario, firstIDs(seed, r.scenario.Rows)); err != nil {
		return fleet.Round{}, err
	}
	round, err := r.fleet.Round(fleet.Plan{
		Task:     writer.Task{Scenario: r.scenario, Database: path, Seed: seed},
		Writers:  r.scenario.Writers,
		Length:   r.length,
		Patience: patience(r.scenario),
	})
	if err != nil {
		return round, err
	}
	return round, check(round, path, seed, r.scenario.Rows, r.length == 0)
}

// firstIDs are the ids of the rows that are in the table before the round. Their stream is
// that of a writer whose number no writer has.
func firstIDs(seed uint64, n int) iter.Seq[uuid.UUID] {
	return func(yield func(uuid.UUID) bool) {
		ids := writer.NewIDs(seed, -1)
		for range n {
			if !yield(ids.Next()) {
				return
			}
		}
	}
}

// patience bounds what a writer may take after the end of the round, beyond which it hangs. An
// attempt can wait out the busy timeout several times: connecting, inserting, committing.
func patience(s scenario.Scenario) time.Duration {
	const waits, swamped = 4, 50 * time.Millisecond // the latter for each writer
	busy := s.Busy.Timeout
	if s.Busy.Policy == scenario.Block {
		busy = 5 * time.Minute
	}
	return time.Minute + waits*busy + time.Duration(s.Writers)*swamped
}

// check holds what the writers say against each other and against the file.
func check(round fleet.Round, path string, seed uint64, rows int, burst bool) error {
	var errs []error
	ledger := sqlitedb.Ledger{}
	for id := range firstIDs(seed, rows) {
		ledger[id] = true
	}
	for number, report := range round.Reports {
		if n := len(report.Outcomes); burst && n != 1 {
			errs = append(errs, fmt.Errorf("writer %d made %d attempts in a burst, not 1", number, n))
		}
		for _, o := range report.Outcomes {
			ledger[o.ID] = o.Acknowledged()
			if !o.Acknowledged() && !o.LockError() {
				errs = append(errs, fmt.Errorf("writer %d: %s: %s: %s", number, o.Phase, sqlitedb.CodeName(o.Code), o.Message))
			}
		}
	}
	if findings, err := sqlitedb.Audit(path, ledger); err != nil {
		errs = append(errs, err)
	} else if err := findings.Err(); err != nil {
		errs = append(errs, err)
	}
	return firstOf(errs)
}

// firstOf joins the first few errors and tells how many there are.
func firstOf(errs []error) error {
	const few = 5
	if n := len(errs); n > few {
		errs = append(errs[:few:few], fmt.Errorf("and %d more errors", n-few))
	}
	return errors.Join(errs...)
}

// outcomesOf takes the outcomes out of a round, by writer.
func outcomesOf(round fleet.Round) [][]writer.Outcome {
	all := make([][]writer.Outcome, len(round.Reports))
	for number, report := range round.Reports {
		all[number] = report.Outcomes
	}
	return all
}

// measure makes rounds for as long as the benchmark lasts and tallies them.
func measure(b *testing.B, s scenario.Scenario, length time.Duration) *tally.Tally {
	r, err := newRounds(s, length)
	if err != nil {
		b.Fatal(err)
	}
	defer r.fleet.Close()
	if err := r.fleet.Grow(s.Writers); err != nil {
		b.Fatal(err)
	}
	var t tally.Tally
	for b.Loop() {
		round, err := r.next()
		if err != nil {
			b.Fatalf("round %d of %+v: %v", r.made, s, err)
		}
		t.Add(round.At, round.Until, outcomesOf(round))
	}
	return &t
}

func report(b *testing.B, figures []tally.Figure) {
	for _, f := range figures {
		b.ReportMetric(f.Value, f.Unit)
	}
}
