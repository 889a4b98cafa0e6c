package bench

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"busybench/bench/fleet"
	"busybench/bench/metrics"
	"busybench/bench/outcome"
	"busybench/bench/scenario"
	"busybench/bench/sqlitedb"
)

// killsPerRound is how many writers are killed while a round lasts. Those that still run at its end
// are killed, too.
const killsPerRound = 12

// errNothingWritten ends a campaign that would go on forever.
var errNothingWritten = errors.New("no row was acknowledged")

// campaign counts what happened in rounds in which writers were killed.
type campaign struct {
	rounds     *rounds
	kills      int
	attempts   int
	lockErrors int
	rows       int // acknowledged
	lost, torn int // rows
	unacked    int // transactions that were committed but not acknowledged
	hotFiles   int // files with a journal to roll back or a log to recover
	violations []string
	recoveries []int64 // from a kill to the next acknowledgement, in ns
	reopenings []int64 // of the file after all writers were killed, in ns
}

// runFaults kills writers in rounds until there are enough kills and rows.
func runFaults(env *environment, s scenario.Scenario) (*campaign, error) {
	r, err := newRounds(env, s, outcome.Sustained)
	if err != nil {
		return nil, err
	}
	defer r.fleet.Close()
	c := &campaign{rounds: r}
	for c.kills < env.Faults.Kills || c.rows < env.Faults.Rows {
		before := c.rows
		if err := c.round(); err != nil {
			return nil, fmt.Errorf("round %d of -seed=%d: %w", r.made, env.Seed, err)
		}
		if c.rows == before && c.rows < env.Faults.Rows {
			return nil, fmt.Errorf("%w in a round of %v; give a longer -round",
				errNothingWritten, r.length)
		}
	}
	return c, nil
}

// round makes one round and audits it. Violations are an error if SQLite promises that there are
// none, and otherwise noted.
func (c *campaign) round() error { return c.rounds.withFreshFile(c.roundOn) }

// roundOn makes a round on a file. A writer that replaces a killed one may be the first to find the
// file damaged, so its error counts as a violation, too, if the file is.
func (c *campaign) roundOn(db database, seed uint64) error {
	r := c.rounds
	plan := r.plan(seed)
	plan.Task.Database = db.path
	round, roundErr := r.fleet.RoundWithKills(fleet.KillPlan{Plan: plan, Kills: killsPerRound})
	if roundErr != nil && scenario.SurvivesKill(r.scenario.Journal) {
		return roundErr
	}
	err := db.record(round.Round)
	inFlight := inFlightRows(round.Round, seed, r.scenario.Batch)
	err = errors.Join(err, c.reopen(db), c.audit(db, inFlight, round.Round))
	c.add(round)
	if err == nil {
		return roundErr // of another cause
	}
	err = errors.Join(roundErr, err)
	if scenario.SurvivesKill(r.scenario.Journal) {
		return err
	}
	text := strings.ReplaceAll(err.Error(), "\n", "; ") // a comment is one line
	c.violations = append(c.violations, fmt.Sprintf("-seed=%d: %s", r.env.Seed, text))
	return nil
}

// reopen reads the file after its writers were killed, which rolls a journal back or recovers a
// log.
func (c *campaign) reopen(db database) error {
	hot, err := sqlitedb.HasHotJournal(db.path)
	if err != nil {
		return err
	}
	if hot {
		c.hotFiles++
	}
	begin := time.Now()
	conn, err := sqlitedb.Connect(db.path, sqlitedb.WithSetupTimeout(c.rounds.scenario))
	if err != nil {
		return fmt.Errorf("connect after the kills: %w", err)
	}
	defer conn.Close()
	if err := conn.BeginRead(); err != nil {
		return fmt.Errorf("read after the kills: %w", err)
	}
	c.reopenings = append(c.reopenings, int64(time.Since(begin)))
	return nil
}

// audit audits the file, and runs the checks of an SQL file.
func (c *campaign) audit(db database, inFlight [][]uuid.UUID, r outcome.Round) error {
	findings, err := sqlitedb.Audit(db.path, db.ledger, inFlight...)
	c.lost += len(findings.Lost)
	c.torn += len(findings.Torn)
	c.unacked += findings.CommittedUnacked
	if err = errors.Join(err, findings.Err()); err != nil {
		return err
	}
	return c.rounds.env.SQL.checkRound(db, c.rounds.scenario, findings.Rows, r)
}

// add counts what happened in a round.
func (c *campaign) add(r fleet.KillRound) {
	c.kills += len(r.Kills)
	var acknowledged []int64 // instants
	for _, w := range r.Writers {
		c.attempts += len(w.Outcomes)
		for i, o := range w.Outcomes {
			switch {
			case o.Acknowledged():
				c.rows += len(w.Rows(i))
				acknowledged = append(acknowledged, o.End)
			case o.LockError():
				c.lockErrors++
			}
		}
	}
	slices.Sort(acknowledged)
	for _, kill := range r.Kills {
		if next, _ := slices.BinarySearch(acknowledged, kill.At); next < len(acknowledged) {
			c.recoveries = append(c.recoveries, acknowledged[next]-kill.At)
		}
	}
}

func (c *campaign) metrics() []metrics.Metric {
	return []metrics.Metric{
		{Unit: metrics.NsPerOp, Value: 0}, // hides the testing package's own
		{Unit: metrics.Kills, Value: float64(c.kills)},
		{Unit: metrics.Attempts, Value: float64(c.attempts)},
		{Unit: metrics.LockErrors, Value: float64(c.lockErrors)},
		{Unit: metrics.AckedRows, Value: float64(c.rows)},
		{Unit: metrics.LostRows, Value: float64(c.lost)},
		{Unit: metrics.TornRows, Value: float64(c.torn)},
		{Unit: metrics.DamagedFiles, Value: float64(len(c.violations))},
		{Unit: metrics.HotFiles, Value: float64(c.hotFiles)},
		{Unit: metrics.KeptTxns, Value: float64(c.unacked)},
		{Unit: metrics.Recover, Value: metrics.Median(c.recoveries)},
		{Unit: metrics.RecoverMax, Value: float64(metrics.Quantile(c.recoveries, 1))},
		{Unit: metrics.ReopenMax, Value: float64(metrics.Quantile(c.reopenings, 1))},
	}
}
