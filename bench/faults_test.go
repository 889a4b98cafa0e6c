package bench

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"busybench/bench/fleet"
	"busybench/bench/metrics"
	"busybench/bench/scenario"
	"busybench/bench/sqlitedb"
	"busybench/bench/writer"
)

// faultSettings say how long BenchmarkFaults goes on.
type faultSettings struct {
	wanted      bool
	kills, rows int
}

// killsPerRound is how many writers are killed while a round lasts, beside all that live at its end.
const killsPerRound = 12

// BenchmarkFaults asks whether what SQLite has acknowledged survives the writers: processes insert again and again,
// are killed with SIGKILL at moments that the seed chooses, and are replaced; after each round the file is held against all that
// they had told. It runs where -faults is given.
func BenchmarkFaults(b *testing.B) {
	if !given.faults.wanted {
		b.SkipNow()
	}
	axes := given.axes.Override("exec=process").WithDefaults("journal=delete,truncate,persist,memory,wal,off writers=8 batch=50 conn=held").WithDefaults(scenario.Defaults)
	printSettings(os.Stdout, axes)
	for _, c := range axes.Cases() {
		var damages []string // of every time that -count has it run
		b.Run(c.Name, func(b *testing.B) {
			f, err := faultsOf(c.Scenario, given.faults, given.round)
			if err != nil {
				fatal(b, err)
			}
			report(b, f.figures())
			damages = append(damages, f.damages...)
		})
		for _, d := range damages {
			fmt.Printf("# %s/%s: %s\n", b.Name(), c.Name, d)
		}
	}
}

// safe reports whether SQLite promises that a transaction survives the death of its process or leaves no trace. Without a journal, or with
// one in the memory of the process that is killed, it does not (https://www.sqlite.org/pragma.html#pragma_journal_mode).
func safe(s scenario.Scenario) bool { return s.Journal != "off" && s.Journal != "memory" }

// errNobodyWrote ends what would go on for ever.
var errNobodyWrote = errors.New("no row was acknowledged")

// faults are what came of rounds in which writers were killed.
type faults struct {
	scenario   scenario.Scenario
	length     time.Duration
	kills      int
	attempts   int
	lockErrors int
	rows       int // acknowledged
	lost, torn int // rows
	kept, hot  int // transactions that nobody was told of; files with a journal to roll back or to take over
	damages    []string
	recoveries []int64 // from a kill to the next acknowledgement, in ns
	reopenings []int64 // of the file after all writers were killed, in ns
}

// faultsOf kills writers in rounds of a length, until there are enough kills and rows.
func faultsOf(s scenario.Scenario, enough faultSettings, length time.Duration) (*faults, error) {
	f := &faults{scenario: s, length: length}
	r, err := newRounds(s, length)
	if err != nil {
		return nil, err
	}
	defer r.fleet.Close()
	for f.kills < enough.kills || f.rows < enough.rows {
		r.made++
		before := f.rows
		if err := f.round(r.fleet, seedOf(r.made)); err != nil {
			return nil, fmt.Errorf("round %d of -seed=%d: %w", r.made, given.seed, err)
		}
		if f.rows == before && f.rows < enough.rows {
			return nil, fmt.Errorf("%w in a round of %v; give a longer -round", errNobodyWrote, length)
		}
	}
	return f, nil
}

// round makes one round and audits it. What SQLite does not promise is noted, everything else that is wrong is an error.
func (f *faults) round(writers *fleet.Fleet, seed uint64) error {
	db, err := newDatabase(f.scenario, seed)
	if err != nil {
		return err
	}
	defer db.remove()
	round, err := writers.Kills(fleet.KillPlan{
		Plan: fleet.Plan{
			Task:    writer.Task{Scenario: f.scenario, Database: db.path, Seed: seed},
			Writers: f.scenario.Writers, Length: f.length, Patience: patience(f.scenario),
		},
		Kills: killsPerRound, Seed: seed,
	})
	if err != nil {
		return err
	}
	err = db.enter(round.Round)
	unknown := unknownOf(round, seed, f.scenario.Batch)
	err = errors.Join(err, f.reopen(db), f.audit(db, unknown))
	f.add(round)
	if err == nil || safe(f.scenario) {
		return err
	}
	// A remark is a line.
	f.damages = append(f.damages, fmt.Sprintf("-seed=%d: %s", given.seed, strings.ReplaceAll(err.Error(), "\n", "; ")))
	return nil
}

