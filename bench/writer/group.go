package writer

import (
	"slices"
	"sync"

	"github.com/google/uuid"

	"busybench/bench/clock"
	"busybench/bench/outcome"
	"busybench/bench/sqlitedb"
)

// group is a connection over which the writers of this process commit together. The first writer to
// come leads: it commits the rows of all that have come, itself included. Those that come meanwhile
// wait, and the first of them leads next.
type group struct {
	conn *sqlitedb.Conn

	mu      sync.Mutex
	led     bool // a writer leads
	waiting []*member
}

// member is a writer that waits for its rows to be committed, or to lead.
type member struct {
	rows   []uuid.UUID
	result chan groupResult // of one result
}

// groupResult is what became of a member's rows, unless it leads.
type groupResult struct {
	lead  bool
	trace outcome.Trace
	err   error
}

// enter adds a writer that waits, and reports whether it leads.
func (g *group) enter(m *member) (lead bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.waiting = append(g.waiting, m)
	lead, g.led = !g.led, true
	return lead
}

// take returns the writers that wait.
func (g *group) take() []*member {
	g.mu.Lock()
	defer g.mu.Unlock()
	all := g.waiting
	g.waiting = nil
	return all
}

// remove removes a writer that waits.
func (g *group) remove(m *member) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.waiting = slices.DeleteFunc(g.waiting, func(other *member) bool { return other == m })
}

// handOver lets the first writer that waits lead, if there is one.
func (g *group) handOver() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.led = len(g.waiting) > 0; g.led {
		g.waiting[0].result <- groupResult{lead: true}
	}
}

func (g *group) close() error { return g.conn.Close() }

// attemptGrouped commits the writer's rows together with those of others.
func (w *Writer) attemptGrouped(now int64, o *outcome.Outcome) error {
	m := &member{w.batch, make(chan groupResult, 1)}
	if !w.group.enter(m) {
		startWait(o, now)
		r := <-m.result
		if !r.lead {
			waitStart := o.WaitStart
			o.Trace = r.trace
			o.WaitStart = waitStart
			return r.err
		}
		now = clock.Now()
	}
	return w.leadGroup(now, m, o)
}

// leadGroup commits the rows of all that wait in one transaction, under busy=queue with the lock
// file.
func (w *Writer) leadGroup(now int64, leader *member, o *outcome.Outcome) error {
	defer w.group.handOver()
	var members []*member
	commit := func(now int64) error {
		members = w.group.take()
		var rows []uuid.UUID
		for _, m := range members {
			rows = append(rows, m.rows...)
		}
		return w.transact(now, w.group.conn, rows, o)
	}
	var err error
	if w.queue != nil {
		err = w.inQueue(now, o, commit)
	} else {
		err = commit(now)
	}
	if members == nil { // it timed out in the queue
		w.group.remove(leader)
	}
	for _, m := range members {
		if m != leader {
			m.result <- groupResult{trace: o.Trace, err: err}
		}
	}
	return err
}
