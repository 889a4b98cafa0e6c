package bench

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

	"busybench/bench/fleet"
	"busybench/bench/host"
	"busybench/bench/outcome"
	"busybench/bench/protocol"
	"busybench/bench/scenario"
	"busybench/bench/sqlitedb"
	"busybench/bench/writer"
)

// openDefaults are the defaults of BenchmarkOpen.
const openDefaults = "exec=process journal=wal writers=16 rows=1000 conn=fresh " +
	"file=missing,delete,wal,hot,abandoned order=timeout-first,pragma-first"

// openAxes returns the axes of BenchmarkOpen, in which each participant connects once. Without a
// timeout its order makes no difference.
func openAxes(given scenario.Axes) scenario.Axes {
	given = given.Without("conn")
	axes := given.WithDefaults(openDefaults).WithDefaults(scenario.Defaults)
	for _, c := range axes.Cases() {
		if c.Busy.SQLiteWaits() {
			return axes
		}
	}
	return given.WithDefaults("order=timeout-first").WithDefaults(openDefaults).
		WithDefaults(scenario.Defaults)
}

// coldFile is the file that every cold start of a scenario finds a copy of, with what is beside it.
type coldFile struct {
	scenario scenario.Scenario
	database // no file at path if the scenario has none
}

// newColdFile makes the file below dir.
func newColdFile(dir string, s scenario.Scenario, seed uint64) (f *coldFile, err error) {
	f = &coldFile{scenario: s}
	if s.File == scenario.MissingFile {
		f.database, err = newEmptyDir(dir)
		return f, err
	}
	base := s
	base.Journal = scenario.Delete
	if s.File == scenario.WALFile || s.File == scenario.AbandonedFile {
		base.Journal = scenario.WAL
	}
	if s.File == scenario.AbandonedFile {
		base.Rows = 0 // all are in the log
	}
	if f.database, err = newDatabase(dir, base, seed); err != nil {
		return nil, err
	}
	if err = sqlitedb.MarkMigrated(f.path); err == nil {
		err = f.runKilledWriter(seed)
	}
	if err != nil {
		f.remove()
		return nil, fmt.Errorf("prepare file=%s: %w", s.File, err)
	}
	return f, nil
}

// newEmptyDir returns a database without a file.
func newEmptyDir(dir string) (database, error) {
	dir, err := os.MkdirTemp(dir, "round-")
	return database{dir, filepath.Join(dir, databaseName), sqlitedb.Ledger{}}, err
}

// The settings of the writers that are killed. One leaves a log with a transaction for each row.
// The other is killed in a transaction that has outgrown its cache, so that the file has a part of
// it.
const (
	logWriter     = "journal=wal sync=off rate=1 checkpoint=off"
	journalWriter = "journal=delete txn=immediate hold=1h batch=5000 rate=1 pragma.cache_size=10"
)

// killTimeout bounds how long such a writer takes, beside the time for each row.
const (
	killTimeout  = time.Minute
	killedPerRow = 10 * time.Millisecond
)

// runKilledWriter lets a writer process work on the file and kills it, if the scenario has one.
func (f *coldFile) runKilledWriter(seed uint64) error {
	k := fleet.KilledWriter{Attempts: 1, Timeout: killTimeout}
	settings := journalWriter
	switch f.scenario.File {
	case scenario.HotFile:
		before, err := os.ReadFile(f.path)
		if err != nil {
			return err
		}
		k.Killable = func() (bool, error) { return f.isHalfWritten(before) }
	case scenario.AbandonedFile:
		settings = logWriter
		k.Attempts = f.scenario.Rows
		k.Timeout += time.Duration(k.Attempts) * killedPerRow
	default:
		return nil
	}
	s, err := scenario.Single(settings, "exec=process writers=1 conn=held")
	if err != nil {
		return err
	}
	s.Payload = f.scenario.Payload
	k.Task = protocol.Task{Scenario: s, Database: f.path, Seed: seed}
	if err := fleet.RunKilled(k); err != nil {
		return err
	}
	f.recordKilled(seed, s.Batch*k.Attempts)
	return f.checkLeft()
}

// isHalfWritten reports whether a transaction has a journal to roll back and has changed the file.
// No connection of this process has it open.
func (f *coldFile) isHalfWritten(before []byte) (bool, error) {
	if hot, err := sqlitedb.HasHotJournal(f.path); err != nil || !hot {
		return false, err
	}
	now, err := os.ReadFile(f.path)
	return err == nil && !bytes.Equal(now, before), err
}

// recordKilled enters the rows of the killed writer into the ledger. Those of an open transaction
// must not be in the file.
func (f *coldFile) recordKilled(seed uint64, rows int) {
	ids := writer.NewIDs(seed, 0)
	for range rows {
		f.ledger[ids.Next()] = f.scenario.File == scenario.AbandonedFile
	}
}

// checkLeft returns an error if a killed writer left nothing to roll back or to recover.
func (f *coldFile) checkLeft() error {
	if hot, err := sqlitedb.HasHotJournal(f.path); err != nil || hot {
		return err
	}
	return errors.New("the killed writer left nothing to recover")
}

// logBytesPerRow returns how much the log of a killed writer needs at most for each row, with the
// copy of a round: a transaction writes the pages with the row and those above them.
func logBytesPerRow(payload int) int64 {
	const frame, copies, others = 4096 + 24, 2, 4
	return int64(copies * frame * (payload/4000 + others))
}

// copy returns a copy of the file with its own ledger, on a disk that is otherwise idle.
func (f *coldFile) copy(dir string) (database, error) {
	db, err := newEmptyDir(dir)
	if err != nil {
		return db, err
	}
	db.ledger = maps.Clone(f.ledger)
	if err = os.CopyFS(db.dir, os.DirFS(f.dir)); err == nil {
		err = host.SyncFS(db.dir)
	}
	if err != nil {
		db.remove()
	}
	return db, err
}

// checkColdStart checks the file after a cold start: its journal mode, its schema and its rows.
func (db database) checkColdStart(r outcome.Round, s scenario.Scenario) error {
	after, err := sqlitedb.ReadStarted(db.path)
	if err != nil {
		return fmt.Errorf("after the cold start: %w", err)
	}
	isWAL, wantWAL := after.Journal == scenario.WAL, s.Journal == scenario.WAL
	if setsJournal(r) && isWAL != wantWAL {
		return fmt.Errorf("journal_mode of the file is %s after it was set to %s",
			after.Journal, s.Journal)
	}
	if !after.Migrated() {
		if s.File == scenario.MissingFile && !succeeds(r) && after.Objects <= 1 {
			return nil
		}
		return fmt.Errorf("the schema has %d objects and the version %d, not one table and 1",
			after.Objects, after.Version)
	}
	_, err = db.audit()
	return err
}

// setsJournal reports whether a participant of a cold start has set the journal mode.
func setsJournal(r outcome.Round) bool {
	return anyStart(r, func(o outcome.Outcome) bool {
		return o.Phase == outcome.Schema || o.Phase == outcome.FirstRead
	})
}

// succeeds reports whether a participant of a cold start has read.
func succeeds(r outcome.Round) bool { return anyStart(r, outcome.Outcome.Acknowledged) }

func anyStart(r outcome.Round, is func(outcome.Outcome) bool) bool {
	return slices.ContainsFunc(r.Writers, func(w outcome.Series) bool {
		return slices.ContainsFunc(w.Outcomes, is)
	})
}
