package fleet

import (
	"errors"

	"busybench/bench/protocol"
	"busybench/bench/scenario"
)

// Driver returns the driver that the first process named in its hello. The fleet must have members.
func (f *Fleet) Driver() (protocol.Driver, error) {
	p, ok := f.members[0].(*process)
	if !ok {
		return protocol.Driver{}, errors.New("goroutines name no driver")
	}
	return p.driver, nil
}

// check rejects a scenario that needs what the driver of a process lacks.
func (f *Fleet) check(s scenario.Scenario) error {
	for _, m := range f.members {
		if p, ok := m.(*process); ok {
			return p.driver.Check(s)
		}
	}
	return nil
}
