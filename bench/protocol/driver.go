package protocol

import (
	"fmt"
	"slices"
	"strings"

	"busybench/bench/format"
	"busybench/bench/outcome"
	"busybench/bench/scenario"
)

// Driver describes what a writer uses and what it can do. It is part of the hello.
type Driver struct {
	Name    string `json:"name"`              // of the library, such as "better-sqlite3"
	Version string `json:"version,omitempty"` // of the library
	SQLite  string `json:"sqlite"`            // such as "3.54.1"
	// CompileOptions is what PRAGMA compile_options returns.
	CompileOptions []string     `json:"compile_options,omitempty"`
	Sync           string       `json:"sync,omitempty"` // "fsync" or "fdatasync", if it is known
	Capabilities   Capabilities `json:"capabilities"`
}

// Capabilities are the values of axes that a writer takes. It takes any value of the other axes.
type Capabilities struct {
	Roles []outcome.Role `json:"roles"`
	Exec  []string       `json:"exec,omitempty"` // process only if it is left out
	Busy  []string       `json:"busy"`           // policies, such as timeout
	Txn   []string       `json:"txn"`
	Conn  []string       `json:"conn"`
	Queue []string       `json:"queue,omitempty"` // if it takes queue

	Hold         bool `json:"hold,omitempty"`
	Rate         bool `json:"rate,omitempty"`
	Pragmas      bool `json:"pragmas,omitempty"`
	Checkpoint   bool `json:"checkpoint,omitempty"`    // sets wal_autocheckpoint
	RetryRange   bool `json:"retry_range,omitempty"`   // takes a range of busy=retry
	Stream       bool `json:"stream,omitempty"`        // takes a start with "stream":true
	ColdStart    bool `json:"cold_start,omitempty"`    // takes a start in mode "cold-start"
	SQL          bool `json:"sql,omitempty"`           // takes a task with "sql"
	LockInstants bool `json:"lock_instants,omitempty"` // reports lock_acquired_ns and the like
	SharedCache  bool `json:"shared_cache,omitempty"`  // opens connections with a shared cache
}

// shownOptions are the options of SQLite's compilation that matter to writers.
var shownOptions = []string{
	"THREADSAFE", "ENABLE_SETLK_TIMEOUT", "DEFAULT_SYNCHRONOUS", "DEFAULT_WAL_SYNCHRONOUS",
}

// String returns the driver's versions and the options that matter, such as "better-sqlite3
// 12.11.1, SQLite 3.53.2, THREADSAFE=2, DEFAULT_SYNCHRONOUS=2".
func (d Driver) String() string {
	words := []string{strings.TrimSpace(d.Name + " " + d.Version), "SQLite " + d.SQLite}
	for _, name := range shownOptions {
		for _, option := range d.CompileOptions {
			if option == name || strings.HasPrefix(option, name+"=") {
				words = append(words, option)
			}
		}
	}
	if d.Sync != "" {
		words = append(words, d.Sync)
	}
	return strings.Join(words, ", ")
}

// Check rejects a scenario that needs what the driver lacks.
func (d Driver) Check(s scenario.Scenario) error {
	can := d.Capabilities
	for _, axis := range []struct {
		name, value, word string
		words             []string
	}{
		{"exec", s.Exec, s.Exec, can.execs()},
		{"busy", s.Busy.String(), s.Busy.Policy, can.Busy},
		{"txn", s.Txn, s.Txn, can.Txn},
		{"conn", s.Conn.String(), s.Conn.Kind, can.Conn},
		{"queue", s.Queue, s.Queue, can.queues(s)},
	} {
		if !slices.Contains(axis.words, axis.word) {
			return fmt.Errorf("driver %s cannot do %s=%s; it can do %s",
				s.Driver, axis.name, axis.value, format.List(axis.words))
		}
	}
	for _, need := range []struct {
		axis, value string
		needed, can bool
	}{
		{"busy", s.Busy.String(), s.Busy.Backoff != (scenario.Backoff{}), can.RetryRange},
		{"hold", s.Hold.String(), s.Hold.Duration > 0, can.Hold},
		{"rate", s.Rate.String(), s.Rate > 0, can.Rate},
		{"readers", fmt.Sprint(s.Readers), s.Readers > 0, can.Has(outcome.Reader)},
		{"checkpoint", s.Checkpoint.String(), s.Checkpoint != (scenario.Checkpoint{}),
			can.Checkpoint && (can.Has(outcome.Checkpointer) || !s.Checkpoint.Extra())},
		{"intruder", s.Intruder.String(), s.Intruder != (scenario.Intruder{}),
			can.Has(outcome.Intruder)},
		{"cache", s.Cache, s.Cache == scenario.SharedCache, can.SharedCache},
	} {
		if need.needed && !need.can {
			return fmt.Errorf("driver %s cannot do %s=%s; leave %s out",
				s.Driver, need.axis, need.value, need.axis)
		}
	}
	return can.checkPragmas(s)
}

func (c Capabilities) checkPragmas(s scenario.Scenario) error {
	for name := range s.Pragmas.All() {
		if !c.Pragmas {
			return fmt.Errorf("driver %s cannot set pragmas; leave %s%s out",
				s.Driver, scenario.PragmaPrefix, name)
		}
	}
	return nil
}

// execs returns the kinds of participants.
func (c Capabilities) execs() []string {
	if c.Exec == nil {
		return []string{scenario.Process}
	}
	return c.Exec
}

// queues returns the places of the queue that a scenario may have.
func (c Capabilities) queues(s scenario.Scenario) []string {
	if !s.Busy.Queues() {
		return []string{s.Queue} // it has no effect
	}
	return c.Queue
}

// Has reports whether a participant can have a role.
func (c Capabilities) Has(r outcome.Role) bool { return slices.Contains(c.Roles, r) }