// unknownOf are the rows of each writer's last attempt, of which it did not live to tell. Rows follow from the seed.
func unknownOf(round fleet.KillRound, seed uint64, batch int) (unknown [][]uuid.UUID) {
	for number, report := range round.Reports {
		ids := writer.NewIDs(seed, number)
		for range len(report.List) * batch {
			ids.Next()
		}
		last := make([]uuid.UUID, batch)
		for i := range last {
			last[i] = ids.Next()
		}
		unknown = append(unknown, last)
	}
	return unknown
}

// reopen is the first look at the file after its writers are gone, which rolls a journal back or takes a log over.
func (f *faults) reopen(db database) error {
	hot, err := db.hot()
	if err != nil {
		return err
	}
	if hot {
		f.hot++
	}
	begin := time.Now()
	conn, err := sqlitedb.Connect(db.path, sqlitedb.Patiently(f.scenario))
	if err != nil {
		return fmt.Errorf("connect after the kills: %w", err)
	}
	defer conn.Close()
	if err := conn.BeginRead(); err != nil {
		return fmt.Errorf("read after the kills: %w", err)
	}
	f.reopenings = append(f.reopenings, int64(time.Since(begin)))
	return nil
}

func (f *faults) audit(db database, unknown [][]uuid.UUID) error {
	findings, err := sqlitedb.Audit(db.path, db.ledger, unknown...)
	f.lost += len(findings.Lost)
	f.torn += len(findings.Torn)
	f.kept += findings.CommittedUnacked
	return errors.Join(err, findings.Err())
}

// add counts what happened in a round.
func (f *faults) add(round fleet.KillRound) {
	f.kills += len(round.Kills)
	var acknowledged []int64 // instants
	for _, report := range round.Reports {
		f.attempts += len(report.List)
		for i, o := range report.List {
			switch {
			case o.Acknowledged():
				f.rows += len(report.Rows(i))
				acknowledged = append(acknowledged, o.End)
			case o.LockError():
				f.lockErrors++
			}
		}
	}
	slices.Sort(acknowledged)
	for _, kill := range round.Kills {
		if next, _ := slices.BinarySearch(acknowledged, kill.At); next < len(acknowledged) {
			f.recoveries = append(f.recoveries, acknowledged[next]-kill.At)
		}
	}
}

func (f *faults) figures() []metrics.Figure {
	return []metrics.Figure{
		{Unit: "ns/op", Value: 0}, // which hides the testing package's own
		{Unit: "kills", Value: float64(f.kills)},
		{Unit: "attempts", Value: float64(f.attempts)},
		{Unit: "lockerrs", Value: float64(f.lockErrors)},
		{Unit: "acked-rows", Value: float64(f.rows)},
		{Unit: "lost-rows", Value: float64(f.lost)},
		{Unit: "torn-rows", Value: float64(f.torn)},
		{Unit: "damaged-files", Value: float64(len(f.damages))},
		{Unit: "hot-files", Value: float64(f.hot)},
		{Unit: "kept-txns", Value: float64(f.kept)},
		{Unit: "recover-ns", Value: float64(metrics.Quantile(f.recoveries, 0.5))},
		{Unit: "recover-max-ns", Value: float64(metrics.Quantile(f.recoveries, 1))},
		{Unit: "reopen-max-ns", Value: float64(metrics.Quantile(f.reopenings, 1))},
	}
}
