package bench

import (
	"time"

	"busybench/bench/fleet"
	"busybench/bench/outcome"
	"busybench/bench/protocol"
	"busybench/bench/scenario"
)

// rounds makes rounds of one scenario with one fleet, each on a fresh file.
type rounds struct {
	env      *environment
	scenario scenario.Scenario
	mode     outcome.Mode
	length   time.Duration // of a sustained round
	fleet    *fleet.Fleet
	made     int
	cold     *coldFile // of cold starts, nil before the first and in other modes
}

// newRounds fails if the rows of the scenario do not fit on the machine. It starts no writers yet.
// A sustained round has the length of env.
func newRounds(env *environment, s scenario.Scenario, mode outcome.Mode) (*rounds, error) {
	if err := checkRows(s, env.work.Path); err != nil {
		return nil, err
	}
	f, err := env.programs.newFleet(s, fleet.Options{
		TransactionBytes: transactionBytes(s), Graceful: env.profile.enabled(),
		Others: s.Others(), OpenLoop: s.Rate > 0, SharedConns: s.Conn.Shared(),
	})
	if err != nil {
		return nil, err
	}
	return &rounds{env: env, scenario: s, mode: mode, length: env.Round, fleet: f}, nil
}

// transactionBytes returns the size of the text of the rows in a transaction.
func transactionBytes(s scenario.Scenario) int64 { return int64(s.Batch) * int64(s.Payload) }

// next makes one round and audits it. Lock errors are data. The error says what else went wrong.
func (r *rounds) next() (round fleet.Round, err error) {
	err = r.withFreshFile(func(db database, seed uint64) (err error) {
		if round, err = runOn(r.fleet, db, r.plan(seed)); err != nil {
			return err
		}
		if r.mode == outcome.ColdStart {
			return db.checkColdStart(round.Round, r.scenario)
		}
		rows, err := db.audit()
		if err != nil {
			return err
		}
		return r.env.SQL.checkRound(db, r.scenario, rows, round.Round)
	})
	return round, err
}

// warmUp makes a burst without an intruder, or a cold start before others.
func (r *rounds) warmUp() error {
	mode, intruder := r.mode, r.scenario.Intruder
	r.scenario.Intruder = scenario.Intruder{}
	if mode == outcome.Sustained {
		r.mode = outcome.Burst
	}
	_, err := r.next()
	r.mode, r.scenario.Intruder = mode, intruder
	return err
}

// withFreshFile creates a file, calls do to make a round on it with a seed of its own, and removes
// it.
func (r *rounds) withFreshFile(do func(db database, seed uint64) error) error {
	r.made++
	seed := roundSeed(r.env.Seed, r.made)
	db, err := r.newDatabase(seed)
	if err != nil {
		return err
	}
	defer db.remove()
	return do(db, seed)
}

// newDatabase creates a file for a round. That of a cold start is a copy.
func (r *rounds) newDatabase(seed uint64) (db database, err error) {
	if r.mode != outcome.ColdStart {
		return newDatabaseFor(r.env.SQL.Workload, r.env.work.Path, r.scenario, seed)
	}
	if r.cold == nil {
		if r.cold, err = newColdFile(r.env.work.Path, r.scenario, seed); err != nil {
			return db, err
		}
	}
	return r.cold.copy(r.env.work.Path)
}

// roundSeed returns the seed of a benchmark's round, by its number, so that no two rounds share
// ids.
func roundSeed(seed uint64, round int) uint64 { return seed + uint64(round)<<32 }

// plan plans a round with a seed.
func (r *rounds) plan(seed uint64) fleet.Plan {
	return fleet.Plan{
		Task: protocol.Task{
			Scenario: r.scenario, Seed: seed, SQL: r.env.SQL.Workload,
			StatementSpans: r.env.SQL.Workload != nil && r.env.timeline.enabled(),
		},
		Mode:    r.mode,
		Length:  r.length,
		Timeout: roundTimeout(r.scenario) + r.maxBacklog(),
	}
}

// maxBacklog returns how long the writers of an open loop may need after the round for arrivals
// that have waited. A search for a rate tries up to four times what they keep up with.
func (r *rounds) maxBacklog() time.Duration {
	const lengths = 8
	if r.scenario.Rate == 0 || r.mode != outcome.Sustained {
		return 0
	}
	return lengths * r.length
}

// roundTimeout returns how long a writer may take after the end of the round before it counts as
// hung. An attempt can wait out the busy timeout several times: connecting, inserting, committing.
// And each writer has its rows to make and to write, on a machine that may be overloaded.
func roundTimeout(s scenario.Scenario) time.Duration {
	const (
		waits             = 4
		perWriter         = 50 * time.Millisecond
		minBytesPerSecond = 10_000_000 // all writers together
	)
	busy := s.Busy.Timeout
	if s.Busy.Policy == scenario.Block {
		busy = 5 * time.Minute
	}
	bytes := int64(s.Writers) * transactionBytes(s)
	// A writer may have to wait until a reader ends its transaction, and then for its next chance.
	// The same is true of an intruder, which works on 10,000 rows a second or more.
	reads := waits * max(s.Read.Hold, s.Intruder.Length)
	const minRowsPerSecond = 10_000
	intrusion := time.Duration((s.Rows+s.Intruder.Rows)/minRowsPerSecond) * time.Second
	return time.Minute + waits*busy + reads + intrusion +
		time.Duration(s.Participants())*perWriter +
		time.Duration(bytes/minBytesPerSecond)*time.Second
}
