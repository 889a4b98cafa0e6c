package conformance

import (
	"errors"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"busybench/bench/clock"
	"busybench/bench/outcome"
	"busybench/bench/protocol"
	"busybench/bench/sqlitedb"
)

// readyReader makes a reader ready for a task.
func (t *trial) readyReader(task protocol.Task) (*peer, error) {
	p, err := t.startPeer()
	if err != nil {
		return nil, err
	}
	task.Role = outcome.Reader
	return p, p.prepare(task)
}

// reads makes a sustained round of a writer and a reader.
func (t *trial) reads(axes string) error {
	for _, journal := range journals {
		task, err := t.newTask(axes + " readers=1 batch=2 think=2ms journal=" + journal)
		if err != nil {
			return err
		}
		all, err := t.startAll(task.Scenario, nil)
		if err != nil {
			return err
		}
		writer, reader := all[0], all[1]
		if err := writer.prepare(task); err != nil {
			return err
		}
		task.Role = outcome.Reader
		if err := reader.prepare(task); err != nil {
			return err
		}
		if err := t.readsBeside(writer, reader); err != nil {
			return fmt.Errorf("%w (journal=%s)", err, journal)
		}
	}
	return nil
}

func (t *trial) readsBeside(writer, reader *peer) error {
	schedule := newSchedule(roundLength)
	for _, p := range []*peer{reader, writer} {
		if err := p.start(schedule); err != nil {
			return err
		}
	}
	if err := writer.counted(); err != nil {
		return err
	}
	clock.SleepUntil(clock.Now() + int64(roundLength))
	written, err := writer.finish()
	if err != nil {
		return err
	}
	reads, err := reader.finish()
	if err != nil {
		return fmt.Errorf("reader: %w", err)
	}
	return errors.Join(checkReads(schedule, reads),
		t.audit(writer.task, []outcome.Series{written}))
}

// checkReads checks what a reader reports of a sustained round.
func checkReads(schedule outcome.Schedule, s outcome.Series) error {
	last := schedule.Release
	for i, o := range s.Outcomes {
		if err := checkInstants(o, last); err != nil {
			return fmt.Errorf("instants out of order: read %d: %w", i, err)
		}
		switch {
		case o.Phase != outcome.Read:
			return fmt.Errorf("wrong outcome: phase %s of a reader", o.Phase)
		case o.Start >= schedule.Deadline:
			return errors.New("wrong count: a read that began after the deadline")
		case !o.Acknowledged() && !o.LockError():
			return fmt.Errorf("wrong outcome: %s of a reader, not an error", o.Code)
		}
		last = o.End
	}
	if len(s.Outcomes) == 0 {
		return errors.New("no read")
	}
	return nil
}

// readsPart makes a reader see one row of a transaction of two. It must report an error in place of
// done.
func (t *trial) readsPart() error {
	task, err := t.newTask("journal=wal readers=1 batch=2")
	if err != nil {
		return err
	}
	p, err := t.readyReader(task)
	if err != nil {
		return err
	}
	if err := t.insertPart(task); err != nil {
		return err
	}
	if err := p.start(newSchedule(0)); err != nil {
		return err
	}
	if err := p.send(protocol.Request{Op: protocol.OpFinish}); err != nil {
		return err
	}
	_, err = p.collect()
	if err == nil {
		return errors.New("wrong read: one row of a transaction of two is not reported")
	}
	if !strings.HasPrefix(err.Error(), "error in place of done") {
		return err
	}
	return nil
}

// insertPart inserts one row, as a transaction that lost the other would.
func (t *trial) insertPart(task protocol.Task) error {
	one := task.Scenario
	one.Batch = 1
	conn, err := sqlitedb.Connect(task.Database, one)
	if err != nil {
		return err
	}
	defer conn.Close()
	_, err = conn.Transact(clock.Now(), []uuid.UUID{uuid.New()})
	return err
}
