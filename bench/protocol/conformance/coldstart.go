package conformance

import (
	"errors"
	"fmt"
	"os"

	"busybench/bench/outcome"
	"busybench/bench/protocol"
	"busybench/bench/scenario"
	"busybench/bench/sqlitedb"
)

// coldStartCases are starts of two participants on a file that may be missing.
func (k *Kit) coldStartCases() (cases []testCase) {
	can := k.Driver.Capabilities
	for _, axes := range []string{
		"file=missing journal=delete", "file=missing journal=wal", "file=delete journal=wal",
		"file=delete journal=delete migrate=each", "file=wal journal=wal",
	} {
		cases = append(cases, testCase{"starts cold with " + axes,
			undeclared(can.ColdStart, "cold_start"),
			func(t *trial) error { return t.startsCold(axes) }})
	}
	return cases
}

// startsCold makes a cold start. With a timeout at least one participant is not refused.
func (t *trial) startsCold(axes string) error {
	task, err := t.newColdTask(axes + " writers=2 conn=fresh order=timeout-first")
	if err != nil {
		return err
	}
	peers, err := t.startAll(task.Scenario, nil)
	if err != nil {
		return err
	}
	if err := prepareWriters(peers, task); err != nil {
		return err
	}
	schedule := newSchedule(0)
	schedule.Mode = outcome.ColdStart
	for _, p := range peers {
		if err := p.start(schedule); err != nil {
			return err
		}
	}
	for _, p := range peers {
		if err := p.counted(); err != nil {
			return err
		}
	}
	acknowledged := 0
	for _, p := range peers {
		s, err := p.finish()
		if err == nil {
			err = checkColdStart(schedule, s)
		}
		if err != nil {
			return err
		}
		if s.Outcomes[0].Acknowledged() {
			acknowledged++
		}
	}
	return checkStarted(task, acknowledged)
}

// newColdTask returns a task on a file that is as its axis says.
func (t *trial) newColdTask(axes string) (protocol.Task, error) {
	task, err := t.newTask(axes)
	if err != nil {
		return task, err
	}
	if err := os.Remove(task.Database); err != nil {
		return task, err
	}
	s := task.Scenario
	switch s.File {
	case scenario.MissingFile:
		return task, nil
	case scenario.DeleteFile:
		s.Journal = scenario.Delete
	default:
		s.Journal = scenario.WAL
	}
	return task, errors.Join(sqlitedb.Create(task.Database, s, noRows),
		sqlitedb.MarkMigrated(task.Database))
}

// checkColdStart checks what a participant reports.
func checkColdStart(schedule outcome.Schedule, s outcome.Series) error {
	if n := len(s.Outcomes); n != 1 {
		return fmt.Errorf("wrong count: %d attempts in a cold start", n)
	}
	o := s.Outcomes[0]
	if o.Start < schedule.Release {
		return errors.New("early start: a cold start began before the release")
	}
	if err := checkInstants(o, schedule.Release); err != nil {
		return fmt.Errorf("instants out of order: %w", err)
	}
	switch o.Phase {
	case outcome.Queue, outcome.Open, outcome.Journal, outcome.Schema, outcome.FirstRead:
	default:
		return fmt.Errorf("wrong outcome: phase %s of a cold start", o.Phase)
	}
	if !o.Acknowledged() && !o.LockError() {
		return fmt.Errorf("failed attempt: %s: %s: %s", o.Phase, o.Code, s.Messages[0])
	}
	return nil
}

// checkStarted checks the file after a cold start.
func checkStarted(task protocol.Task, acknowledged int) error {
	if acknowledged == 0 {
		return errors.New("wrong outcome: no cold start succeeded")
	}
	started, err := sqlitedb.ReadStarted(task.Database)
	if err != nil {
		return err
	}
	if !started.Migrated() {
		return fmt.Errorf("wrong file: after a cold start it has %d objects and user_version %d",
			started.Objects, started.Version)
	}
	if want := task.Scenario.Journal; started.Journal != want {
		return fmt.Errorf("wrong file: journal mode %s after a cold start, not %s",
			started.Journal, want)
	}
	return nil
}
