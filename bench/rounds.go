package bench

import (
	"fmt"
	"testing"
	"time"

	"busybench/bench/anatomy"
	"busybench/bench/fleet"
	"busybench/bench/metrics"
	"busybench/bench/scenario"
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
	f, err := newFleet(s.Exec)
	if err != nil {
		return nil, err
	}
	f.RowBytes, f.Gentle = rowBytes(s), given.profile.wanted()
	return &rounds{scenario: s, length: length, fleet: f}, nil
}

// close ends the writers. A profile that one of them could not write down is an error; where the benchmark has failed
// anyway it is not worth another.
func (r *rounds) close(b *testing.B) {
	if err := r.fleet.Close(); err != nil && !b.Failed() {
		silentIfEnding()
		b.Error(err)
	}
}

func newFleet(exec string) (*fleet.Fleet, error) {
	if exec == scenario.Goroutine {
		return fleet.Goroutines(), nil
	}
	return fleet.Processes()
}

// rowBytes is the text of the rows in a transaction.
func rowBytes(s scenario.Scenario) int64 { return int64(s.Batch) * int64(s.Payload) }

// next makes one round on a fresh file and audits it. An error says what went wrong beyond lock
// errors, which are data.
func (r *rounds) next() (round fleet.Round, err error) {
	err = r.fresh(func(db database, seed uint64) (err error) {
		round, err = r.on(db, seed)
		return err
	})
	return round, err
}

// fresh makes a fresh file, has a round made on it, and audits it.
func (r *rounds) fresh(make func(db database, seed uint64) error) error {
	r.made++
	seed := seedOf(r.made)
	db, err := newDatabase(r.scenario, seed)
	if err != nil {
		return err
	}
	defer db.remove()
	if err := make(db, seed); err != nil {
		return err
	}
	_, err = db.audit()
	return err
}

// seedOf is the seed of a benchmark's round, by its number, so that no two rounds share ids.
func seedOf(round int) uint64 { return given.seed + uint64(round)<<32 }

// on makes one round on a database and enters what came of it into the ledger.
func (r *rounds) on(db database, seed uint64) (fleet.Round, error) {
	round, err := r.fleet.Round(fleet.Plan{
		Task:     writer.Task{Scenario: r.scenario, Database: db.path, Seed: seed},
		Writers:  r.scenario.Writers,
		Length:   r.length,
		Patience: patience(r.scenario),
	})
	if err != nil {
		return round, err
	}
	for number, report := range round.Reports {
		if n := len(report.List); r.length == 0 && n != 1 {
			return round, fmt.Errorf("writer %d made %d attempts in a burst, not 1", number, n)
		}
	}
	return round, db.enter(round)
}

// patience bounds what a writer may take after the end of the round, beyond which it hangs. An
// attempt can wait out the busy timeout several times: connecting, inserting, committing. And each
// writer has its rows to make and to write, on a machine that may be swamped.
func patience(s scenario.Scenario) time.Duration {
	const waits, swamped = 4, 50 * time.Millisecond // the latter for each writer
	const slowest = 10_000_000                      // bytes a second, all writers together
	busy := s.Busy.Timeout
	if s.Busy.Policy == scenario.Block {
		busy = 5 * time.Minute
	}
	all := time.Duration(int64(s.Writers)*rowBytes(s)/slowest) * time.Second
	return time.Minute + waits*busy + time.Duration(s.Writers)*swamped + all
}

// outcomesOf takes the outcomes out of a round, by writer.
func outcomesOf(round fleet.Round) []writer.Outcomes {
	all := make([]writer.Outcomes, len(round.Reports))
	for number, report := range round.Reports {
		all[number] = report.Outcomes
	}
	return all
}

// measured is what came of a benchmark's rounds.
type measured struct {
	tally   *metrics.Tally
	anatomy *anatomy.Anatomy
	last    fleet.Round
}

// measure makes rounds for as long as the benchmark lasts, tallies them, and takes their lock
// errors apart.
func measure(b *testing.B, s scenario.Scenario, length time.Duration) measured {
	r, err := newRounds(s, length)
	if err != nil {
		fatal(b, err)
	}
	defer r.close(b)
	if err := r.fleet.Grow(s.Writers); err != nil {
		fatal(b, err)
	}
	m := measured{tally: &metrics.Tally{}, anatomy: anatomy.New(s)}
	for b.Loop() {
		round, err := r.next()
		if err != nil {
			fatal(b, fmt.Errorf("round %d: %w", r.made, err))
		}
		outcomes := outcomesOf(round)
		m.tally.Add(round.At, round.Until, outcomes)
		m.anatomy.Add(outcomes)
		m.last = round
	}
	return m
}

func report(b *testing.B, figures []metrics.Figure) {
	for _, f := range figures {
		b.ReportMetric(f.Value, f.Unit)
	}
}
