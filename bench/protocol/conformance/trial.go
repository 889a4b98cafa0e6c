package conformance

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/google/uuid"

	"busybench/bench/clock"
	"busybench/bench/outcome"
	"busybench/bench/protocol"
	"busybench/bench/scenario"
	"busybench/bench/sqlitedb"
)

// trial is a case under way.
type trial struct {
	*Kit
	dir   string
	peers []*peer
	files int // databases so far
}

// end ends all writers of the case.
func (t *trial) end() error {
	for _, p := range t.peers {
		p.end()
	}
	return nil
}

// startPeer starts a writer that has said hello.
func (t *trial) startPeer(files ...*os.File) (*peer, error) {
	p, err := startPeer(t.Options, files...)
	if err != nil {
		return nil, err
	}
	t.peers = append(t.peers, p)
	_, err = p.next(protocol.OpHello)
	return p, err
}

// startCrew starts a program with n participants, which have said hello.
func (t *trial) startCrew(n int, arrivals *os.File) ([]*peer, error) {
	crew, err := startCrew(t.Options, n, arrivals)
	t.peers = append(t.peers, crew...)
	for _, p := range crew {
		if _, err := p.next(protocol.OpHello); err != nil {
			return nil, err
		}
	}
	return crew, err
}

// startAll starts the writers and readers of a scenario, which have said hello. The arrivals may be
// nil.
func (t *trial) startAll(s scenario.Scenario, arrivals *os.File) (all []*peer, err error) {
	n := s.Writers + s.Readers
	if s.Exec == scenario.Goroutine {
		return t.startCrew(n, arrivals)
	}
	for range n {
		p, err := t.startPeer(arrivals)
		if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	return all, nil
}

// prefer returns the first of some words that is declared, or any that is.
func prefer(declared []string, words ...string) string {
	for _, word := range words {
		if slices.Contains(declared, word) {
			return word
		}
	}
	return declared[0]
}

// scenario returns the scenario of axes. The others have values that the driver declares.
func (t *trial) scenario(axes string) (scenario.Scenario, error) {
	can := t.Driver.Capabilities
	busy := prefer(can.Busy, scenario.Timeout)
	if busy == scenario.Timeout {
		busy = "30s"
	}
	defaults := fmt.Sprintf("exec=process journal=wal writers=1 sync=off busy=%s conn=%s txn=%s "+
		"driver=%s", busy, prefer(can.Conn, scenario.Held), prefer(can.Txn, scenario.Auto), t.Name)
	return scenario.Single(axes, defaults)
}

// noRows are the rows of an empty table.
var noRows = slices.Values([]uuid.UUID(nil))

// newTask creates a database and returns a task on it.
func (t *trial) newTask(axes string) (protocol.Task, error) {
	s, err := t.scenario(axes)
	if err != nil {
		return protocol.Task{}, err
	}
	t.files++
	path := t.lastDatabase()
	err = sqlitedb.Create(path, s, noRows)
	return protocol.Task{Scenario: s, Database: path, Seed: 1}, err
}

// lastDatabase returns the path of the database that was made last. A space is part of it.
func (t *trial) lastDatabase() string {
	return filepath.Join(t.dir, fmt.Sprintf("messages %d.db", t.files))
}

// ready starts a writer and makes it ready for a task.
func (t *trial) ready(axes string) (*peer, error) {
	task, err := t.newTask(axes)
	if err != nil {
		return nil, err
	}
	p, err := t.startPeer()
	if err != nil {
		return nil, err
	}
	return p, p.prepare(task)
}

// lead is the time from a start request to the release.
const lead = 20 * time.Millisecond

// newSchedule returns the schedule of a round that is released soon. One with a length is
// sustained.
func newSchedule(length time.Duration) outcome.Schedule {
	s := outcome.Schedule{Mode: outcome.Burst, Release: clock.Now() + int64(lead)}
	if length > 0 {
		s.Mode, s.Deadline = outcome.Sustained, s.Release+int64(length)
	}
	return s
}

// round makes a round of as many writers as the scenario has, and checks what they report.
func (t *trial) round(axes string, length time.Duration) ([]outcome.Series, error) {
	task, err := t.newTask(axes)
	if err != nil {
		return nil, err
	}
	peers, err := t.startAll(task.Scenario, nil)
	if err != nil {
		return nil, err
	}
	if err := prepareWriters(peers, task); err != nil {
		return nil, err
	}
	return t.roundOf(peers, length)
}

// prepareWriters makes writers ready for a task.
func prepareWriters(peers []*peer, task protocol.Task) error {
	for number, p := range peers {
		task.Number = number
		if err := p.prepare(task); err != nil {
			return err
		}
	}
	return nil
}

// roundOf makes a round of writers that are ready, and checks what they report.
func (t *trial) roundOf(peers []*peer, length time.Duration) ([]outcome.Series, error) {
	schedule := newSchedule(length)
	for _, p := range peers {
		if err := p.start(schedule); err != nil {
			return nil, err
		}
	}
	for _, p := range peers {
		if err := p.counted(); err != nil {
			return nil, err
		}
	}
	var all []outcome.Series
	for _, p := range peers {
		series, err := p.finish()
		if err != nil {
			return nil, err
		}
		if err := checkSeries(schedule, series); err != nil {
			return nil, err
		}
		all = append(all, series)
	}
	task := peers[0].task
	return all, errors.Join(checkNoOtherErrors(all), t.audit(task, all))
}

// audit compares a file with what was reported, and checks the length of its rows.
func (t *trial) audit(task protocol.Task, all []outcome.Series) error {
	ledger := sqlitedb.Ledger{}
	for _, series := range all {
		for i, o := range series.Outcomes {
			for _, id := range series.Rows(i) {
				if _, seen := ledger[id]; seen {
					return fmt.Errorf("wrong ids: %v is reported twice", id)
				}
				ledger[id] = o.Acknowledged()
			}
		}
	}
	f, err := sqlitedb.Audit(task.Database, ledger)
	if err != nil {
		return err
	}
	for _, fault := range []struct {
		name string
		rows []string
	}{
		{"lost row", f.Lost}, {"doubled row", f.Duplicated},
		{"row of a failed attempt", f.Rejected}, {"wrong ids", f.Unexpected},
		{"damaged file", f.Integrity},
	} {
		if len(fault.rows) > 0 {
			return fmt.Errorf("%s: %d, the first is %s; %w",
				fault.name, len(fault.rows), fault.rows[0], f.Err())
		}
	}
	return checkRowLength(task)
}
