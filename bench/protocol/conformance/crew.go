package conformance

import (
	"fmt"
	"slices"

	"busybench/bench/outcome"
	"busybench/bench/scenario"
)

// crewCases are those of several participants in one process, each with a socket.
func (k *Kit) crewCases() (cases []testCase) {
	can := k.Driver.Capabilities
	isDeclared := slices.Contains(can.Exec, scenario.Goroutine)
	add := func(name, what string, declared bool, run func(*trial) error) {
		undone := undeclared(isDeclared, "exec goroutine")
		if undone == "" {
			undone = undeclared(declared, what)
		}
		cases = append(cases, testCase{name, undone, run})
	}
	addRound := func(do, axes, what string, declared bool, run func(*trial, string) error) {
		axes = "exec=goroutine " + axes
		add(do+" with "+axes, what, declared, func(t *trial) error { return run(t, axes) })
	}
	add("says hello on each socket", "", true, (*trial).crewSaysHello)
	add("exits when all of its sockets have ended", "", true, (*trial).crewExits)
	for _, conn := range connWords {
		declared := slices.Contains(can.Conn, conn)
		if conn == scenario.Pool {
			conn += ":2"
		}
		for _, journal := range journals {
			addRound("writes", "journal="+journal+" conn="+conn, "conn "+conn, declared,
				(*trial).writes)
		}
	}
	addRound("writes", "journal=wal cache=shared conn="+prefer(can.Conn, scenario.Held),
		"shared_cache", can.SharedCache, (*trial).writes)
	reads := can.Has(outcome.Reader)
	addRound("reads", "read=point", "role reader", reads, (*trial).reads)
	addRound("reads", "read=scan conn="+prefer(can.Conn, scenario.Pool), "role reader", reads,
		(*trial).reads)
	add("makes an attempt for each arrival in one process", "rate", can.Rate,
		func(t *trial) error { return t.takesArrivals(scenario.Goroutine) })
	return cases
}

// crewSaysHello compares the hellos.
func (t *trial) crewSaysHello() error {
	crew, err := startCrew(t.Options, 3, nil)
	if err != nil {
		return err
	}
	t.peers = append(t.peers, crew...)
	for i, p := range crew {
		if err := p.hello(); err != nil {
			return fmt.Errorf("socket %d: %w", i, err)
		}
	}
	return nil
}

// crewExits ends the sockets one by one. Those that are left go on.
func (t *trial) crewExits() error {
	task, err := t.newTask("exec=goroutine writers=3")
	if err != nil {
		return err
	}
	crew, err := t.startCrew(3, nil)
	if err != nil {
		return err
	}
	crew[0].stdin.Close()
	crew[2].stdin.Close()
	if err := crew[1].prepare(task); err != nil {
		return fmt.Errorf("after the end of two of three sockets: %w", err)
	}
	if _, err := t.roundOf(crew[1:2], roundLength); err != nil {
		return fmt.Errorf("after the end of two of three sockets: %w", err)
	}
	return crew[1].closeInput()
}
