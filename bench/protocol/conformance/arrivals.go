package conformance

import (
	"errors"
	"fmt"
	"time"

	"busybench/bench/arrivals"
	"busybench/bench/outcome"
)

// takesArrivals makes an open loop of two writers. The arrivals before the deadline each get one
// attempt. Those after it keep up the load.
func (t *trial) takesArrivals(exec string) error {
	file, err := arrivals.NewFile()
	if err != nil {
		return err
	}
	defer file.Close()
	task, err := t.newTask("rate=100 writers=2 exec=" + exec)
	if err != nil {
		return err
	}
	peers, err := t.startAll(task.Scenario, file.File)
	if err != nil {
		return err
	}
	if err := prepareWriters(peers, task); err != nil {
		return err
	}
	var instants []int64
	for at := time.Duration(0); at < 3*roundLength; at += roundLength / 10 {
		instants = append(instants, int64(at))
	}
	if err := file.Set(instants); err != nil {
		return err
	}
	all, err := t.roundOf(peers, roundLength)
	if err != nil {
		return err
	}
	return checkArrivals(all, instants)
}

// checkArrivals checks that each arrival before the deadline has one attempt.
func checkArrivals(all []outcome.Series, instants []int64) error {
	release, served := int64(0), map[int64]int{}
	for _, s := range all {
		for _, o := range s.Outcomes {
			if o.Intended == 0 {
				return errors.New("wrong arrival: an outcome lacks intended_ns")
			}
			if o.Start < o.Intended {
				return fmt.Errorf("early start: %v before the arrival",
					time.Duration(o.Intended-o.Start))
			}
			if release == 0 || o.Intended < release {
				release = o.Intended // the first arrival is at the release
			}
			served[o.Intended]++
		}
	}
	for _, at := range instants {
		if n := served[release+at]; at < int64(roundLength) && n != 1 {
			return fmt.Errorf("wrong arrival: the one at %v has %d attempts",
				time.Duration(at), n)
		}
	}
	return nil
}
